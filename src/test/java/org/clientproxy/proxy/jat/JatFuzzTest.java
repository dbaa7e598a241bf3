package org.clientproxy.proxy.jat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.clientproxy.proxy.settings.EncodedFrom;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.Test;

/** No token that we did not make verifies, and none makes the decoder throw. */
class JatFuzzTest {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final String OTHERS = ALPHABET + "=+/ .\n\u0000\u00e9\u05d0\ud83d";

    private final Random random = new Random(Long.getLong("seed", 1));
    private final byte[] key = octets(32);
    private final JatCodec codec =
            new JatCodec(Jid.parse("proxy.example"), List.of(octets(32), key), EncodedFrom.TOKEN);

    @Test
    void everyAddressComesBackAndNoChangeOfItsTokenVerifies() {
        String before = codec.encode("a@b/c", "proxy.example");
        for (int run = 0; run < Integer.getInteger("fuzz.runs", 15_000); run++) {
            String requester = address();
            String used = random.nextInt(3) == 0 ? "proxy.example" : address();
            String token = codec.encode(requester, used);
            assertThat(token).as(requester).matches("[A-Za-z0-9_-]{1,1023}").isEqualTo(codec.encode(requester, used));
            if (Base64.getUrlDecoder().decode(token)[0] == JatCodec.DIGEST) {
                assertThat(codec.decode(token)).isEmpty();
            } else {
                assertThat(codec.decode(token)).as(requester).contains(new JatCodec.Decoded(requester, used));
            }
            String changed = changed(token, before);
            if (!changed.equals(token) && !changed.equals(before)) {
                assertThat(codec.verifies(changed))
                        .as("%s of %s", changed, token)
                        .isFalse();
            }
            before = token;
        }
    }

    @Test
    void aTokenOfAnotherDomainOrKeyDoesNotVerify() {
        for (int run = 0; run < 2_000; run++) {
            String requester = address();
            assertThat(codec.verifies(new JatCodec(Jid.parse("proxy.examplf"), List.of(key), EncodedFrom.TOKEN)
                            .encode(requester, "d")))
                    .isFalse();
            assertThat(codec.verifies(new JatCodec(Jid.parse("proxy.example"), List.of(octets(32)), EncodedFrom.TOKEN)
                            .encode(requester, "d")))
                    .isFalse();
        }
    }

    @Test
    void octetsOfAnyLengthAreRefused() {
        for (int length = 0; length < 1_200; length++) {
            byte[] octets = octets(length);
            if (length > 0) {
                octets[0] = (byte) (length % 3);
            }
            assertThat(codec.verifies(Base64.getUrlEncoder().withoutPadding().encodeToString(octets)))
                    .isFalse();
        }
    }

    private String changed(String token, String other) {
        StringBuilder changed = new StringBuilder(token);
        int at = random.nextInt(token.length());
        switch (random.nextInt(8)) {
            case 0 -> changed.setCharAt(at, ALPHABET.charAt(random.nextInt(64)));
            case 1 -> changed.setCharAt(at, OTHERS.charAt(random.nextInt(OTHERS.length())));
            case 2 -> changed.setLength(at);
            case 3 -> changed.insert(at, OTHERS.charAt(random.nextInt(OTHERS.length())));
            case 4 -> changed.deleteCharAt(at);
            // The head of the one with the tail, and so the tag, of the other.
            case 5 -> changed.replace(at, token.length(), other.substring(Math.min(at, other.length())));
            case 6 -> changed.append(token);
            default -> flip(changed);
        }
        return changed.toString();
    }

    private void flip(StringBuilder token) {
        byte[] octets = Base64.getUrlDecoder().decode(token.toString());
        octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
        token.setLength(0);
        token.append(Base64.getUrlEncoder().withoutPadding().encodeToString(octets));
    }

    private String address() {
        StringBuilder address = new StringBuilder();
        int length = 1 + random.nextInt(random.nextInt(20) == 0 ? 1_500 : 40);
        while (address.length() < length) {
            int c = random.nextInt(4) == 0 ? 0x20 + random.nextInt(0xd000) : 'a' + random.nextInt(26);
            address.appendCodePoint(c);
        }
        return address.toString();
    }

    private byte[] octets(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }
}
