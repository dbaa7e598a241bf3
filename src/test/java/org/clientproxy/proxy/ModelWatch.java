package org.clientproxy.proxy;

import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/** How the proxy comes to know who is there, for the reference model. */
interface ModelWatch {
    void up();

    void down();

    /** Whether it is found out if this one, who may be gone, is there. */
    boolean finds(String suspect);

    /** They are asked who is there: one who has left may be back, or one is suspect. */
    void ask();

    /** The target, or one of its sessions, sends its presence to the proxy host. */
    void receive(String type, Jid from, ModelPresence says);

    /** The confirm-timeout is over. */
    void confirmTimeout();

    /** A presence goes to the target or one of its sessions. Says what is wrong with that; null: nothing. */
    @Nullable
    String sent(String type, Jid to);

    /** What is still owed when a step is over; null: nothing. */
    @Nullable
    String owes();
}
