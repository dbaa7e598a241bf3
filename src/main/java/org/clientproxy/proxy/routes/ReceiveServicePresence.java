package org.clientproxy.proxy.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.proxy.presence.ServicePresence;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** The step {@code receive-service-presence}: takes in who has the proxy host in its roster, and answers. */
public final class ReceiveServicePresence implements Processor {
    private final @Nullable ServicePresence service;

    /** @param service null where nothing comes here, for {@code proxy.presence} is without it */
    public ReceiveServicePresence(@Nullable ServicePresence service) {
        this.service = service;
    }

    @Override
    public void process(Exchange exchange) {
        if (service != null) {
            service.receive(exchange.getMessage().getBody(Stanza.class));
        }
    }
}
