package org.clientproxy.proxy;

import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaErrorException;

/**
 * The step {@code translate-request}: rewrites the addresses of a request (JAT), so that it comes from the requester's
 * encoded-from and goes to the chosen resource, and gives it the correlation key of its reply. The id stays unless a reply
 * under it could be mistaken for another one's.
 */
final class TranslateRequest implements Processor {
    private final PendingRequests pendingRequests;
    private final JatCodec jat;
    private final StreamLoop loop;
    private final Supplier<byte[]> randomId;
    private final Jid domain;
    private final int maxStanzaSize;

    /** @param randomId gives 128 random bits */
    TranslateRequest(
            PendingRequests pendingRequests,
            JatCodec jat,
            StreamLoop loop,
            Supplier<byte[]> randomId,
            ProxySettings settings) {
        this.pendingRequests = pendingRequests;
        this.jat = jat;
        this.loop = loop;
        this.randomId = randomId;
        this.domain = settings.domain();
        this.maxStanzaSize = settings.stream().maxStanzaSize();
    }

    @Override
    public void process(Exchange exchange) {
        PendingRequest pending = Correlation.pending(exchange);
        PooledResource resource = exchange.getMessage().getHeader(ProxyHeaders.RESOURCE, PooledResource.class);
        Stanza request = pending.request;
        String encodedFrom = jat.encode(pending.requester.toString(), Objects.requireNonNull(request.to()));
        String id = Objects.requireNonNull(request.id());
        String key = CorrelationKey.of(resource.key(), encodedFrom, id);
        if (id.isEmpty() || pendingRequests.isTaken(key)) {
            id = HexFormat.of().formatHex(randomId.get());
            key = CorrelationKey.of(resource.key(), encodedFrom, id);
        }
        Stanza translated = request.readdressed(domain.withResource(encodedFrom), resource.jid(), id);
        if (translated.octets() > maxStanzaSize) {
            throw new StanzaErrorException(ProxyErrors.TOO_LARGE);
        }
        pending.attempt(resource, key, loop.nanoTime());
        exchange.getMessage().setBody(translated);
        exchange.getMessage().setHeader(ProxyHeaders.KEY, key);
    }
}
