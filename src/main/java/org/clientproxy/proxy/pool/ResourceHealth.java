package org.clientproxy.proxy.pool;

import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;

/** Hears how resources do with the requests that are sent to them. Called on the loop, for each reply, so that it is cheap. */
public interface ResourceHealth {
    /** Nobody wants to know. */
    ResourceHealth IGNORED = new ResourceHealth() {
        @Override
        public void timedOut(PooledResource resource) {}

        @Override
        public void replied(PooledResource resource, StanzaError.@Nullable Condition condition) {}
    };

    /** A request was not answered in the time that the resource had for it. */
    void timedOut(PooledResource resource);

    /** @param condition of the error that it replied with, or that was replied in its name; null: it was no error */
    void replied(PooledResource resource, StanzaError.@Nullable Condition condition);
}
