package org.clientproxy.stream;

import java.time.Duration;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
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
    private static final long WARN_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final Jid domain;
    private final StreamCounters counters;
    private long warnedAt;
    private long dropped;

    InboundCheck(Jid domain, StreamCounters counters) {
        this.domain = domain;
        this.counters = counters;
        this.warnedAt = System.nanoTime() - WARN_EVERY_NANOS;
    }

    boolean accepts(Stanza stanza) {
        StreamCounters.Drop reason = reasonToDrop(stanza);
        if (reason == null) {
            return true;
        }
        counters.dropped(reason);
        dropped++;
        long now = System.nanoTime();
        if (now - warnedAt >= WARN_EVERY_NANOS) {
            warnedAt = now;
            LOG.warn(
                    "{}: dropped {} stanzas that are not for us or have a wrong sender (ejabberd: set global_routes to"
                            + " false), the last one: {}",
                    domain,
                    dropped,
                    stanza);
            dropped = 0;
        }
        return false;
    }

    /** What a request that was passed over is answered with; null where it was none, or may not be answered. */
    @Nullable
    Stanza answerTo(@Nullable Stanza startTag, SkipReason reason) {
        if (startTag == null || !startTag.isRequest() || startTag.id() == null || !accepts(startTag)) {
            return null;
        }
        return startTag.error(
                switch (reason) {
                    case BAD_NAMESPACE ->
                        StanzaError.of(
                                        StanzaError.Condition.BAD_REQUEST,
                                        "The request breaks the rules of XML namespaces.")
                                .with("malformed-request");
                    case TOO_LARGE ->
                        StanzaError.of(
                                        StanzaError.Condition.POLICY_VIOLATION,
                                        "The request is larger than this service takes.")
                                .with("too-large");
                    case TOO_DEEP, TOO_MANY_ATTRIBUTES ->
                        StanzaError.of(
                                        StanzaError.Condition.POLICY_VIOLATION,
                                        "The request has more nested elements or attributes than this service takes.")
                                .with("too-complex");
                });
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
