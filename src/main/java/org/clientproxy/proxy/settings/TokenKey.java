package org.clientproxy.proxy.settings;

import java.util.Base64;
import java.util.List;

/** A secret key of the encoded-from tokens, as it is written: 256 bits in base64url. No key is ever printed. */
public final class TokenKey {
    /** How long a key is. */
    public static final int OCTETS = 32;

    private TokenKey() {}

    /** Keys with commas between. */
    static ValueType<List<String>> list() {
        return new ValueType<>(
                text -> {
                    List<String> keys = Texts.items(text);
                    keys.forEach(key -> decode(key, "it"));
                    return keys;
                },
                "keys of 256 bits in base64url, separated by commas");
    }

    /**
     * The octets of a key.
     *
     * @throws IllegalArgumentException which says of {@code where} that it holds no key, and does not hold the text
     */
    public static byte[] decode(String text, String where) {
        byte[] key;
        try {
            key = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // Its message would hold characters of the text.
            key = new byte[0];
        }
        if (key.length != OCTETS) {
            throw new IllegalArgumentException(
                    where + " holds no key of 256 bits in base64url (43 characters); make one with:"
                            + " head -c 32 /dev/urandom | basenc --base64url | tr -d =");
        }
        return key;
    }
}
