package org.clientproxy.proxy.pool;

import java.time.Duration;
import org.clientproxy.stream.StreamLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of the log about resources that are taken out of the choice and return. Many may hang at once, so only the first
 * {@value #LINES} events in a minute have a line each, and the next line tells how many had none. Used on the loop only.
 */
final class EjectionLog {
    private static final int LINES = 60;
    private static final Logger LOG = LoggerFactory.getLogger(Ejections.class);

    private final LineBudget budget;
    private int unsaid;

    EjectionLog(StreamLoop loop) {
        this.budget = new LineBudget(loop, LINES);
    }

    void ejected(PooledResource resource, String why, Duration time) {
        if (hasLine()) {
            LOG.warn(
                    "{} gets no new requests for {} s: {}; then it is pinged, and gets them again when it answers"
                            + " (proxy.eject-after){}",
                    resource,
                    seconds(time),
                    why,
                    more());
        }
    }

    void returned(PooledResource resource, String why, Duration out) {
        if (hasLine()) {
            LOG.info("{} gets new requests again after {} s: {}{}", resource, seconds(out), why, more());
        }
    }

    /** It is out for longer, which the first line has told. */
    void silent(PooledResource resource, Duration time) {
        LOG.debug("{} did not answer a ping, and gets no new requests for {} s more", resource, seconds(time));
    }

    private boolean hasLine() {
        boolean line = budget.take();
        unsaid += line ? 0 : 1;
        return line;
    }

    private String more() {
        String more = unsaid == 0 ? "" : " (" + unsaid + " more such events since the last such line)";
        unsaid = 0;
        return more;
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? "" + time.toSeconds() : "" + time.toMillis() / 1000.0;
    }
}
