package org.clientproxy.proxy.routes;

import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.LogLimit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Failures of ours in the log: one of each kind a minute, with its trace and with how many there were in between. The others
 * are lines at DEBUG. Any thread.
 */
final class FailureLog {
    private final Logger log;
    private final LogLimit limit;

    /** @param log of the class that failures are said of */
    FailureLog(Logger log, StreamLoop loop) {
        this.log = log;
        this.limit = new LogLimit(loop::nanoTime);
    }

    /**
     * Says what has failed.
     *
     * @param what in words, the same for each of its kind
     * @param about a stanza or request
     */
    void failed(String what, @Nullable Object about, Throwable failure) {
        int before = limit.admit(what + ' ' + LogLimit.kind(failure));
        if (before < 0) {
            log.debug("{}: {}, {}", what, about, failure.toString());
        } else if (before == 0) {
            log.error("{}: {}", what, about, failure);
        } else {
            log.error("{}, after {} more of this kind: {}", what, before, about, failure);
        }
    }
}
