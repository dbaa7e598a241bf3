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

    private UsualNames() {}

    /** The name in these octets, if it is one of the usual ones. */
    static @Nullable String find(byte[] octets, int from, int to) {
        for (int i = 0; i < OCTETS.length; i++) {
            if (Arrays.equals(octets, from, to, OCTETS[i], 0, OCTETS[i].length)) {
                return NAMES[i];
            }
        }
        return null;
    }
}
