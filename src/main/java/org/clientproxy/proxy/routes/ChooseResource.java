package org.clientproxy.proxy.routes;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.Attempts;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pool.ChoiceRules;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePatterns;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.xmpp.StanzaErrorException;
import org.jspecify.annotations.Nullable;

/**
 * The step {@code choose}: enriches the request with a resource of the pool, in the header {@link ProxyHeaders#RESOURCE}.
 * Where none can be chosen, but it is not known yet who is there, the request is pending at once, and goes no further until
 * that is known.
 *
 * <p>A step before it, or the gate, may say more of the choice, in the headers {@link ProxyHeaders#STICKY_KEY} and {@link
 * ProxyHeaders#RESOURCES}. The request keeps what they say, for its further attempts. Used on the loop only.
 */
public final class ChooseResource implements Processor {
    /** So many different patterns are kept parsed, and shared by the requests that have them. */
    private static final int KNOWN_PATTERNS = 100;

    private final ResourcePool pool;
    private final PendingRequests pendingRequests;

    private final Map<String, ResourcePatterns> patterns = new HashMap<>();

    public ChooseResource(ResourcePool pool, PendingRequests pendingRequests) {
        this.pool = pool;
        this.pendingRequests = pendingRequests;
    }

    @Override
    public void process(Exchange exchange) {
        PendingRequest pending = Correlation.pending(exchange);
        heed(exchange.getMessage(), pending);
        PooledResource chosen = pool.isConfirmed() ? Attempts.choose(pool, pending) : null;
        if (chosen != null) {
            exchange.getMessage().setHeader(ProxyHeaders.RESOURCE, chosen);
        } else if (pendingRequests.goOn(pending)) {
            exchange.setRouteStop(true);
        } else if (!pool.isConfirmed() || pool.isInDoubt() || pool.awaits(pending)) {
            pendingRequests.await(pending);
            exchange.setRouteStop(true);
        } else {
            throw new StanzaErrorException(
                    pending.tried().isEmpty() ? ProxyErrors.NO_RESOURCE : ProxyErrors.RESOURCE_GONE);
        }
    }

    /** Takes what the route says of the choice over into the request. */
    private void heed(Message message, PendingRequest pending) {
        String stickyKey = text(message, ProxyHeaders.STICKY_KEY);
        String among = text(message, ProxyHeaders.RESOURCES);
        if (stickyKey == null && among == null) {
            return;
        }
        ChoiceRules rules = pending.choiceRules();
        if (stickyKey != null) {
            rules = rules.stickyBy(stickyKey);
        }
        if (among != null) {
            rules = rules.among(patterns(among));
        }
        pending.choose(rules);
    }

    /** The header as text; null where it is absent, or empty as the text of what an XPath did not find. */
    private static @Nullable String text(Message message, String header) {
        if (message.getHeader(header) == null) {
            return null;
        }
        String text = message.getHeader(header, String.class);
        if (text == null) {
            throw new IllegalStateException("the header " + header + " is no text");
        }
        return text.isEmpty() ? null : text;
    }

    private ResourcePatterns patterns(String text) {
        if (patterns.size() >= KNOWN_PATTERNS) {
            patterns.clear();
        }
        return patterns.computeIfAbsent(text, ResourcePatterns::parse);
    }
}
