package org.clientproxy.proxy.routes;

import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.jat.JatCodec;
import org.clientproxy.proxy.jat.LateRequesters;
import org.clientproxy.proxy.pending.CorrelationKey;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaErrorException;

/**
 * The step {@code translate}: rewrites the addresses of a request (JAT), so that it comes from the requester's encoded-from
 * and goes to the resource that the step {@code choose} has put into the header {@link ProxyHeaders#RESOURCE}. The {@link
 * PendingRequest} knows from then on where it goes, and under which correlation key.
 */
public final class TranslateRequest implements Processor {
    private final PendingRequests pendingRequests;
    private final JatCodec jat;
    private final LateRequesters late;
    private final StreamLoop loop;
    private final Supplier<byte[]> randomId;
    private final int maxStanzaSize;

    /** @param randomId gives 128 random bits */
    public TranslateRequest(
            PendingRequests pendingRequests,
            JatCodec jat,
            LateRequesters late,
            StreamLoop loop,
            Supplier<byte[]> randomId,
            ProxySettings settings) {
        this.pendingRequests = pendingRequests;
        this.jat = jat;
        this.late = late;
        this.loop = loop;
        this.randomId = randomId;
        this.maxStanzaSize = settings.stream().maxStanzaSize();
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        PendingRequest pending = Correlation.pending(exchange);
        if (!(message.getHeader(ProxyHeaders.RESOURCE) instanceof PooledResource resource)) {
            throw new IllegalStateException("the header " + ProxyHeaders.RESOURCE
                    + " holds no resource of the pool: the step choose sets it, and no other step changes it");
        }
        message.setBody(translate(pending, resource));
    }

    /**
     * The id stays unless a reply under it could be mistaken for another one's, or it is so long that it had better be kept in
     * one place only, or the store gives one that says whose the request is.
     */
    private Stanza translate(PendingRequest pending, PooledResource resource) {
        Stanza request = pending.request();
        Jid encodedFrom = jat.encodedFrom(pending.requester.toString(), Objects.requireNonNull(request.to()));
        late.wrote(encodedFrom, pending.requester.toString(), request.toJid().toString(), loop.nanoTime());
        String unique = pendingRequests.idFor(pending);
        String id = unique == null ? Objects.requireNonNull(request.id()) : unique;
        boolean fresh = id.isEmpty() || id.length() > CorrelationKey.LONGEST_ID;
        String key = fresh ? "" : CorrelationKey.of(resource.key(), encodedFrom.key(), id);
        if (unique == null && (fresh || pendingRequests.isTaken(key))) {
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
