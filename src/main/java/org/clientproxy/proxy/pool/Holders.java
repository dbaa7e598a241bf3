package org.clientproxy.proxy.pool;

import org.jspecify.annotations.Nullable;

/**
 * Who holds which conversation: the resource that last wrote to a requester at one address of the proxy host, or was last given
 * something of it. A sticky choice asks for it first. On the loop.
 */
public interface Holders {
    /** Nobody holds anything. */
    Holders NONE = new Holders() {
        @Override
        public @Nullable PooledResource holder(Wish conversation) {
            return null;
        }

        @Override
        public void holds(Wish conversation, PooledResource resource) {
            // Nobody keeps it.
        }
    };

    /** The holder of the conversation to which this belongs, if it is in the pool; null: there is none. */
    @Nullable
    PooledResource holder(Wish conversation);

    /** From now on this resource is the holder. */
    void holds(Wish conversation, PooledResource resource);
}
