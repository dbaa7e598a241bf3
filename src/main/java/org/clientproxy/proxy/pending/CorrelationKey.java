package org.clientproxy.proxy.pending;

/**
 * The key by which a reply finds its request: resource, encoded-from and id on the wire. All three must be as they were
 * sent, so a wrong sender, token or id finds nothing.
 */
public final class CorrelationKey {
    /** The longest id, in characters, that goes out as it came: what a requester chooses is part of a key in the memory. */
    public static final int LONGEST_ID = 128;

    /** Of what opens no group, and ends none; the aggregator takes no key that is blank. */
    public static final String OF_NO_GROUP = "\n-";

    private CorrelationKey() {}

    /** The key of a request that is at no resource, by a number of its own: no reply spells it, for no address is empty. */
    static String ofNobody(long number) {
        return "\n" + number;
    }

    /** The first two are folded full addresses. */
    public static String of(String resource, String encodedFrom, String id) {
        // No address holds a line feed, and the id comes last, so no two triples give one key.
        return resource + '\n' + encodedFrom + '\n' + id;
    }
}
