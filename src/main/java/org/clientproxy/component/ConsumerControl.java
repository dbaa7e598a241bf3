package org.clientproxy.component;

import org.apache.camel.spi.ShutdownAware;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;

/**
 * Who holds a stream for longer than its route runs, and decides with the consumer how that one stops: whether the stop is
 * deferred, and how much is still to be done before. See {@link StreamUse#control}.
 */
public interface ConsumerControl extends ShutdownAware {
    /**
     * Null where an IQ request is handed to the route; else the error with which it is refused at once, without an exchange,
     * so that a stop finds nothing in flight however many come. On the loop.
     */
    StanzaError refusal(Stanza request);

    /** A stanza has come that no consumer takes, since its route is stopped or not started yet. On the loop. */
    void unattended(Stanza stanza);
}
