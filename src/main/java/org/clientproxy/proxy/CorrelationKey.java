package org.clientproxy.proxy;

import java.util.Objects;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/**
 * The key by which a reply finds its request: resource, encoded-from and id on the wire. All three must be as they were
 * sent, so a wrong sender, token or id finds nothing.
 */
final class CorrelationKey {
    private CorrelationKey() {}

    /** @param resource the folded full address */
    static String of(String resource, String encodedFrom, String id) {
        // No address holds a line feed, and the id comes last, so no two triples give one key.
        return resource + '\n' + encodedFrom + '\n' + id;
    }

    /** The key that the addresses and the id of a reply spell. */
    static String ofReply(Stanza reply) {
        Jid to = reply.toJid();
        // A reply to node@domain/resource is to nobody whom we sent a request for.
        String encodedFrom = to.local() != null || to.resource() == null ? "" : to.resource();
        return of(reply.fromJid().key(), encodedFrom, Objects.requireNonNull(reply.id()));
    }
}
