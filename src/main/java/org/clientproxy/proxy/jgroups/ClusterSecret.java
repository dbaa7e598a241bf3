package org.clientproxy.proxy.jgroups;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.clientproxy.proxy.settings.ClusterKeys;
import org.clientproxy.proxy.settings.ProxySettings;

/** What the nodes of one proxy know each other by; keys are made of it. Two uses of it must not share a key, nor must two proxies. */
final class ClusterSecret {
    private static final String ALGORITHM = "HmacSHA256";

    private final ProxySettings settings;
    private final String secret;

    ClusterSecret(ProxySettings settings) {
        this.settings = settings;
        this.secret = settings.get(ClusterKeys.CLUSTER_SECRET);
    }

    /** Whether there is none, as on loopback: then nobody is kept out, and nothing is hidden. */
    boolean isEmpty() {
        return secret.isEmpty();
    }

    /** A key of 256 bits for this use. */
    byte[] keyFor(String use) {
        return code(
                (secret.isEmpty() ? "none" : secret).getBytes(StandardCharsets.UTF_8),
                (use + " of " + settings.domain() + " for " + settings.target()).getBytes(StandardCharsets.UTF_8));
    }

    /** HMAC-SHA-256 of these octets. */
    static byte[] code(byte[] key, byte[] octets) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(octets);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
