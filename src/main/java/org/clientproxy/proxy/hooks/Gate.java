package org.clientproxy.proxy.hooks;

import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.clientproxy.component.StanzaHeaders;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.ReverseRequest;
import org.clientproxy.stream.StreamLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hook {@code request-admitted}, or {@code reverse-admitted} for the other direction: brings an admitted request to the operator's route, whose exceptions refuse it, and
 * takes it back on the loop. While it is away on another thread it is pending: it counts, it is answered at its deadline or
 * at a stop, and its exchange, should it return after that, ends without a second answer.
 */
public final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final Hook hook;
    private final PendingRequests pendingRequests;
    private final StreamLoop loop;

    public Gate(Hook hook, PendingRequests pendingRequests, StreamLoop loop) {
        this.hook = hook;
        this.pendingRequests = pendingRequests;
        this.loop = loop;
    }

    /** As {@link org.apache.camel.AsyncProcessor#process(Exchange, AsyncCallback)}; the callback is called on the loop. */
    public boolean pass(Exchange exchange, PendingRequest pending, AsyncCallback callback) {
        AsyncProducer route = hook.producer();
        if (route == null) {
            callback.done(true);
            return true;
        }
        Message message = exchange.getMessage();
        // It may be away for long, in the exchange and as pending: both hold the same octets.
        pendingRequests.compact(pending);
        message.setBody(pending.request());
        StanzaHeaders.set(message, pending.request());
        String account = pending.account();
        if (pending instanceof ReverseRequest reverse) {
            account = reverse.askedAccount();
            message.setHeader(ProxyHeaders.REQUESTER, reverse.asked().toString());
            message.setHeader(ProxyHeaders.ASKING, pending.requester.toString());
        } else {
            message.setHeader(ProxyHeaders.REQUESTER, pending.requester.toString());
        }
        message.setHeader(ProxyHeaders.REQUESTER_DOMAIN, account.substring(account.indexOf('@') + 1));
        Passage passage = new Passage(exchange, pending, callback);
        if (route.process(exchange, passage)) {
            restore(exchange, pending);
            callback.done(true);
            return true;
        }
        passage.left();
        return false;
    }

    /** The request is what was admitted, whatever the route made of the exchange; what remains is whether it failed. */
    private void restore(Exchange exchange, PendingRequest pending) {
        Message message = exchange.getMessage();
        message.setBody(pending.request());
        message.setHeader(ProxyHeaders.REQUEST, pending);
        hook.restore(exchange);
    }

    /** One request on its way through a route that does not end before it returns. Used on the loop, but for the callback. */
    private final class Passage implements AsyncCallback {
        private final Exchange exchange;
        private final PendingRequest pending;
        private final AsyncCallback callback;
        private boolean held;
        private boolean back;

        Passage(Exchange exchange, PendingRequest pending, AsyncCallback callback) {
            this.exchange = exchange;
            this.pending = pending;
            this.callback = callback;
        }

        void left() {
            if (!back) {
                held = true;
                pendingRequests.hold(pending);
            }
        }

        /** The route has ended; any thread. */
        @Override
        public void done(boolean doneSync) {
            if (doneSync) {
                return;
            }
            if (loop.inLoop()) {
                comeBack();
                return;
            }
            try {
                loop.execute(this::comeBack);
            } catch (RejectedExecutionException e) {
                LOG.debug("came back from a hook after the stop: {}", pending);
                drop();
            }
        }

        private void comeBack() {
            back = true;
            if (!held || pendingRequests.release(pending)) {
                restore(exchange, pending);
                callback.done(false);
            } else {
                LOG.debug("came back from a hook when it had its answer: {}", pending);
                drop();
            }
        }

        private void drop() {
            exchange.setException(null);
            exchange.setRouteStop(true);
            callback.done(false);
        }
    }
}
