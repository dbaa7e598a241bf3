package org.clientproxy.proxy.caps;

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
public record CapsHash(String function, String ver) {
    private static final Map<String, String> FUNCTIONS = Map.of(
            "sha-1", "SHA-1",
            "sha-224", "SHA-224",
            "sha-256", "SHA-256",
            "sha-384", "SHA-384",
            "sha-512", "SHA-512");

    /** The hash in what a session says of itself; null where there is none that could be checked. */
    public static @Nullable CapsHash of(@Nullable Caps caps) {
        String function = caps == null ? null : caps.hash();
        return caps == null || function == null || !FUNCTIONS.containsKey(function)
                ? null
                : new CapsHash(function, caps.ver());
    }

    /** Whether it is that of this answer, and of no other that an honest program gives. */
    public boolean standsFor(DiscoInfo info) {
        VerificationString string = VerificationString.of(info);
        return string.isClear() && of(function, string).equals(this);
    }

    /**
     * The hash of this string.
     *
     * @param function one of those that Java has, by its name in the registry
     */
    public static CapsHash of(String function, VerificationString string) {
        try {
            MessageDigest digest = MessageDigest.getInstance(FUNCTIONS.get(function));
            byte[] hash = digest.digest(string.toString().getBytes(StandardCharsets.UTF_8));
            return new CapsHash(function, Base64.getEncoder().encodeToString(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java has no " + function, e);
        }
    }
}
