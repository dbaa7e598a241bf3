package org.clientproxy.proxy;

import java.util.Objects;
import org.clientproxy.xmpp.Stanza;

/**
 * The key by which a reply finds its request: resource, encoded-from and id on the wire. All three must be as they were
 * sent, so a wrong sender, token or id finds nothing.
 */
final class CorrelationKey {
    private CorrelationKey() {}

    /** The first two are folded full addresses. */
    static String of(String resource, String encodedFrom, String id) {
        // No address holds a line feed, and the id comes last, so no two triples give one key.
        return resource + '\n' + encodedFrom + '\n' + id;
    }

    /** The key that the addresses and the id of a reply spell. */
    static String ofReply(Stanza reply) {
        return of(reply.fromJid().key(), reply.toJid().key(), Objects.requireNonNull(reply.id()));
    }
}
