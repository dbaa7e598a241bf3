package org.clientproxy.proxy.jgroups;

import org.clientproxy.proxy.cluster.Member;
import org.clientproxy.proxy.cluster.Peers;
import org.clientproxy.proxy.cluster.View;

/** What brings views and messages. */
interface Engine extends Peers {
    /** Who hears of them, on the loop. */
    interface Above {
        void viewDelivered(View view);

        void received(Member from, byte[] octets);

        /** The process of this node, which was a member, has surely ended. */
        void ended(int node);
    }

    /**
     * Joins the others, or is alone. It may take seconds.
     *
     * @throws IllegalArgumentException that says what keeps this node from listening, and what to do
     */
    void join(Above above);

    /** Leaves the others. It may take seconds. */
    void leave();
}
