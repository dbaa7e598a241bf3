package org.clientproxy.proxy.routes;

import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.proxy.conversations.AccountRates;
import org.clientproxy.proxy.stats.MessageCounters;
import org.clientproxy.xmpp.Stanza;

/**
 * The step {@code answer-unsupported}: makes the defined answer to what the proxy does not support. Where messages are passed on,
 * those of the target's own sessions that are refused are answered no faster than {@code proxy.message-rate} together, so that one
 * that replies to errors makes no storm.
 */
public final class AnswerUnsupported implements Processor {
    private final StanzaRoles roles;
    private final AccountRates refusals;
    private final MessageCounters counters;

    /**
     * @param refusals of messages, by the account whose they are
     * @param counters those of messages of the target's sessions
     */
    public AnswerUnsupported(StanzaRoles roles, AccountRates refusals, MessageCounters counters) {
        this.roles = roles;
        this.refusals = refusals;
        this.counters = counters;
    }

    @Override
    public void process(Exchange exchange) {
        Stanza stanza = exchange.getMessage().getBody(Stanza.class);
        if (stanza.kind() == Stanza.Kind.MESSAGE && roles.passesMessages() && !mayAnswer(stanza)) {
            exchange.setRouteStop(true);
            return;
        }
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

    private boolean mayAnswer(Stanza message) {
        boolean inTime = refusals.admit(message.fromJid().bareKey());
        counters.count(inTime ? MessageCounters.Fate.REFUSED : MessageCounters.Fate.THROTTLED);
        return inTime;
    }
}
