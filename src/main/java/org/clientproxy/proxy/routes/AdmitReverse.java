package org.clientproxy.proxy.routes;

import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.clientproxy.proxy.hooks.Gate;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pending.ReverseRequest;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.ReverseCounters;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;
import org.jspecify.annotations.Nullable;

/**
 * The step {@code admit-reverse}: as {@link AdmitRequest}, for a request that a session of the target sends to a requester. An
 * operator's pause is for requesters, and does not concern it: a resource may need it to finish its work.
 */
public final class AdmitReverse extends AsyncProcessorSupport implements Adjustable {
    private final PendingRequests pendingRequests;
    private final ReverseAddresses addresses;
    private final AccessRules access;
    private final StreamLoop loop;
    private final ReverseCounters counters;
    private long replyTimeoutNanos;
    private final boolean traced;
    private final Gate gate;
    private final BooleanSupplier stopped;

    /**
     * @param access who may be asked: those who may ask
     * @param traced whether a tracer is on, whose headers are kept with the request
     * @param stopped whether the route is stopped that brings requests and replies together
     */
    public AdmitReverse(
            PendingRequests pendingRequests,
            ReverseAddresses addresses,
            AccessRules access,
            StreamLoop loop,
            ReverseCounters counters,
            ProxySettings settings,
            boolean traced,
            Gate gate,
            BooleanSupplier stopped) {
        this.pendingRequests = pendingRequests;
        this.addresses = addresses;
        this.access = access;
        this.loop = loop;
        this.counters = counters;
        this.replyTimeoutNanos = settings.replyTimeout().toNanos();
        this.traced = traced;
        this.gate = gate;
        this.stopped = stopped;
    }

    @Override
    public void adjust(ProxySettings now) {
        replyTimeoutNanos = now.replyTimeout().toNanos();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        ReverseRequest pending;
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
    private ReverseRequest admit(Exchange exchange) {
        counters.requested();
        Stanza request = exchange.getMessage().getBody(Stanza.class);
        // The role of the stanza says that it means somebody.
        ReverseAddresses.Meant meant =
                Objects.requireNonNull(addresses.meant(request.fromJid(), request.toJid()), "a request to nobody");
        long now = loop.nanoTime();
        ReverseRequest pending = new ReverseRequest(request, meant.asked(), meant.from(), now, now + replyTimeoutNanos);
        exchange.getMessage().setHeader(ProxyHeaders.REQUEST, pending);
        if (traced) {
            pending.setTrace(TraceLink.of(exchange.getMessage()));
        }
        StanzaError refusal = refusal(pending);
        if (refusal != null) {
            throw new StanzaErrorException(refusal);
        }
        return pending;
    }

    private @Nullable StanzaError refusal(ReverseRequest pending) {
        if (pendingRequests.isDraining()) {
            return ProxyErrors.STOPPING;
        }
        if (stopped.getAsBoolean()) {
            return ProxyErrors.PAUSED;
        }
        return access.allows(pending.asked()) ? pendingRequests.refusal(pending) : ProxyErrors.FORBIDDEN_TO_ASK;
    }
}
