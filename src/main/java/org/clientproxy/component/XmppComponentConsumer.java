package org.clientproxy.component;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.LoggingExceptionHandler;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StanzaXml;
import org.clientproxy.xmpp.LogLimit;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an exchange of each stanza, on the loop of the stream, without a hop. An IQ request is InOut, unless the endpoint
 * says InOnly: what the route answers with goes back as its one result or error.
 */
public class XmppComponentConsumer extends DefaultConsumer implements ShutdownAware {
    private static final Logger LOG = LoggerFactory.getLogger(XmppComponentConsumer.class);

    private final XmppComponentEndpoint endpoint;
    private final LogLimit limit = new LogLimit(System::nanoTime);
    // Exchanges whose routes have ended are not in flight for Camel any more, but their answers or failures may be to
    // come.
    private final AtomicInteger handling = new AtomicInteger();
    private SharedStream shared;
    private StreamHealthCheck healthCheck;

    public XmppComponentConsumer(XmppComponentEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        SharedStream stream = endpoint.shared();
        stream.consume(this);
        WritableHealthCheckRepository checks = HealthCheckHelper.getHealthCheckRepository(
                endpoint.getCamelContext(), "components", WritableHealthCheckRepository.class);
        if (checks != null) {
            healthCheck = new StreamHealthCheck(endpoint);
            checks.addHealthCheck(healthCheck);
        }
        if (stream.control() != null) {
            stream.control().consumerStarts();
        }
        stream.use();
        // Only who uses it leaves it.
        shared = stream;
    }

    @Override
    protected void doStop() throws Exception {
        if (healthCheck != null) {
            HealthCheckHelper.getHealthCheckRepository(
                            endpoint.getCamelContext(), "components", WritableHealthCheckRepository.class)
                    .removeHealthCheck(healthCheck);
            healthCheck = null;
        }
        if (shared != null) {
            endpoint.getComponent().release(shared);
            shared.quit(this);
            shared = null;
        }
        super.doStop();
    }

    /** On the loop. */
    void receive(Stanza stanza) {
        boolean answered = stanza.isRequest() && endpoint.getExchangePattern() == ExchangePattern.InOut;
        Exchange exchange = createExchange(false);
        exchange.setPattern(answered ? ExchangePattern.InOut : ExchangePattern.InOnly);
        Message message = exchange.getIn();
        message.setBody(stanza);
        if (endpoint.isStanzaHeaders()) {
            StanzaHeaders.set(message, stanza);
        }
        shared.prepare(message);
        handling.incrementAndGet();
        getAsyncProcessor().process(exchange, done -> {
            try {
                if (answered) {
                    answer(exchange, stanza);
                } else if (exchange.getException() != null) {
                    failed(stanza, exchange, exchange.getException());
                }
                releaseExchange(exchange, false);
            } finally {
                handling.decrementAndGet();
            }
        });
    }

    private void answer(Exchange exchange, Stanza request) {
        Stanza answer;
        try {
            answer = exchange.getException() == null
                    ? result(exchange.getMessage(), request)
                    : error(exchange, request, exchange.getException());
        } catch (RuntimeException e) {
            answer = error(exchange, request, e);
        }
        Stanza first = answer;
        endpoint.stream().loop().execute(() -> send(exchange, first, request));
    }

    private void send(Exchange exchange, Stanza answer, Stanza request) {
        try {
            endpoint.stream().send(answer);
        } catch (StanzaNotSentException e) {
            try {
                endpoint.stream().send(error(exchange, request, e));
            } catch (StanzaNotSentException again) {
                if (limit.admit(again.getMessage()) >= 0) {
                    LOG.error("an answer was not sent, {}: {}", again.getMessage(), request);
                }
            }
        }
    }

    /** The body as the result: a reply as it is, XML as the child, and nothing, or the request itself, as an empty one. */
    private static Stanza result(Message message, Stanza request) {
        Object body = message.getBody();
        if (body instanceof Stanza stanza) {
            return stanza.isReply()
                    ? stanza.readdressed(request.toJid(), request.fromJid(), request.id())
                    : request.result("");
        }
        String child = body == null ? "" : message.getBody(String.class);
        if (child == null) {
            throw new IllegalArgumentException(
                    "a body of " + body.getClass().getName() + " cannot be a result; XML or a Stanza can");
        }
        // What a route made may be anything, so it is read as a server would read it.
        return StanzaXml.parse(request.result(child.strip()).toXml());
    }

    private Stanza error(Exchange exchange, Stanza request, Exception cause) {
        StanzaErrorException refusal = StanzaErrorException.in(cause);
        if (refusal != null) {
            return request.error(refusal.error());
        }
        failed(request, exchange, cause);
        return request.error(StanzaError.of(
                StanzaError.Condition.INTERNAL_SERVER_ERROR, "This service failed to handle the request."));
    }

    /** Camel's own handler would log every one with its trace; another one gets them all. */
    private void failed(Stanza stanza, Exchange exchange, Exception cause) {
        if (getExceptionHandler() instanceof LoggingExceptionHandler && limit.admit(LogLimit.kind(cause)) < 0) {
            LOG.debug("failed again at {}: {}", stanza, cause.toString());
        } else {
            getExceptionHandler().handleException("failed at " + stanza, exchange, cause);
        }
    }

    private ConsumerControl control() {
        return shared == null ? null : shared.control();
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        ConsumerControl control = control();
        return control != null && control.deferShutdown(task);
    }

    @Override
    public int getPendingExchangesSize() {
        ConsumerControl control = control();
        return handling.get() + (control == null ? 0 : control.getPendingExchangesSize());
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        ConsumerControl control = control();
        if (control != null) {
            control.prepareShutdown(suspendOnly, forced);
        }
    }
}
