package org.clientproxy.proxy.routes;

import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.proxy.answer.LocalAnswers;
import org.clientproxy.proxy.answer.LocalQuestions;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.LocalCounters;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;

/**
 * The step {@code answer-locally}: makes the answer to a request that the proxy host answers itself. Nothing is pending for it, so
 * no limit of pending requests concerns it. Neither does an operator's pause, which keeps work from the resources.
 */
public final class AnswerLocally implements Processor, Adjustable {
    private final LocalQuestions questions;
    private final LocalAnswers answers;
    private final AccessRules access;
    private final PendingRequests pendingRequests;
    private final LocalCounters counters;
    private final int maxStanzaSize;

    public AnswerLocally(
            LocalQuestions questions,
            LocalAnswers answers,
            AccessRules access,
            PendingRequests pendingRequests,
            LocalCounters counters,
            ProxySettings settings) {
        this.questions = questions;
        this.answers = answers;
        this.access = access;
        this.pendingRequests = pendingRequests;
        this.counters = counters;
        this.maxStanzaSize = settings.stream().maxStanzaSize();
    }

    @Override
    public void adjust(ProxySettings now) {
        answers.adjust(now);
    }

    @Override
    public void process(Exchange exchange) {
        Stanza request = exchange.getMessage().getBody(Stanza.class);
        exchange.getMessage().setBody(answer(request));
    }

    private Stanza answer(Stanza request) {
        StanzaError refusal = refusal(request);
        if (refusal == null) {
            Stanza answer =
                    answers.answer(Objects.requireNonNull(questions.of(request), "a request for a resource"), request);
            if (answer.octets() <= maxStanzaSize) {
                counters.answered();
                return answer;
            }
            refusal = ProxyErrors.TOO_LARGE;
        }
        counters.refused();
        return request.error(refusal);
    }

    private @Nullable StanzaError refusal(Stanza request) {
        if (pendingRequests.isDraining()) {
            return ProxyErrors.STOPPING;
        }
        return access.allows(request.fromJid()) ? null : ProxyErrors.FORBIDDEN;
    }
}
