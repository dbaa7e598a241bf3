package org.clientproxy.proxy;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;

/** The step {@code refuse}: makes the defined answer to what the proxy does not support. */
final class AnswerUnsupported implements Processor {
    private final JatCodec jat;

    AnswerUnsupported(JatCodec jat) {
        this.jat = jat;
    }

    @Override
    public void process(Exchange exchange) {
        Stanza stanza = exchange.getMessage().getBody(Stanza.class);
        exchange.getMessage()
                .setBody(
                        switch (stanza.kind()) {
                            case IQ -> stanza.error(errorOf(stanza));
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

    private StanzaError errorOf(Stanza iq) {
        if (iq.children() != 1) {
            return ProxyErrors.ONE_CHILD;
        }
        String encodedFrom = iq.toJid().resource();
        return encodedFrom != null && jat.verifies(encodedFrom) ? ProxyErrors.NO_REVERSE : ProxyErrors.UNKNOWN_TOKEN;
    }
}
