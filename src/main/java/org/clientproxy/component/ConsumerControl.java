package org.clientproxy.component;

import org.apache.camel.spi.ShutdownAware;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;

/**
 * Somebody who decides with the consumer of a stream how it stops: whether that is deferred, and how much is still to be
 * done before. See {@link XmppComponentEndpoint#setConsumerControl}.
 */
public interface ConsumerControl extends ShutdownAware {
    /** The consumer starts, for the first time or again. The thread that starts it. */
    void consumerStarts();

    /**
     * Null where an IQ request is handed to the route; else the error with which it is refused at once, without an exchange,
     * so that a stop finds nothing in flight however many come. On the loop.
     */
    StanzaError refusal(Stanza request);
}
