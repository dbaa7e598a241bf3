package org.clientproxy.proxy;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.xmpp.Stanza;

/** The step {@code refuse}: makes the defined answer to what the proxy does not support. */
final class AnswerUnsupported implements Processor {
    @Override
    public void process(Exchange exchange) {
        Stanza stanza = exchange.getMessage().getBody(Stanza.class);
        exchange.getMessage()
                .setBody(
                        switch (stanza.kind()) {
                            case IQ ->
                                stanza.error(stanza.children() == 1 ? ProxyErrors.NO_REVERSE : ProxyErrors.ONE_CHILD);
                            case MESSAGE -> stanza.error(ProxyErrors.NO_MESSAGES);
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
