package org.clientproxy.proxy.pool;

import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of the log that say who comes to the pool and who leaves it. A session may come and leave without end, so only the
 * first {@value #LINES} changes in a minute have a line each; the others are counted, and one line tells of them when the
 * minute is over. Used on the loop only.
 */
final class PoolLog {
    /** How many changes in a minute have a line each. */
    private static final int LINES = 60;

    private static final Logger LOG = LoggerFactory.getLogger(TargetSubscription.class);

    private final Jid target;
    private final StreamLoop loop;
    private final ResourcePool pool;
    private final LineBudget budget;
    private int came;
    private int left;
    private StreamLoop.@Nullable Timeout summary;

    PoolLog(Jid target, StreamLoop loop, ResourcePool pool) {
        this.target = target;
        this.loop = loop;
        this.pool = pool;
        this.budget = new LineBudget(loop, LINES);
    }

    void came(String resource) {
        if (hasLine()) {
            LOG.info("{} came; {} there now", resource, resources());
        } else {
            came++;
        }
    }

    void left(PooledResource resource) {
        if (hasLine()) {
            LOG.info("{} left; {} there now", resource, resources());
        } else {
            left++;
        }
    }

    private boolean hasLine() {
        boolean line = budget.take();
        if (!line && summary == null) {
            summary = loop.schedule(this::summarise, budget.left());
        }
        return line;
    }

    private void summarise() {
        summary = null;
        LOG.info(
                "sessions of {} come and leave very often: in the last minute {} more came and {} more left; {} there now",
                target,
                came,
                left,
                resources());
        came = 0;
        left = 0;
    }

    /** How many there are now, in words. */
    String resources() {
        return pool.size() == 1 ? "1 resource is" : pool.size() + " resources are";
    }
}
