package org.clientproxy.proxy.routes;

import java.util.function.BooleanSupplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.clientproxy.proxy.hooks.Gate;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;

/**
 * The step {@code admit}: takes a request in, from when on it must be answered, and refuses it at once where the rules or
 * the limits say so, else brings it to the {@link Gate}. Its {@link PendingRequest} is in the header {@link ProxyHeaders#REQUEST} in either case.
 */
public final class AdmitRequest extends AsyncProcessorSupport implements Adjustable {
    private final PendingRequests pendingRequests;
    private final AccessRules access;
    private final StreamLoop loop;
    private final ProxyCounters counters;
    private long replyTimeoutNanos;
    private final boolean traced;
    private final Gate gate;
    private final BooleanSupplier stopped;

    /**
     * @param traced whether a tracer is on, whose headers are kept with the request
     * @param stopped whether the route is stopped that brings requests and replies together
     */
    public AdmitRequest(
            PendingRequests pendingRequests,
            AccessRules access,
            StreamLoop loop,
            ProxyCounters counters,
            ProxySettings settings,
            boolean traced,
            Gate gate,
            BooleanSupplier stopped) {
        this.pendingRequests = pendingRequests;
        this.access = access;
        this.loop = loop;
        this.counters = counters;
        this.traced = traced;
        this.gate = gate;
        this.stopped = stopped;
        this.replyTimeoutNanos = settings.replyTimeout().toNanos();
    }

    @Override
    public void adjust(ProxySettings now) {
        replyTimeoutNanos = now.replyTimeout().toNanos();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        PendingRequest pending;
        try {
            pending = admit(exchange);
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        return gate.pass(exchange, pending, callback);
    }

    /** All but the gate. */
    public PendingRequest admit(Exchange exchange) {
        counters.requested();
        Stanza request = exchange.getMessage().getBody(Stanza.class);
        Jid requester = request.fromJid();
        long now = loop.nanoTime();
        PendingRequest pending = new PendingRequest(request, requester, now, now + replyTimeoutNanos);
        exchange.getMessage().setHeader(ProxyHeaders.REQUEST, pending);
        if (traced) {
            pending.setTrace(TraceLink.of(exchange.getMessage()));
        }
        if (pendingRequests.isDraining()) {
            throw refusal(ProxyErrors.STOPPING);
        }
        if (pendingRequests.isPaused() || stopped.getAsBoolean()) {
            throw refusal(ProxyErrors.PAUSED);
        }
        if (!access.allows(requester)) {
            throw refusal(ProxyErrors.FORBIDDEN);
        }
        StanzaError full = pendingRequests.refusal(pending);
        if (full != null) {
            throw refusal(full);
        }
        return pending;
    }

    private static StanzaErrorException refusal(StanzaError error) {
        return new StanzaErrorException(error);
    }
}
