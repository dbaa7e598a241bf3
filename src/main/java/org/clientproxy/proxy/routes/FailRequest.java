package org.clientproxy.proxy.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.ValidationException;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.clientproxy.proxy.hooks.ProxyEvents;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.Ending;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.stats.MessageCounters;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step {@code fail}: makes an {@link Ending#FAILED} of an exception, with the error that the requester is to get as the
 * body. A refusal is such an exception too. The cause of a real failure goes to our log only.
 */
public final class FailRequest implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(FailRequest.class);

    private final PendingRequests pendingRequests;
    private final StreamLoop loop;
    private final ProxyEvents events;
    private final FailureLog log;

    public FailRequest(PendingRequests pendingRequests, StreamLoop loop, ProxyEvents events) {
        this.pendingRequests = pendingRequests;
        this.loop = loop;
        this.events = events;
        this.log = new FailureLog(LOG, loop);
    }

    @Override
    public void process(Exchange exchange) {
        Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        PendingRequest pending = exchange.getMessage().getHeader(ProxyHeaders.REQUEST, PendingRequest.class);
        if (pending == null) {
            pending = unadmitted(exchange.getMessage().getBody());
        }
        exchange.getMessage().removeHeader(ProxyHeaders.VERDICT);
        if (pending == null && isAboutMessage(exchange.getMessage())) {
            failMessage(exchange.getMessage(), cause);
            return;
        }
        if (pending == null) {
            log.failed(
                    "failed at a stanza that is not answered",
                    exchange.getMessage().getBody(),
                    cause);
            return;
        }
        if (pendingRequests.goOnWithout(pending)) {
            // Others have the request, so this is said in the log alone.
            error(pending, cause, false);
            return;
        }
        int failures = pending.failed();
        boolean answering = pending.isAnswered();
        if (failures > 2 || answering && !mayAnswerAgain(pending, cause)) {
            log.failed("the answer is lost or was given already", pending, cause);
            pendingRequests.answer(pending);
            return;
        }
        pendingRequests.failed(pending);
        exchange.getMessage().setHeader(ProxyHeaders.REQUEST, pending);
        exchange.getMessage().setHeader(ProxyHeaders.ENDING, Ending.FAILED);
        exchange.getMessage().setBody(pending.request().error(error(pending, cause, answering)));
        // The second failure is one of the way to the answer, so the answer goes without it.
        boolean settle = failures == 1;
        if (!settle) {
            pendingRequests.answer(pending);
            events.answering(exchange, pending, ProxyCounters.Outcome.REFUSED, loop.nanoTime() - pending.startedAt);
        }
        exchange.getMessage().setHeader(ProxyHeaders.VERDICT, (settle ? Verdict.SETTLE : Verdict.ANSWER).key());
    }

    private static boolean isAboutMessage(Message message) {
        return message.getHeader(ProxyHeaders.MESSAGE) instanceof PassedMessage
                || message.getBody() instanceof Stanza stanza && stanza.kind() == Stanza.Kind.MESSAGE;
    }

    /** The sender of a message is told of it once, if at all. */
    private void failMessage(Message message, Exception cause) {
        PassedMessage passed = message.getHeader(ProxyHeaders.MESSAGE) instanceof PassedMessage taken ? taken : null;
        Stanza original = passed == null ? message.getBody(Stanza.class) : passed.message();
        StanzaError error = error(original, cause, false);
        boolean first = passed == null || passed.fail();
        boolean answered = first && PassedMessage.isAnswered(original);
        if (passed != null && first) {
            passed.counters().count(answered ? MessageCounters.Fate.REFUSED : MessageCounters.Fate.DROPPED);
        }
        if (answered) {
            message.setBody(original.error(error));
            message.setHeader(ProxyHeaders.VERDICT, Verdict.ANSWER.key());
        }
    }

    /** A request that failed before it was taken in; null where the stanza is none. */
    private @Nullable PendingRequest unadmitted(Object body) {
        return body instanceof Stanza stanza && stanza.isRequest() && stanza.id() != null
                ? new PendingRequest(stanza, stanza.fromJid(), loop.nanoTime(), loop.nanoTime())
                : null;
    }

    /** Where the stream did not take the answer, nothing of it was written, and a smaller one may go. */
    private static boolean mayAnswerAgain(PendingRequest pending, Exception cause) {
        return cause instanceof StanzaNotSentException && pending.answerRefused();
    }

    /** @param answering whether it is the answer that failed, of which the limits of requests say nothing */
    private StanzaError error(Object pending, Exception cause, boolean answering) {
        StanzaErrorException refusal = StanzaErrorException.in(cause);
        if (refusal != null) {
            LOG.debug("refused, {}: {}", refusal.getMessage(), pending);
            return refusal.error();
        }
        if (cause instanceof ValidationException) {
            LOG.debug("refused by proxy.accept, or by a validation at the gate: {}", pending);
            return ProxyErrors.NOT_ACCEPTABLE;
        }
        if (cause instanceof ThrottlerRejectedExecutionException) {
            LOG.debug("refused by a throttle: {}", pending);
            return ProxyErrors.THROTTLED;
        }
        if (cause instanceof StanzaNotSentException notSent && !answering) {
            LOG.debug("not sent, {}: {}", notSent.getMessage(), pending);
            return switch (notSent.reason()) {
                case OUTBOX_FULL ->
                    pending instanceof PendingRequest ? ProxyErrors.TOO_MANY : ProxyErrors.TOO_MANY_MESSAGES;
                case NOT_READY ->
                    pending instanceof PendingRequest ? ProxyErrors.RESOURCE_GONE : ProxyErrors.MESSAGE_NOT_SENT;
                case TOO_LARGE -> ProxyErrors.TOO_LARGE;
                case INVALID -> failure(pending, cause);
            };
        }
        return failure(pending, cause);
    }

    private StanzaError failure(Object pending, Exception cause) {
        log.failed("failed", pending, cause);
        return ProxyErrors.FAILURE;
    }
}
