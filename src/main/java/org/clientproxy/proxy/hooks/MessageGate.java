package org.clientproxy.proxy.hooks;

import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.clientproxy.component.StanzaHeaders;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaErrorException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hook {@code message-admitted}: brings a message of either direction to the operator's route, whose exceptions refuse it,
 * and takes it back on the loop. A message that is away on another thread may be overtaken by the next one. So many may be away
 * at a time that a route that hangs cannot fill the memory.
 */
public final class MessageGate {
    private static final Logger LOG = LoggerFactory.getLogger(MessageGate.class);

    /** So many messages may be away on other threads. */
    static final int MOST_AWAY = 1000;

    /** So many octets they may have together. */
    static final long MOST_OCTETS_AWAY = 4L << 20;

    private final Hook hook;
    private final StreamLoop loop;
    private int away;
    private long octetsAway;

    public MessageGate(Hook hook, StreamLoop loop) {
        this.hook = hook;
        this.loop = loop;
    }

    /**
     * As {@link org.apache.camel.AsyncProcessor#process(Exchange, AsyncCallback)}; the callback is called on the loop.
     *
     * @param requester who wrote it, or to whom it goes
     * @param out whether it goes to the requester
     */
    public boolean pass(Exchange exchange, Stanza stanza, Jid requester, boolean out, AsyncCallback callback) {
        AsyncProducer route = hook.producer();
        if (route == null) {
            callback.done(true);
            return true;
        }
        int octets = stanza.octets();
        if (away >= MOST_AWAY || octetsAway + octets > MOST_OCTETS_AWAY) {
            exchange.setException(new StanzaErrorException(ProxyErrors.TOO_MANY_MESSAGES));
            callback.done(true);
            return true;
        }
        Message message = exchange.getMessage();
        Stanza kept = stanza.compact(stanza.toJid());
        message.setBody(kept);
        StanzaHeaders.set(message, kept);
        message.setHeader(ProxyHeaders.DIRECTION, out ? "out" : "in");
        message.setHeader(ProxyHeaders.REQUESTER, requester.toString());
        String account = requester.bareKey();
        message.setHeader(ProxyHeaders.REQUESTER_DOMAIN, account.substring(account.indexOf('@') + 1));
        if (out) {
            message.setHeader(ProxyHeaders.ASKING, String.valueOf(kept.from()));
        }
        Object passed = message.getHeader(ProxyHeaders.MESSAGE);
        away++;
        octetsAway += octets;
        Runnable comesBack = () -> {
            away--;
            octetsAway -= octets;
            Message returned = exchange.getMessage();
            // It is what was admitted, whatever the route made of the exchange.
            returned.setBody(kept);
            returned.setHeader(ProxyHeaders.MESSAGE, passed);
            hook.restore(exchange);
        };
        if (route.process(exchange, doneSync -> returned(doneSync, comesBack, callback))) {
            comesBack.run();
            callback.done(true);
            return true;
        }
        return false;
    }

    /** The route has ended; any thread. */
    private void returned(boolean doneSync, Runnable comesBack, AsyncCallback callback) {
        if (doneSync) {
            return;
        }
        try {
            loop.execute(() -> {
                comesBack.run();
                callback.done(false);
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("a message came back from a hook after the stop");
            callback.done(false);
        }
    }
}
