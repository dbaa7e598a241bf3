package org.clientproxy.proxy.pool;

import org.jspecify.annotations.Nullable;

/**
 * What a session says in its presence about what its program is and can (XEP-0115 §4).
 *
 * @param node names the program
 * @param ver the hash of what the program can, in base64
 * @param hash the function that made it, by its name in the IANA registry; null where an old program names none, so that {@code
 *     ver} is no hash
 */
public record Caps(String node, String ver, @Nullable String hash) {
    // Whoever sends more than this has it thrown away, for it is kept as long as the session is there.
    private static final int LONGEST = 255;

    /** Null where the element lacks one of them, or is too long. */
    static @Nullable Caps of(@Nullable String node, @Nullable String ver, @Nullable String hash) {
        if (node == null || ver == null || node.length() + ver.length() >= LONGEST) {
            return null;
        }
        return new Caps(node, ver, hash == null || hash.length() >= LONGEST ? null : hash);
    }

    /** {@code node#ver}, by which the session is asked for what it stands for. */
    public String query() {
        return node + '#' + ver;
    }
}
