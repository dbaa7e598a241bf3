package org.clientproxy.proxy.pending;

import java.util.List;
import java.util.Map;
import org.clientproxy.xmpp.Attribute;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/**
 * A pending request as a {@link PendingStore} gives it back to the next process.
 *
 * @param record where it is recorded
 * @param deadlineMillis when it expires, in milliseconds of the Unix epoch
 * @param waiting whether it waited for the pool, so that it was sent to nobody yet or not again
 * @param reverse whether a session of the target asked a requester; {@code tried} holds the one whom it asked then
 * @param key the correlation key of its last attempt
 * @param tried the resources that it was sent to; the last one is that of its last attempt unless it waits
 * @param others the attempts that were open beside the last one: the key of each, and its resource, which is among the tried
 * @param request the request as the requester sent it, which holds requester, address used and id
 */
public record RestoredRequest(
        PendingStore.Recorded record,
        long deadlineMillis,
        boolean waiting,
        boolean reverse,
        String key,
        List<Jid> tried,
        Map<String, Jid> others,
        Stanza request) {
    /** The same without what the request says: enough to answer it with an error. */
    public RestoredRequest withoutContent() {
        Stanza bare = Stanza.of(Stanza.Kind.IQ, request.type(), request.id(), request.from(), request.to(), "");
        return new RestoredRequest(record, deadlineMillis, waiting, reverse, key, tried, others, bare);
    }

    /** The request as it is pending in this process, recorded where it is. */
    PendingRequest pending(long startedAt, long deadline) {
        PendingRequest pending = reverse
                ? new ReverseRequest(request, tried.get(0), request.toJid(), startedAt, deadline)
                : new PendingRequest(request, request.fromJid(), startedAt, deadline);
        pending.storedAs(record);
        pending.triedBefore(tried);
        return pending;
    }

    /** Some upper bound of the heap that it takes while it is pending, in octets. */
    long heapOctets() {
        long octets = 1024 + 2L * key.length() + request.octets();
        for (String other : others.keySet()) {
            octets += 400 + 2L * other.length();
        }
        for (Attribute attribute : request.attributes()) {
            octets += 100 + 2L * attribute.value().length();
        }
        return octets;
    }
}
