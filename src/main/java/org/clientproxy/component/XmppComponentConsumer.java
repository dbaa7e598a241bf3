package org.clientproxy.component;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.LoggingExceptionHandler;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.LogLimit;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an exchange of each stanza, on the loop of the stream, without a hop. An IQ request is InOut, unless the endpoint
 * says InOnly: what the route answers with goes back as its one result or error. Nobody waits for an answer to a message, but
 * unless the endpoint says InOnly, one that the route refuses goes back as an error.
 *
 * <p>It gets stanzas from the end of its start to its suspension, which is how Camel begins a stop; the stream it has until
 * it is stopped, so that what is on its way then can be answered.
 */
public class XmppComponentConsumer extends DefaultConsumer implements ShutdownAware, Suspendable {
    private static final Logger LOG = LoggerFactory.getLogger(XmppComponentConsumer.class);

    private final XmppComponentEndpoint endpoint;
    private final LogLimit limit = new LogLimit(System::nanoTime);
    // Exchanges whose routes have ended are not in flight for Camel any more, but their answers or failures may be to
    // come.
    private final AtomicInteger handling = new AtomicInteger();
    // Written before the stream can bring a stanza. It stays when it was given back.
    private volatile StreamUse use;
    private StreamHealthCheck healthCheck;

    public XmppComponentConsumer(XmppComponentEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        // A stop that was called off starts it again where it was only suspended.
        if (use == null || use.isGivenBack()) {
            use = endpoint.use();
        }
        try {
            use.open();
            use.attach(this);
        } catch (RuntimeException e) {
            use.close();
            throw e;
        }
        HealthCheckRegistry checks = checks();
        if (checks != null && healthCheck == null) {
            healthCheck = new StreamHealthCheck(endpoint);
            checks.register(healthCheck);
        }
    }

    @Override
    protected void doSuspend() throws Exception {
        use.detach(this);
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        use.attach(this);
    }

    @Override
    protected void doStop() throws Exception {
        if (healthCheck != null) {
            checks().unregister(healthCheck);
            healthCheck = null;
        }
        if (use != null) {
            use.detach(this);
            use.close();
        }
        super.doStop();
    }

    /** Null where the context has no health checks. */
    private HealthCheckRegistry checks() {
        return HealthCheckRegistry.get(endpoint.getCamelContext());
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
        StreamUse received = use;
        received.prepare(message);
        handling.incrementAndGet();
        getAsyncProcessor().process(exchange, done -> {
            try {
                if (answered) {
                    answer(exchange, stanza, received);
                } else if (exchange.getException() != null) {
                    unanswered(exchange, stanza, received);
                }
                releaseExchange(exchange, false);
            } finally {
                handling.decrementAndGet();
            }
        });
    }

    /** A stanza at which the route failed, or which it refused. */
    private void unanswered(Exchange exchange, Stanza stanza, StreamUse by) {
        StanzaErrorException refusal = endpoint.getExchangePattern() == ExchangePattern.InOut && mayBeRefused(stanza)
                ? StanzaErrorException.in(exchange.getException())
                : null;
        if (refusal == null) {
            failed(stanza, exchange, exchange.getException());
        } else {
            Stanza error = stanza.error(refusal.error());
            later(() -> send(exchange, error, stanza, by), stanza, by);
        }
    }

    /** A message, but for an error, which is never answered, and for a headline (RFC 6121 §5.2.2). */
    private static boolean mayBeRefused(Stanza stanza) {
        String type = stanza.type();
        return stanza.kind() == Stanza.Kind.MESSAGE && !"error".equals(type) && !"headline".equals(type);
    }

    private void later(Runnable sending, Stanza stanza, StreamUse by) {
        try {
            by.stream().loop().execute(sending);
        } catch (RejectedExecutionException e) {
            LOG.error("an answer was not sent, {}: {}", by.gone(), stanza);
        }
    }

    private void answer(Exchange exchange, Stanza request, StreamUse by) {
        Stanza answer;
        try {
            answer = exchange.getException() == null
                    ? result(exchange.getMessage(), request)
                    : error(exchange, request, exchange.getException());
        } catch (RuntimeException e) {
            answer = error(exchange, request, e);
        }
        Stanza first = answer;
        later(() -> send(exchange, first, request, by), request, by);
    }

    private void send(Exchange exchange, Stanza answer, Stanza request, StreamUse by) {
        try {
            by.send(answer);
        } catch (StanzaNotSentException e) {
            try {
                by.send(error(exchange, request, e));
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
        return use == null ? null : use.consumerControl();
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        ConsumerControl control = control();
        return control != null && control.deferShutdown(task);
    }

    @Override
    public int getPendingExchangesSize() {
        ConsumerControl control = control();
        // It may wait for what is being handled.
        int pending = control == null ? 0 : control.getPendingExchangesSize();
        return pending + handling.get();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        ConsumerControl control = control();
        if (control != null) {
            control.prepareShutdown(suspendOnly, forced);
        }
    }
}
