package org.clientproxy.xml;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The names of elements and attributes that nearly every stanza has, so that they are not made anew for each. */
final class UsualNames {
    private static final String[] NAMES = {"to", "from", "id", "type", "iq", "xml:lang", "xmlns", "presence", "message"
    };
    private static final byte[][] OCTETS = Arrays.stream(NAMES)
            .map(name -> name.getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);

    /** For each place the index of the name that belongs there, or -1. */
    private static final int[] PLACES = new int[64];

    static {
        Arrays.fill(PLACES, -1);
        for (int i = 0; i < OCTETS.length; i++) {
            PLACES[place(OCTETS[i], 0, OCTETS[i].length)] = i;
        }
    }

    private UsualNames() {}

    /** The name in these octets, if it is one of the usual ones. */
    static @Nullable String find(byte[] octets, int from, int to) {
        int i = PLACES[place(octets, from, to)];
        return i >= 0 && Arrays.equals(octets, from, to, OCTETS[i], 0, OCTETS[i].length) ? NAMES[i] : null;
    }

    /** Each of the names has a place of its own. */
    private static int place(byte[] octets, int from, int to) {
        return octets[from] + 2 * octets[to - 1] + 5 * (to - from) & PLACES.length - 1;
    }
}
