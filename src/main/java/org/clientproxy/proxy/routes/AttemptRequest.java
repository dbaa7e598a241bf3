package org.clientproxy.proxy.routes;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.CorrelationKey;
import org.clientproxy.proxy.pending.Attempts;
import org.clientproxy.proxy.jat.JatCodec;
import org.clientproxy.proxy.hooks.ProxyHeaders;

import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaErrorException;
import org.jspecify.annotations.Nullable;

/**
 * The step {@code attempt}: chooses a resource for the request, and rewrites the addresses (JAT), so that it comes from the
 * requester's encoded-from and goes to that resource; the {@link PendingRequest} knows both, and under which correlation
 * key. While it is not known who is there, there may be no resource: the request is pending at once, and goes no further,
 * until it is.
 */
public final class AttemptRequest implements Processor {
    private final ResourcePool pool;
    private final PendingRequests pendingRequests;
    private final JatCodec jat;
    private final StreamLoop loop;
    private final Supplier<byte[]> randomId;
    private final int maxStanzaSize;
    private final boolean traced;

    /**
     * @param randomId gives 128 random bits
     * @param traced whether a tracer is on, which is told the resource
     */
    public AttemptRequest(
            ResourcePool pool,
            PendingRequests pendingRequests,
            JatCodec jat,
            StreamLoop loop,
            Supplier<byte[]> randomId,
            ProxySettings settings,
            boolean traced) {
        this.pool = pool;
        this.pendingRequests = pendingRequests;
        this.jat = jat;
        this.loop = loop;
        this.randomId = randomId;
        this.maxStanzaSize = settings.stream().maxStanzaSize();
        this.traced = traced;
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        PendingRequest pending = Correlation.pending(exchange);
        PooledResource resource = choose(pending);
        if (resource == null) {
            pendingRequests.await(pending);
            exchange.setRouteStop(true);
            return;
        }
        message.setBody(translate(pending, resource));
        if (traced) {
            message.setHeader(ProxyHeaders.RESOURCE, resource);
        }
    }

    private @Nullable PooledResource choose(PendingRequest pending) {
        if (!pool.isConfirmed()) {
            return null;
        }
        PooledResource chosen = Attempts.choose(pool, pending);
        if (chosen == null && !pool.isInDoubt()) {
            throw new StanzaErrorException(
                    pending.tried().isEmpty() ? ProxyErrors.NO_RESOURCE : ProxyErrors.RESOURCE_GONE);
        }
        return chosen;
    }

    /**
     * The id stays unless a reply under it could be mistaken for another one's, or it is so long that it had better be kept in
     * one place only.
     */
    private Stanza translate(PendingRequest pending, PooledResource resource) {
        Stanza request = pending.request();
        Jid encodedFrom = jat.encodedFrom(pending.requester.toString(), Objects.requireNonNull(request.to()));
        String id = Objects.requireNonNull(request.id());
        boolean fresh = id.isEmpty() || id.length() > CorrelationKey.LONGEST_ID;
        String key = fresh ? "" : CorrelationKey.of(resource.key(), encodedFrom.key(), id);
        if (fresh || pendingRequests.isTaken(key)) {
            id = HexFormat.of().formatHex(randomId.get());
            key = CorrelationKey.of(resource.key(), encodedFrom.key(), id);
        }
        Stanza translated = request.readdressed(encodedFrom, resource.jid(), id);
        if (translated.octets() > maxStanzaSize) {
            throw new StanzaErrorException(ProxyErrors.TOO_LARGE);
        }
        pending.attempt(resource, key, loop.nanoTime());
        return translated;
    }
}
