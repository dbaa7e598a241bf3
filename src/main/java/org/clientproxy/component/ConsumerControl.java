package org.clientproxy.component;

import org.apache.camel.spi.ShutdownAware;

/**
 * Somebody who decides with the consumer of a stream how it stops: whether that is deferred, and how much is still to be
 * done before. See {@link XmppComponentEndpoint#setConsumerControl}.
 */
public interface ConsumerControl extends ShutdownAware {
    /** The consumer starts, for the first time or again. The thread that starts it. */
    void consumerStarts();

    /**
     * Whether stanzas are still handed to the route. Where not, requests are refused at once and make no exchange, so that
     * a stop finds nothing in flight however many come. On the loop.
     */
    boolean isOpen();
}
