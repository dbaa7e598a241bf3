package org.clientproxy.proxy.pool;

import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;

/** Hears how resources do their work: what came of the attempts at requests that were sent to them. On the loop. */
public interface ResourceHealth {
    /** Nobody wants to know. */
    ResourceHealth IGNORED = new ResourceHealth() {
        @Override
        public void timedOut(PooledResource resource) {
            // Nothing follows from it.
        }

        @Override
        public void replied(PooledResource resource, StanzaError.@Nullable Condition condition) {
            // Nothing follows from it.
        }
    };

    /** The resource has not replied to a request in the time that it had for that: once for each attempt. */
    void timedOut(PooledResource resource);

    /**
     * The resource has replied to a request in time.
     *
     * @param condition of its error; null where it is a result, or an error without one
     */
    void replied(PooledResource resource, StanzaError.@Nullable Condition condition);
}
