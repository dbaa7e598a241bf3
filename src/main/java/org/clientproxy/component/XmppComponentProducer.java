package org.clientproxy.component;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaErrorException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends stanzas. InOnly is done when the stream has taken the stanza. InOut, for an IQ request, awaits the reply of exactly
 * that address under exactly that id; the body is the reply then, be it a result or an error. A reply that is too much to be
 * read is an exception. Of a message or a presence, for which XMPP has no reply, InOut is the same as InOnly.
 */
public class XmppComponentProducer extends DefaultAsyncProducer {
    private static final Logger LOG = LoggerFactory.getLogger(XmppComponentProducer.class);
    private static final Set<String> IQ_TYPES = Set.of("get", "set", "result", "error");

    private final XmppComponentEndpoint endpoint;
    // It stays when it was given back.
    private volatile StreamUse use;

    public XmppComponentProducer(XmppComponentEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        StreamUse taken = endpoint.use();
        taken.open();
        use = taken;
    }

    @Override
    protected void doStop() throws Exception {
        synchronized (this) {
            if (use != null) {
                use.close();
            }
        }
        super.doStop();
    }

    /** The stream may have been closed for all and made anew, while this producer went on. */
    private synchronized StreamUse again() throws StanzaNotSentException {
        if (!isStarted() || !endpoint.getComponent().isStarted()) {
            throw new StanzaNotSentException(
                    StanzaNotSentException.Reason.NOT_READY, "the producer of " + endpoint + " is stopped");
        }
        if (use.isGivenBack()) {
            StreamUse taken = endpoint.use();
            taken.open();
            use = taken;
        }
        return use;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        StreamUse known = use;
        StreamUse by;
        try {
            by = known == null || known.isGivenBack() ? again() : known;
        } catch (StanzaNotSentException | RuntimeException e) {
            return failed(exchange, callback, e);
        }
        StreamLoop loop = by.stream().loop();
        Stanza stanza;
        try {
            stanza = stanza(exchange.getMessage());
        } catch (RuntimeException e) {
            return failed(exchange, callback, e);
        }
        boolean awaits = exchange.getPattern() == ExchangePattern.InOut && stanza.isRequest();
        if (!awaits && loop.inLoop()) {
            send(exchange, stanza, by);
            callback.done(true);
            return true;
        }
        try {
            loop.execute(() -> {
                if (awaits) {
                    new Asking(exchange, stanza, callback).ask(by);
                } else {
                    send(exchange, stanza, by);
                    callback.done(false);
                }
            });
        } catch (RejectedExecutionException e) {
            return failed(exchange, callback, e);
        }
        return false;
    }

    private static boolean failed(Exchange exchange, AsyncCallback callback, Exception why) {
        exchange.setException(why);
        callback.done(true);
        return true;
    }

    private static void send(Exchange exchange, Stanza stanza, StreamUse by) {
        try {
            by.send(stanza);
        } catch (StanzaNotSentException e) {
            exchange.setException(e);
        }
    }

    /** What becomes of an exchange that awaits a reply. */
    private final class Asking implements AskedRequest.Asker {
        private final Exchange exchange;
        private final Stanza request;
        private final AsyncCallback callback;

        Asking(Exchange exchange, Stanza request, AsyncCallback callback) {
            this.exchange = exchange;
            this.request = request;
            this.callback = callback;
        }

        void ask(StreamUse by) {
            AskedRequest asked = new AskedRequest(by, request, this);
            try {
                asked.open();
            } catch (RuntimeException e) {
                end(e);
                return;
            }
            asked.send(Duration.ofMillis(endpoint.getRequestTimeout()));
        }

        @Override
        public void reply(Stanza reply) {
            if (reply.isTruncated()) {
                end(new StanzaErrorException(StanzaXml.errorOf(reply)));
                return;
            }
            exchange.getMessage().setBody(reply);
            StanzaHeaders.set(exchange.getMessage(), reply);
            end(null);
        }

        @Override
        public void ended(String why) {
            end(new RejectedExecutionException("no reply is awaited any more, " + why + ": " + request));
        }

        @Override
        public void late() {
            LOG.debug("no reply in time: {}", request);
            end(new ExchangeTimedOutException(exchange, endpoint.getRequestTimeout()));
        }

        @Override
        public void notSent(StanzaNotSentException why) {
            end(why);
        }

        private void end(Exception failure) {
            if (failure != null) {
                exchange.setException(failure);
            }
            callback.done(false);
        }
    }

    /** The body as a stanza, or as the children of one that the headers describe. */
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
        String to = message.getHeader(XmppComponentConstants.TO, String.class);
        if (to == null) {
            throw new IllegalArgumentException(
                    "header " + XmppComponentConstants.TO + " is missing; it is the address that the stanza goes to");
        }
        String type = message.getHeader(XmppComponentConstants.TYPE, String.class);
        if (kind == Stanza.Kind.IQ && (type == null || !IQ_TYPES.contains(type))) {
            throw new IllegalArgumentException("header " + XmppComponentConstants.TYPE + " is " + type
                    + "; allowed for an iq are get, set, result and error");
        }
        return Stanza.of(
                kind,
                type,
                id == null && kind == Stanza.Kind.IQ ? UUID.randomUUID().toString() : id,
                message.getHeader(XmppComponentConstants.FROM, endpoint.getDomain(), String.class),
                to,
                child.isEmpty() ? StanzaTexts.children(kind, message) : child);
    }
}
