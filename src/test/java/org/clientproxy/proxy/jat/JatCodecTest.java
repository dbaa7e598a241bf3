package org.clientproxy.proxy.jat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.settings.EncodedFrom;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JatCodecTest {
    private static final byte[] KEY = new byte[32];
    private static final byte[] OTHER = new byte[32];

    static {
        for (int i = 0; i < 32; i++) {
            KEY[i] = (byte) i;
            OTHER[i] = (byte) (i + 1);
        }
    }

    private final JatCodec codec = new JatCodec(Jid.parse("proxy.example"), List.of(KEY), EncodedFrom.TOKEN);

    @Test
    void saysWhoAskedWhichAddress() {
        for (String requester : List.of("user@some.example/abc", "some.example", "a@b/\u05d0\ud83d\udc2b'\"<&")) {
            for (String used : List.of("proxy.example", "node@proxy.example/x", "PROXY.example")) {
                String token = codec.encode(requester, used);
                assertThat(token).matches("[A-Za-z0-9_-]{1,1023}").isEqualTo(codec.encode(requester, used));
                assertThat(codec.decode(token)).contains(new JatCodec.Decoded(requester, used));
            }
        }
    }

    @Test
    void readsNoTokenThatSharesTheHashOfOneThatItRead() {
        int twins = 0;
        for (int i = 0; i < 100; i++) {
            String requester = "user" + i + "@some.example/abc";
            String token = codec.encode(requester, "proxy.example");
            for (int at = 0; at + 1 < token.length(); at++) {
                // So the hash stays.
                String twin = token.substring(0, at)
                        + (char) (token.charAt(at) + 1)
                        + (char) (token.charAt(at + 1) - 31)
                        + token.substring(at + 2);
                if (JatCodec.looksLikeToken(twin)) {
                    twins++;
                    assertThat(twin).hasSameHashCodeAs(token);
                    assertThat(codec.decode(token)).contains(new JatCodec.Decoded(requester, "proxy.example"));
                    assertThat(codec.decode(twin)).isEmpty();
                    assertThat(codec.decode(token)).isPresent();
                }
            }
        }
        assertThat(twins).isPositive();
    }

    @Test
    void differsForEveryRequesterAddressDomainAndKey() {
        assertThat(List.of(
                        codec.encode("a@b/c", "proxy.example"),
                        codec.encode("a@b/d", "proxy.example"),
                        codec.encode("a@b/c", "n@proxy.example"),
                        new JatCodec(Jid.parse("proxy2.example"), List.of(KEY), EncodedFrom.TOKEN)
                                .encode("a@b/c", "proxy2.example"),
                        new JatCodec(Jid.parse("proxy.example"), List.of(OTHER), EncodedFrom.TOKEN)
                                .encode("a@b/c", "proxy.example")))
                .doesNotHaveDuplicates();
    }

    @Test
    void givesEachRequesterItsOwnWhoeverAskedInBetween() {
        // Equal hashes of both requesters, and of both addresses used.
        List<String> requesters = List.of("Aa@some.example/x", "BB@some.example/x");
        List<String> used = List.of("Aa@proxy.example", "BB@proxy.example");
        assertThat(requesters.get(0)).hasSameHashCodeAs(requesters.get(1));
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            String requester = requesters.get(random.nextInt(2));
            String address = used.get(random.nextInt(2));
            String token = codec.encodedFrom(requester, address).resource();
            assertThat(token).isEqualTo(codec.encode(requester, address));
        }
    }

    @Test
    void refusesWhateverIsChanged() {
        String token = codec.encode("user@some.example/abc", "proxy.example");
        for (int i = 0; i < token.length(); i++) {
            for (char c : "AB_-".toCharArray()) {
                String changed = token.substring(0, i) + c + token.substring(i + 1);
                assertThat(codec.verifies(changed)).as(changed).isEqualTo(changed.equals(token));
            }
            assertThat(codec.verifies(token.substring(0, i))).isFalse();
        }
        assertThat(codec.verifies(token + "A")).isFalse();
        assertThat(codec.verifies(token + "=")).isFalse();
        assertThat(codec.verifies("")).isFalse();
        assertThat(codec.verifies("not base64!")).isFalse();
    }

    @Test
    void refusesASecondSpellingOfTheSameOctets() {
        String token = codec.encode("user@some.example/abcd", "proxy.example");
        String canonical = token.length() % 4 == 0 ? codec.encode("user@some.example/abcde", "proxy.example") : token;
        char last = canonical.charAt(canonical.length() - 1);
        for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray()) {
            if (c != last) {
                assertThat(codec.verifies(canonical.substring(0, canonical.length() - 1) + c))
                        .isFalse();
            }
        }
    }

    @Test
    void fitsTheLongestAddressesIntoAResource() {
        String longest = "l".repeat(1023) + "@" + "d".repeat(1023) + "/" + "r".repeat(1023);
        String token = codec.encode(longest, "proxy.example");
        assertThat(codec.encode("user@some.example/" + "r".repeat(1000), "proxy.example"))
                .isEqualTo("AjTpzW-LaRshZdqDbpiUg-OJ-jpWWIrBvW5GEQgD9WPo");
        assertThat(token).hasSize(44).isNotEqualTo(codec.encode(longest + "x", "proxy.example"));
        assertThat(codec.verifies(token)).isFalse();
    }

    @Test
    void verifiesWithOldKeysAndMakesWithTheFirst() {
        JatCodec rotated = new JatCodec(Jid.parse("proxy.example"), List.of(OTHER, KEY), EncodedFrom.TOKEN);
        String old = codec.encode("a@b/c", "proxy.example");
        assertThat(rotated.verifies(old)).isTrue();
        assertThat(rotated.encode("a@b/c", "proxy.example")).isNotEqualTo(old);
        assertThat(codec.verifies(rotated.encode("a@b/c", "proxy.example"))).isFalse();
    }

    @Test
    void makesTheVectorsOfTheDocument() throws Exception {
        String document = Files.readString(Path.of("docs/jat.md"));
        assertThat(document)
                .contains(Base64.getUrlEncoder().withoutPadding().encodeToString(KEY))
                .contains("encoded-from     " + codec.encode("user@some.example/abc", "proxy.example") + "\n")
                .contains("encoded-from     " + codec.encode("user@some.example/abc", "node@proxy.example/res") + "\n");
    }

    @Test
    void keepsAGeneratedKeyForItsOwnerOnly(@TempDir Path directory) throws Exception {
        ProxySettings settings = ProxyFixture.settings(directory.resolve("data"));
        List<byte[]> first = JatKeys.of(settings);
        Path file = directory.resolve("data/proxy.jat-key");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(JatKeys.of(settings).get(0)).isEqualTo(first.get(0)).hasSize(32);
        assertThat(file.getParent()).isDirectoryNotContaining(other -> !other.equals(file));
    }

    @Test
    void saysWhatIsWrongWithAKeyWithoutShowingIt(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("proxy.jat-key"), "c2hvcnQ");
        assertThatThrownBy(() -> JatKeys.of(ProxyFixture.settings(directory)))
                .hasMessageContaining("proxy.jat-key")
                .hasMessageContaining("256 bits")
                .hasMessageNotContaining("c2hvcnQ");
    }

    @Test
    void makesAKeyForOneRunWhereNoneCanBeKept(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("not-a-directory"), "");
        assertThat(JatKeys.of(ProxyFixture.settings(file)).get(0)).hasSize(32);
    }

    @Test
    void keepsAKeyAfterAStartThatWasKilled(@TempDir Path directory) throws Exception {
        Files.writeString(
                directory.resolve("proxy.jat-key." + ProcessHandle.current().pid() + ".tmp"), "");
        ProxySettings settings = ProxyFixture.settings(directory);
        assertThat(JatKeys.of(settings).get(0)).isEqualTo(JatKeys.of(settings).get(0));
    }

    @Test
    void doesNotReplaceAKeyThatItCannotRead(@TempDir Path directory) throws Exception {
        Files.createDirectory(directory.resolve("proxy.jat-key"));
        assertThatThrownBy(() -> JatKeys.of(ProxyFixture.settings(directory)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("proxy.jat-key")
                .hasMessageContaining("cannot be read");
    }
}
