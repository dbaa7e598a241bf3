package org.clientproxy.proxy;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.xmpp.Stanza;

/** The step {@code presence}: hands a presence of the target to the subscription, which keeps the pool. */
final class ReceivePresence implements Processor {
    private final TargetSubscription subscription;

    ReceivePresence(TargetSubscription subscription) {
        this.subscription = subscription;
    }

    @Override
    public void process(Exchange exchange) {
        subscription.receive(TargetPresence.of(exchange.getMessage().getBody(Stanza.class)));
    }
}
