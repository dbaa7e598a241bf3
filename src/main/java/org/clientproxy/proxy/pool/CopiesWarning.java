package org.clientproxy.proxy.pool;

import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns once where messages are passed on and two resources broadcast a priority of 0 or more: when one of them has just gone,
 * the server may give its messages to the other one, and nobody hears of it (RFC 6121 §8.5.3.2.1). Without a subscription nothing
 * is known of what resources broadcast. Used on the loop only.
 */
public final class CopiesWarning implements Adjustable {
    private static final Logger LOG = LoggerFactory.getLogger(CopiesWarning.class);

    private final StreamLoop loop;
    private final ResourcePool pool;
    private boolean on;
    private boolean looking;
    private boolean warned;

    /** To be made before the first change of the pool. */
    public CopiesWarning(StreamLoop loop, ResourcePool pool, ProxySettings settings) {
        this.loop = loop;
        this.pool = pool;
        adjust(settings);
        pool.movesTo(this::changed);
    }

    @Override
    public void adjust(ProxySettings now) {
        on = now.get(MessageKeys.MESSAGES) && now.subscribe();
        warned = warned && on;
        changed();
    }

    /** Many changes may come in one go, and are looked at once. */
    private void changed() {
        if (on && !warned && !looking && pool.size() > 1) {
            looking = true;
            loop.execute(this::look);
        }
    }

    private void look() {
        looking = false;
        if (!on) {
            return;
        }
        PooledResource one = null;
        for (PooledResource resource : pool.members()) {
            if (!resource.isConfirmed() || resource.priority() < 0) {
                continue;
            }
            if (one != null) {
                warned = true;
                LOG.warn(
                        "{} and {} have a priority of 0 or more: when one of them goes, its server may give messages that"
                                + " were for it to the other one, and nobody hears of that. Let implementing clients send"
                                + " a negative priority, or proxy.subscribe=off and presence to the proxy host alone"
                                + " (docs/messages.md)",
                        one,
                        resource);
                return;
            }
            one = resource;
        }
    }
}
