package org.clientproxy.proxy.pending;

import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError.Condition;

/**
 * How an attempt at a request came back: an error by which a server says that the session is gone.
 *
 * @param error as it came
 * @param notFound whether it is the error of a server that does not find the session, though a session may say so itself
 * @param undelivered whether the request surely never reached the client, so that even a set may be tried again
 * @param at when it came, in nanoseconds of the loop's clock
 */
record Bounce(Stanza error, boolean notFound, boolean undelivered, long at) {
    Condition condition() {
        return notFound ? Condition.SERVICE_UNAVAILABLE : Condition.RECIPIENT_UNAVAILABLE;
    }
}
