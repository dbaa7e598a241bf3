package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session says of itself in its presence (XEP-0115), in a random run.
 *
 * @param hash null where an old program names no function
 */
record ModelCaps(String ver, @Nullable String hash) {
    static final String NODE = "urn:node";
    static final List<String> OLD = List.of("http://jabber.org/protocol/disco#info", "urn:q");
    static final List<String> NEW = List.of("http://jabber.org/protocol/disco#info", "urn:q", "urn:q2");

    /** What a session may say; null: nothing. Those with a hash of {@link #OLD} or {@link #NEW} may lie. */
    private static final ModelCaps[] ALL = {
        null,
        new ModelCaps(hashOf(OLD), "sha-1"),
        new ModelCaps(hashOf(OLD), "sha-1"),
        new ModelCaps(hashOf(NEW), "sha-1"),
        new ModelCaps(hashOf(NEW), "sha-1"),
        new ModelCaps("1.0", null),
        new ModelCaps("eA==", "md9")
    };

    static @Nullable ModelCaps pick(int random) {
        return ALL[random % ALL.length];
    }

    /** Whether these features are what the hash stands for, whoever says it. */
    boolean standsFor(List<String> features) {
        return "sha-1".equals(hash) && ver.equals(hashOf(features));
    }

    /** Whether one question serves all who say the same. */
    boolean isShared() {
        return "sha-1".equals(hash);
    }

    String xml() {
        String function = hash == null ? "" : " hash='" + hash + "'";
        return "<c xmlns='http://jabber.org/protocol/caps' node='" + NODE + "' ver='" + ver + "'" + function + "/>";
    }

    /** XEP-0115 §5.1, of an answer with one identity and no form. */
    static String hashOf(List<String> features) {
        String text =
                "client/bot//<" + String.join("<", features.stream().sorted().toList()) + '<';
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
