package org.clientproxy.component;

import java.time.Duration;
import java.util.UUID;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StanzaXml;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaErrorException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends stanzas. InOnly is done when the stream has taken the stanza. InOut, for an IQ request, awaits the reply of exactly
 * that address under exactly that id; the body is the reply then, be it a result or an error. A reply that is too much to be
 * read is an exception.
 */
public class XmppComponentProducer extends DefaultAsyncProducer {
    private static final Logger LOG = LoggerFactory.getLogger(XmppComponentProducer.class);

    private final XmppComponentEndpoint endpoint;
    private SharedStream shared;

    public XmppComponentProducer(XmppComponentEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        shared = endpoint.shared();
        shared.use();
    }

    @Override
    protected void doStop() throws Exception {
        if (shared != null) {
            endpoint.getComponent().release(shared);
        }
        shared = null;
        super.doStop();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        StreamLoop loop = shared.stream().loop();
        Stanza stanza;
        try {
            stanza = stanza(exchange.getMessage());
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        boolean awaits = exchange.getPattern() == ExchangePattern.InOut && stanza.isRequest();
        if (!awaits && loop.inLoop()) {
            send(exchange, stanza);
            callback.done(true);
            return true;
        }
        loop.execute(() -> {
            if (awaits) {
                request(exchange, stanza, callback);
            } else {
                send(exchange, stanza);
                callback.done(false);
            }
        });
        return false;
    }

    private void send(Exchange exchange, Stanza stanza) {
        try {
            shared.stream().send(stanza);
        } catch (StanzaNotSentException e) {
            exchange.setException(e);
        }
    }

    private void request(Exchange exchange, Stanza request, AsyncCallback callback) {
        StreamLoop.Timeout[] timeout = new StreamLoop.Timeout[1];
        try {
            shared.await(request.to(), request.id(), reply -> {
                timeout[0].cancel();
                if (reply.isTruncated()) {
                    exchange.setException(new StanzaErrorException(StanzaXml.errorOf(reply)));
                } else {
                    exchange.getMessage().setBody(reply);
                    StanzaHeaders.set(exchange.getMessage(), reply);
                }
                callback.done(false);
            });
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(false);
            return;
        }
        timeout[0] = shared.stream()
                .loop()
                .schedule(
                        () -> {
                            shared.forget(request.to(), request.id());
                            LOG.debug("no reply in time: {}", request);
                            exchange.setException(
                                    new ExchangeTimedOutException(exchange, endpoint.getRequestTimeout()));
                            callback.done(false);
                        },
                        Duration.ofMillis(endpoint.getRequestTimeout()).toNanos());
        send(exchange, request);
        if (exchange.getException() != null) {
            timeout[0].cancel();
            shared.forget(request.to(), request.id());
            callback.done(false);
        }
    }

    /** The body as a stanza, or as the child of one that the headers describe. */
    private Stanza stanza(Message message) {
        if (message.getBody() instanceof Stanza stanza) {
            return stanza;
        }
        String xml = message.getBody() == null ? "" : message.getBody(String.class);
        if (xml == null) {
            throw new IllegalArgumentException(
                    "a body of " + message.getBody().getClass().getName() + " cannot be sent; a Stanza or XML can");
        }
        String kind = message.getHeader(XmppComponentConstants.KIND, String.class);
        if (kind == null) {
            return StanzaXml.parse(xml);
        }
        for (Stanza.Kind known : Stanza.Kind.values()) {
            if (known.xmlName().equals(kind)) {
                return StanzaXml.parse(described(message, known, xml.strip()).toXml());
            }
        }
        throw new IllegalArgumentException(
                "header " + XmppComponentConstants.KIND + " is " + kind + "; allowed are iq, message and presence");
    }

    private Stanza described(Message message, Stanza.Kind kind, String child) {
        String id = message.getHeader(XmppComponentConstants.ID, String.class);
        return Stanza.of(
                kind,
                message.getHeader(XmppComponentConstants.TYPE, String.class),
                id == null && kind == Stanza.Kind.IQ ? UUID.randomUUID().toString() : id,
                message.getHeader(XmppComponentConstants.FROM, endpoint.getDomain(), String.class),
                message.getHeader(XmppComponentConstants.TO, String.class),
                child);
    }
}
