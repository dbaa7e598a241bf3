package org.clientproxy.proxy.features;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import org.clientproxy.proxy.pool.Caps;
import org.jspecify.annotations.Nullable;

/**
 * A hash that stands for features, whoever says it (XEP-0115 §5).
 *
 * @param function its name in the IANA registry of hash functions; one that Java has
 * @param ver the hash, in base64
 */
record CapsHash(String function, String ver) {
    private static final Map<String, String> FUNCTIONS = Map.of(
            "sha-1", "SHA-1",
            "sha-224", "SHA-224",
            "sha-256", "SHA-256",
            "sha-384", "SHA-384",
            "sha-512", "SHA-512");

    /** The hash in what a session says of itself; null where there is none that could be checked. */
    static @Nullable CapsHash of(@Nullable Caps caps) {
        String function = caps == null ? null : caps.hash();
        return caps == null || function == null || !FUNCTIONS.containsKey(function)
                ? null
                : new CapsHash(function, caps.ver());
    }

    /** Whether it is that of this answer, and of no other that an honest program gives. */
    boolean standsFor(DiscoInfo info) {
        VerificationString string = VerificationString.of(info);
        return string.isClear() && of(string.toString()).equals(ver);
    }

    private String of(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance(FUNCTIONS.get(function));
            return Base64.getEncoder().encodeToString(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java has no " + function, e);
        }
    }
}
