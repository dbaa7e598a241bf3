package org.clientproxy.proxy.pool;

import org.clientproxy.xmpp.Jid;

/** Whoever must know what happens to the pool: the pending requests. Called on the loop. */
public interface PoolListener {
    /**
     * A resource has left the pool.
     *
     * @param settle whether its pending requests end when the grace is over; otherwise they keep their deadline
     */
    void resourceLeft(PooledResource resource, boolean settle);

    /**
     * A session has ended, whether it was in the pool or not.
     *
     * @param session its full address, which another session may have by now
     * @param before what came from that address before this time was the ended session's, in nanoseconds of the loop's clock
     */
    default void sessionEnded(Jid session, long before) {}

    /** The pool is known again after a (re)connect: what waited for it can be sent. */
    void poolConfirmed();

    /** Tells both, one after the other. */
    static PoolListener both(PoolListener first, PoolListener second) {
        return new PoolListener() {
            @Override
            public void resourceLeft(PooledResource resource, boolean settle) {
                first.resourceLeft(resource, settle);
                second.resourceLeft(resource, settle);
            }

            @Override
            public void sessionEnded(Jid session, long before) {
                first.sessionEnded(session, before);
                second.sessionEnded(session, before);
            }

            @Override
            public void poolConfirmed() {
                first.poolConfirmed();
                second.poolConfirmed();
            }

            @Override
            public void lookAgain() {
                first.lookAgain();
                second.lookAgain();
            }
        };
    }

    /** Whoever waits because nobody could be chosen may look again: somebody has come, or a doubt is over. */
    default void lookAgain() {}
}
