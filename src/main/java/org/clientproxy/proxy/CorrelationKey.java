package org.clientproxy.proxy;

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
}
