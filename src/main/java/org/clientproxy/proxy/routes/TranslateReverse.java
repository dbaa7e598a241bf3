package org.clientproxy.proxy.routes;

import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.proxy.conversations.Conversation;
import org.clientproxy.proxy.conversations.Conversations;
import org.clientproxy.proxy.pending.CorrelationKey;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pending.ReverseRequest;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaErrorException;

/**
 * The step {@code translate-reverse}: rewrites the addresses of a request of a session of the target, so that it comes from the
 * address that the requester used and goes to the requester. The {@link ReverseRequest} knows from then on under which
 * correlation key.
 */
public final class TranslateReverse implements Processor {
    private final PendingRequests pendingRequests;
    private final Conversations conversations;
    private final StreamLoop loop;
    private final Supplier<byte[]> randomId;
    private final int maxStanzaSize;

    /** @param randomId gives 128 random bits */
    public TranslateReverse(
            PendingRequests pendingRequests,
            Conversations conversations,
            StreamLoop loop,
            Supplier<byte[]> randomId,
            ProxySettings settings) {
        this.pendingRequests = pendingRequests;
        this.conversations = conversations;
        this.loop = loop;
        this.randomId = randomId;
        this.maxStanzaSize = settings.stream().maxStanzaSize();
    }

    @Override
    public void process(Exchange exchange) {
        ReverseRequest pending = (ReverseRequest) Correlation.pending(exchange);
        exchange.getMessage().setBody(translate(pending));
    }

    /** The id stays under the same conditions as that of a requester's request: two sessions may use one id to one requester. */
    private Stanza translate(ReverseRequest pending) {
        Jid from = pending.from();
        String unique = pendingRequests.idFor(pending);
        String id = unique == null ? Objects.requireNonNull(pending.request().id()) : unique;
        boolean fresh = id.isEmpty() || id.length() > CorrelationKey.LONGEST_ID;
        String key = fresh ? "" : CorrelationKey.of(pending.asked().key(), from.key(), id);
        if (unique == null && (fresh || pendingRequests.isTaken(key))) {
            id = HexFormat.of().formatHex(randomId.get());
            key = CorrelationKey.of(pending.asked().key(), from.key(), id);
        }
        Stanza translated = pending.request().readdressed(from, pending.asked(), id);
        if (translated.octets() > maxStanzaSize) {
            throw new StanzaErrorException(ProxyErrors.TOO_LARGE);
        }
        pending.send(key, loop.nanoTime());
        conversations.spoke(new Conversation(pending.asked(), from), pending.requester);
        return translated;
    }
}
