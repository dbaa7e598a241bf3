package org.clientproxy.stream;

import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogLimit;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a stanza must be to be handed on: to an address in our domain, from a valid one outside it. All else is never
 * answered, for an answer from a foreign address would end the stream (ejabberd delivers other domains' stanzas where
 * {@code global_routes} is on).
 */
final class InboundCheck {
    private static final Logger LOG = LoggerFactory.getLogger(InboundCheck.class);

    private final Jid domain;
    private final StreamCounters counters;
    private final LogLimit warnings;

    InboundCheck(Jid domain, StreamCounters counters, StreamLoop loop) {
        this.domain = domain;
        this.counters = counters;
        this.warnings = new LogLimit(loop::nanoTime);
    }

    boolean accepts(Stanza stanza) {
        StreamCounters.Drop reason = reasonToDrop(stanza);
        if (reason == null) {
            return true;
        }
        counters.dropped(reason);
        int before = warnings.admit("dropped");
        if (before >= 0) {
            LOG.warn(
                    "{}: dropped {} stanzas that are not for us or have a wrong sender (ejabberd: set global_routes to"
                            + " false), the last one: {}",
                    domain,
                    before + 1,
                    stanza);
        }
        return false;
    }

    private StreamCounters.@Nullable Drop reasonToDrop(Stanza stanza) {
        try {
            if (!stanza.toJid().sameDomain(domain)) {
                return StreamCounters.Drop.NOT_TO_US;
            }
        } catch (IllegalArgumentException e) {
            return StreamCounters.Drop.NOT_TO_US;
        }
        try {
            return stanza.fromJid().sameDomain(domain) ? StreamCounters.Drop.BAD_FROM : null;
        } catch (IllegalArgumentException e) {
            return StreamCounters.Drop.BAD_FROM;
        }
    }
}
