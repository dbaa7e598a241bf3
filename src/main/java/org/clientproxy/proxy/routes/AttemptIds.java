package org.clientproxy.proxy.routes;

import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Supplier;
import org.clientproxy.proxy.pending.CorrelationKey;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.xmpp.Jid;

/**
 * Chooses the id under which an attempt at a request goes out, and with it the correlation key of its reply. The requester's id stays,
 * unless a reply under it could be mistaken for another one's, or it is so long that it had better be kept in one place only, or the
 * store gives one that says whose the request is. Used on the loop only.
 */
public final class AttemptIds {
    private final PendingRequests pendingRequests;
    private final Supplier<byte[]> randomId;

    /** What was chosen. */
    record Chosen(String id, String key) {}

    /** @param randomId gives 128 random bits */
    public AttemptIds(PendingRequests pendingRequests, Supplier<byte[]> randomId) {
        this.pendingRequests = pendingRequests;
        this.randomId = randomId;
    }

    /**
     * @param recipient who gets the attempt, and replies
     * @param sender as whom it is sent
     */
    Chosen choose(PendingRequest pending, Jid recipient, Jid sender) {
        String unique = pendingRequests.idFor(pending);
        if (unique != null) {
            return chosen(recipient, sender, unique);
        }
        String own = Objects.requireNonNull(pending.request().id());
        if (!own.isEmpty() && own.length() <= CorrelationKey.LONGEST_ID) {
            Chosen kept = chosen(recipient, sender, own);
            if (!pendingRequests.isTaken(kept.key())) {
                return kept;
            }
        }
        return chosen(recipient, sender, HexFormat.of().formatHex(randomId.get()));
    }

    private static Chosen chosen(Jid recipient, Jid sender, String id) {
        return new Chosen(id, CorrelationKey.of(recipient.key(), sender.key(), id));
    }
}
