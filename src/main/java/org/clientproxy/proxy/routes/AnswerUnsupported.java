package org.clientproxy.proxy.routes;

import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.xmpp.Stanza;

/** The step {@code answer-unsupported}: makes the defined answer to what the proxy does not support. */
public final class AnswerUnsupported implements Processor {
    private final StanzaRoles roles;

    public AnswerUnsupported(StanzaRoles roles) {
        this.roles = roles;
    }

    @Override
    public void process(Exchange exchange) {
        Stanza stanza = exchange.getMessage().getBody(Stanza.class);
        exchange.getMessage()
                .setBody(
                        switch (stanza.kind()) {
                            case IQ -> stanza.error(Objects.requireNonNull(roles.refusal(stanza)));
                            case MESSAGE -> stanza.error(Objects.requireNonNull(roles.messageRefusal(stanza)));
                            // Nobody is told when the proxy is there (RFC 6121 §3.1.2: a denial).
                            case PRESENCE ->
                                Stanza.of(
                                        Stanza.Kind.PRESENCE,
                                        "unsubscribed",
                                        stanza.id(),
                                        stanza.to(),
                                        stanza.from(),
                                        "");
                        });
    }
}
