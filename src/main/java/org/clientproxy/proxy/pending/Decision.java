package org.clientproxy.proxy.pending;

import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with a request whose attempt has ended.
 *
 * @param answer the answer, where it is not what the ending brought
 * @param unexplained the resource from which the request came back as from a server that does not find it, though no presence
 *     says that it left; else null
 */
public record Decision(
        Kind kind, @Nullable Stanza answer, @Nullable PooledResource unexplained) {
    /** Answer, attempt, or nothing. */
    public enum Kind {
        /** What the ending brought is the answer: the resource's reply, or an error of ours. */
        PASS_ON,
        /** {@link Decision#answer} is the answer. */
        ANSWER,
        /** The pool is known, so the request may be sent. */
        ATTEMPT,
        /** The session is gone, cannot take it, or is slow, so the request may be sent to another one. */
        RETRY,
        /** The request waits on for the resources that have it still. */
        WAIT,
        /** Nothing: it belongs to no request, or to one that has its answer. */
        DROP
    }

    static final Decision PASS_ON = new Decision(Kind.PASS_ON, null, null);
    static final Decision ATTEMPT = new Decision(Kind.ATTEMPT, null, null);
    static final Decision RETRY = new Decision(Kind.RETRY, null, null);
    static final Decision WAIT = new Decision(Kind.WAIT, null, null);
    public static final Decision DROP = new Decision(Kind.DROP, null, null);

    static Decision answer(Stanza answer) {
        return new Decision(Kind.ANSWER, answer, null);
    }
}
