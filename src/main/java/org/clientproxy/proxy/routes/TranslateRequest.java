package org.clientproxy.proxy.routes;

import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.jat.JatCodec;
import org.clientproxy.proxy.jat.LateRequesters;
import org.clientproxy.proxy.pending.PendingRequest;
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
    private final JatCodec jat;
    private final LateRequesters late;
    private final StreamLoop loop;
    private final AttemptIds ids;
    private final int maxStanzaSize;

    public TranslateRequest(
            JatCodec jat, LateRequesters late, StreamLoop loop, AttemptIds ids, ProxySettings settings) {
        this.jat = jat;
        this.late = late;
        this.loop = loop;
        this.ids = ids;
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

    private Stanza translate(PendingRequest pending, PooledResource resource) {
        Stanza request = pending.request();
        Jid encodedFrom = jat.encodedFrom(pending.requester.toString(), Objects.requireNonNull(request.to()));
        late.wrote(encodedFrom, pending.requester.toString(), request.toJid().toString(), loop.nanoTime());
        AttemptIds.Chosen chosen = ids.choose(pending, resource.jid(), encodedFrom);
        Stanza translated = request.readdressed(encodedFrom, resource.jid(), chosen.id());
        if (translated.octets() > maxStanzaSize) {
            throw new StanzaErrorException(ProxyErrors.TOO_LARGE);
        }
        pending.attempt(resource, chosen.key(), loop.nanoTime());
        return translated;
    }
}
