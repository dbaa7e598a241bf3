package org.clientproxy.proxy.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.proxy.pool.TargetPresence;
import org.clientproxy.proxy.pool.TargetWatch;
import org.clientproxy.xmpp.Stanza;

/** The step {@code receive-presence}: hands a presence of the target to the subscription, which keeps the pool. */
public final class ReceivePresence implements Processor {
    private final TargetWatch subscription;

    public ReceivePresence(TargetWatch subscription) {
        this.subscription = subscription;
    }

    @Override
    public void process(Exchange exchange) {
        subscription.receive(TargetPresence.of(exchange.getMessage().getBody(Stanza.class)));
    }
}
