package org.clientproxy.proxy.pending;

import java.util.List;
import org.clientproxy.xmpp.Attribute;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/**
 * How much heap a pending request keeps, in octets, as {@code proxy.max-pending-size} counts it: its payload, its attributes,
 * its addresses with their copies, its correlation key, and the objects around these. Rather a little too much than too
 * little; {@code docs/performance.md} compares it with what is measured.
 */
final class PendingSize {
    /** The objects that every pending request has, and its places in tables, without any text. */
    static final int OBJECTS = 100;

    /** An attribute, without its text. */
    private static final int ATTRIBUTE = 8;

    /** An attempt that is open beside another, with its places in tables, without any text. */
    private static final int FURTHER = 200;

    /** A string or an array, without what is in it. */
    private static final int HEADER = 48;

    /** Whether such a short text is all Latin-1 is not looked at: it counts as if it were not. */
    private static final int SHORT = 64;

    private PendingSize() {}

    /** All of it but what comes with an attempt. */
    @SuppressWarnings("ReferenceEquality") // The question is whether there are two strings in the memory.
    static long of(Stanza request, Jid requester, String account) {
        String folded = requester.key();
        return OBJECTS + of(request) + text(account) + (folded == requester.toString() ? 0 : text(folded));
    }

    /** What an attempt adds: its key, and the addresses of the resources before. */
    static long ofAttempt(String key, List<Jid> tried) {
        long octets = text(key);
        // The last one is in the key too, and the others are mostly still in the pool; most requests have no others.
        for (int i = 0; i < tried.size() - 1; i++) {
            octets += text(tried.get(i).toString());
        }
        return octets;
    }

    /** What a further attempt adds while the one before stays open. */
    static long ofFurther(String key) {
        return FURTHER + text(key);
    }

    /** A stanza that is kept. */
    static long of(Stanza stanza) {
        List<Attribute> attributes = stanza.attributes();
        long octets = (long) HEADER + stanza.contentOctets();
        for (int i = 0; i < attributes.size(); i++) {
            Attribute attribute = attributes.get(i);
            octets += ATTRIBUTE + text(attribute.name()) + text(attribute.value());
        }
        return octets;
    }

    /** A string takes one octet for each character, or two where one character is beyond Latin-1. */
    static long text(String text) {
        int length = text.length();
        return HEADER + (length <= SHORT || !isLatin(text) ? 2L * length : length);
    }

    private static boolean isLatin(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                return false;
            }
        }
        return true;
    }
}
