package org.clientproxy.proxy.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.xmpp.Stanza;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The step {@code drop}: counts a stanza that XMPP wants no answer to. */
public final class DropStanza implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(DropStanza.class);

    private final ProxyCounters counters;

    public DropStanza(ProxyCounters counters) {
        this.counters = counters;
    }

    @Override
    public void process(Exchange exchange) {
        Stanza stanza = exchange.getMessage().getBody(Stanza.class);
        ProxyCounters.Drop reason =
                switch (stanza.kind()) {
                    case IQ -> ProxyCounters.Drop.MALFORMED_IQ;
                    case PRESENCE -> ProxyCounters.Drop.STRANGERS_PRESENCE;
                    case MESSAGE -> ProxyCounters.Drop.MESSAGE;
                };
        counters.dropped(reason);
        LOG.debug("dropped, {}: {}", reason, stanza);
    }
}
