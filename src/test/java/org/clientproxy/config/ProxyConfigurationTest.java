package org.clientproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clientproxy.proxy.settings.ConfigKey;
import org.clientproxy.proxy.settings.ConfigKeys;
import org.clientproxy.proxy.settings.EncodedFrom;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RetrySet;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.proxy.settings.ServerKeys;
import org.clientproxy.scenarios.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyConfigurationTest {
    private static final Map<String, String> NEEDED =
            Map.of("xmpp.secret", "s3cr3t", "proxy.domain", "Proxy.Example.", "proxy.target", "Worker@Some.Example");

    private static ProxySettings read(Map<String, String> more, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(NEEDED);
        all.putAll(more);
        return ProxyConfiguration.read(all, environment).get(0);
    }

    @Test
    void hasTheDefaults() {
        ProxySettings settings = read(Map.of(), Map.of("PATH", "/bin", "XDG_X", "y"));
        assertThat(settings.name()).isEqualTo("proxy");
        assertThat(settings.domain()).hasToString("proxy.example");
        assertThat(settings.target()).hasToString("worker@some.example");
        assertThat(settings.stream().host()).isEqualTo("localhost");
        assertThat(settings.stream().port()).isEqualTo(5347);
        assertThat(settings.stream().maxStanzaSize()).isEqualTo(512 * 1024);
        assertThat(settings.replyTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.leaveGrace()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.attempts()).isEqualTo(2);
        assertThat(settings.retrySet()).isEqualTo(RetrySet.UNDELIVERED);
        assertThat(settings.maxPendingSize()).isEqualTo(Runtime.getRuntime().maxMemory() / 4);
        assertThat(settings.accept()).isNull();
        assertThat(settings.selection()).isEqualTo(SelectionPolicy.RANDOM);
        assertThat(settings.toString()).doesNotContain("s3cr3t");
    }

    @ParameterizedTest
    @MethodSource("org.clientproxy.proxy.settings.ConfigKeys#all")
    void takesEveryKeyFromTheEnvironmentToo(ConfigKey<?> key) {
        String value = key.defaultText() == null || key.defaultText().isEmpty() ? "" : key.defaultText();
        if (key == ServerKeys.SECRET || key == PoolKeys.DOMAIN || key == PoolKeys.TARGET) {
            value = NEEDED.get(key.key());
        }
        assertThat(read(Map.of(), Map.of(ConfigKey.variable(key.key()), value))).isNotNull();
    }

    @Test
    void theEnvironmentIsStronger() {
        assertThat(read(Map.of("proxy.reply-timeout", "5s"), Map.of("PROXY_REPLY_TIMEOUT", "1500"))
                        .replyTimeout())
                .isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void readsTheSecretFromAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), " with blanks \n");
        Map<String, String> keys = new HashMap<>(NEEDED);
        keys.remove("xmpp.secret");
        keys.put("xmpp.secret-file", file.toString());
        assertThat(ProxyConfiguration.read(keys, Map.of()).get(0).stream().secret())
                .isEqualTo(" with blanks ");
    }

    @Test
    void readsSeveralProxies() {
        List<ProxySettings> both = ProxyConfiguration.read(
                Map.of(
                        "proxies", "a, b",
                        "xmpp.secret", "common",
                        "proxy.target", "worker@some.example",
                        "proxy.a.domain", "a.example",
                        "proxy.b.domain", "b.example",
                        "proxy.b.reply-timeout", "3s",
                        "proxy.b.xmpp.host", "other.example"),
                Map.of("PROXY_B_XMPP_SECRET", "own", "PROXY_REPLY_TIMEOUT", "9s"));
        assertThat(both).extracting(ProxySettings::name).containsExactly("a", "b");
        assertThat(both.get(0).replyTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(both.get(1).replyTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(both.get(1).stream().host()).isEqualTo("other.example");
        assertThat(both.get(1).stream().secret()).isEqualTo("own");
        assertThat(both.get(0).stream().secret()).isEqualTo("common");
        assertThat(both)
                .as("they share the heap")
                .allMatch(one -> one.maxPendingSize() == Runtime.getRuntime().maxMemory() / 8);
    }

    @ParameterizedTest
    @CsvSource({"64MiB,67108864", "3GiB,3221225472", "5GB,5000000000", "10000,10000"})
    void readsHowMuchMemoryPendingRequestsMayTake(String value, long octets) {
        assertThat(read(Map.of("proxy.max-pending-size", value), Map.of()).maxPendingSize())
                .isEqualTo(octets);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "proxy.reply-timeout|soon|proxy.reply-timeout is soon",
                "proxy.reply-timeout|0|out of range",
                "xmpp.port|0|1 to 65535",
                "xmpp.port|x|1 to 65535",
                "proxy.selection|best|round-robin",
                "proxy.retry-set|true|never, undelivered or always",
                "proxy.retry-on|busy|no condition: busy",
                "proxy.avoid-show|gone|not one of them: gone",
                "proxy.answer|ping, pong|proxy.answer is ping, pong, which is not allowed; allowed: of ping, version, last, disco",
                "proxy.identity|component|proxy.identity is component, which is not allowed",
                "proxy.identity|Component/generic|words of small letters",
                "proxy.identity|component//News|words of small letters",
                "proxy.identity|component/generic/a\u0007b|none that nobody can read",
                "proxy.attempts|0|1 or more",
                "proxy.domain|a@b|an address, not a domain",
                "proxy.target|some.example|not a bare address",
                "proxy.target|w@s/r|not a bare address",
                "proxy.target|w@proxy.example|inside proxy.domain",
                "proxy.allow|a b@c|forbidden character",
                "proxy.domain|a\uff20b.example|proxy.domain is a\uff20b.example, which is not allowed",
                "proxy.target|w\u202eorker@some.example|forbidden character U+202E",
                "proxy.target|\ufffdworker@some.example|proxy.target is \ufffdworker@some.example, which is not allowed",
                "proxy.target|\u05d0b@some.example|mixes characters",
                "proxy.deny|some.example, \u05d0b@c.example|mixes characters",
                "proxy.deny|*|*.domain only, at *",
                "proxy.deny|*evil.example|*.domain only",
                "proxy.deny|some.example, evil.*|*.domain only, at evil.*",
                "proxy.deny|*.*.example|*.domain only",
                "proxy.deny|*@evil.example|*.domain only",
                "proxy.deny|eve@*.evil.example|*.domain only",
                "proxy.allow|*.some.example/home|*.domain only",
                "proxy.allow|*.|*.domain only",
                "proxy.encoded-from|readable|proxy.encoded-from is readable, which is not allowed; allowed: token or plain",
                "proxy.accept|/*[|XPath",
                "proxy.accept|/c:iq|without prefixes",
                "proxy.pending|disk|file, memory or cluster",
                "proxy.presence|everything|off, service or relay, or several of these separated by commas",
                "proxy.presence|off,relay|service or relay",
                "proxy.presence|,|service or relay",
                "proxy.reach|subscribers|there are no subscribers without proxy.presence=service",
                "xmpp.tls|yes|on or off",
                "xmpp.tls.verify|false|set xmpp.tls=on",
                "xmpp.tls.trust-file|/no/such/file|xmpp.tls.trust-file is /no/such/file, which is not allowed (there is no such file)",
                "xmpp.tls.trust-file|pom.xml|neither PEM certificates nor a store",
                "xmpp.tls.trust-file|.|it is a directory",
                "xmpp.tls.key-file|pom.xml|both a CERTIFICATE and a PRIVATE KEY",
                "xmpp.max-stanza-size|10|10000",
                "proxy.leave-grace|2m|longer than proxy.reply-timeout",
                "xmpp.reconnect-min|60s|longer than xmpp.reconnect-max",
                "xmpp.secret-file|/no/such/file|both set",
                "proxy.reply-timout|5s|did you mean proxy.reply-timeout?",
                "proxy.other.domain|x.example|no key",
                "proxies|a-b|proxies names a-b",
                "proxies|max|first word of a key",
                "proxies|a,a|twice",
                "proxy.attempts|two|no whole number",
                "proxy.max-pending|99999999999|too large",
                "proxy.max-pending-size|9999|10000 octets or more",
                "proxy.max-pending-size|half|neither a number nor",
                "proxy.reply-timeout|999999999999999d|not allowed",
                "xmpp.host|a b|no name of a host",
                "xmpp.host|a&secret=x|no name of a host",
                "xmpp.reconnect-min|60s|xmpp.reconnect-min (60s) is longer than xmpp.reconnect-max (30s)",
                "xmmp.host|x|did you mean xmpp.host?",
                "Proxy.domain|x|did you mean proxy.domain?",
                "proxys|a|did you mean proxies?",
                "proxies.a.domain|x|no key of this program"
            })
    void saysWhatIsWrong(String key, String value, String message) {
        assertThatThrownBy(() -> read(Map.of(key, value), Map.of()))
                .hasMessageContaining(message)
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void usesAddressesAsServersPrepareThemAndSaysSo() {
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            ProxySettings settings = read(
                    Map.of(
                            "proxy.target",
                            "\uff57or\u00adker@Some.Example",
                            "proxy.deny",
                            "b\u00fccher.example, *.EVIL.example"),
                    Map.of("PROXY_ALLOW", "Fu\u00dfball@some.example"));
            assertThat(settings.target()).hasToString("worker@some.example");
            assertThat(log.events())
                    .containsExactlyInAnyOrder(
                            "INFO proxy.domain: Proxy.Example. is used as proxy.example, as servers prepare addresses\n",
                            "INFO proxy.target: \uff57or\\u00ADker@Some.Example is used as worker@some.example, as servers prepare"
                                    + " addresses\n",
                            "INFO environment variable PROXY_ALLOW: Fu\u00dfball@some.example is used as"
                                    + " fussball@some.example, as servers prepare addresses\n",
                            "INFO proxy.deny: *.EVIL.example is used as *.evil.example, as servers prepare addresses\n");
        }
    }

    @Test
    void eachProxyHasItsOwnFormOfTheEncodedFrom() {
        assertThat(ProxyConfiguration.read(
                        Map.of(
                                "proxies", "a,b",
                                "xmpp.secret", "common",
                                "proxy.target", "worker@some.example",
                                "proxy.a.domain", "a.example",
                                "proxy.b.domain", "b.example",
                                "proxy.b.encoded-from", "plain"),
                        Map.of()))
                .extracting(ProxySettings::encodedFrom)
                .containsExactly(EncodedFrom.TOKEN, EncodedFrom.PLAIN);
    }

    @ParameterizedTest
    @CsvSource({"camel.main.name", "my.alert.address", "logging.level", "proxies", "java.home"})
    void leavesTheKeysOfOthersAlone(String key) {
        assertThat(read(Map.of(key, ""), Map.of())).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"/*[@type='get']", "//*[@xml:lang='en']", "/*/*[namespace-uri()='urn:q']", "count(/*/*) = 1"})
    void takesAnXPathWithoutPrefixes(String xpath) {
        assertThat(read(Map.of("proxy.accept", xpath), Map.of()).accept()).isEqualTo(xpath);
    }

    @Test
    void refusesAKeyOfTokensThatIsNoneWithoutShowingIt() {
        String good = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        assertThat(read(Map.of("proxy.jat-key", good + ", " + good), Map.of()).jatKeys())
                .containsExactly(good, good);
        assertThatThrownBy(() -> read(Map.of("proxy.jat-key", good + ",t0ken"), Map.of()))
                .hasMessageContaining("proxy.jat-key has a value that is not allowed")
                .hasMessageContaining("256 bits")
                .hasMessageNotContaining("t0ken");
    }

    @Test
    void saysACommonFaultOnceForAllProxies() {
        assertThatThrownBy(() -> ProxyConfiguration.read(
                        Map.of("proxies", "a,b", "xmpp.port", "x", "proxy.c.domain", "c.example"), Map.of()))
                .hasMessageContaining("names of proxies stand in the key proxies")
                .satisfies(refused -> assertThat(refused.getMessage().lines())
                        .doesNotHaveDuplicates()
                        .filteredOn(line -> line.startsWith("xmpp.port"))
                        .hasSize(1));
    }

    @Test
    void aProxysOwnSecretFileIsStrongerThanTheCommonSecret(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "own");
        Map<String, String> keys = Map.of(
                "proxies", "a,b",
                "xmpp.secret", "common",
                "proxy.target", "worker@some.example",
                "proxy.a.domain", "a.example",
                "proxy.b.domain", "b.example",
                "proxy.b.xmpp.secret-file", file.toString());
        assertThat(ProxyConfiguration.read(keys, Map.of()))
                .extracting(settings -> settings.stream().secret())
                .containsExactly("common", "own");
    }

    @Test
    void saysWhyTheFileOfTheSecretCannotBeRead(@TempDir Path directory) throws Exception {
        Path latin = Files.write(directory.resolve("latin"), new byte[] {'a', (byte) 0xe4});
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        Map.of(
                        directory.resolve("none"),
                        "there is no such file",
                        directory,
                        "it is a directory",
                        latin,
                        "it is not UTF-8",
                        empty,
                        "is an empty file")
                .forEach((file, reason) -> assertThatThrownBy(() -> ProxyConfiguration.read(
                                Map.of(
                                        "xmpp.secret-file", file.toString(),
                                        "proxy.domain", "p.example",
                                        "proxy.target", "w@some.example"),
                                Map.of()))
                        .hasMessageContaining("xmpp.secret-file (" + file + ")")
                        .hasMessageContaining(reason));
    }

    @Test
    void saysEverythingAtOnce() {
        assertThatThrownBy(() -> ProxyConfiguration.read(
                        Map.of("xmpp.port", "0", "proxy.nonsense", "1", "proxy.attempts", "0"),
                        Map.of("PROXY_TARGTE", "x@y")))
                .hasMessageContaining("proxy.attempts is 0")
                .hasMessageContaining("xmpp.port")
                .hasMessageContaining("proxy.nonsense is no key")
                .hasMessageContaining("did you mean PROXY_TARGET?")
                .hasMessageContaining("xmpp.secret is missing")
                .hasMessageContaining("proxy.domain is missing")
                .hasMessageContaining("PROXY_DOMAIN");
    }

    @Test
    void refusesTwoProxiesOfOneDomain() {
        assertThatThrownBy(() -> read(Map.of("proxies", "a,b"), Map.of()))
                .hasMessageContaining("which another proxy has");
    }

    @ParameterizedTest
    @MethodSource("org.clientproxy.proxy.settings.ConfigKeys#all")
    void fileAndPageListEveryKeyWithItsDefault(ConfigKey<?> key) throws Exception {
        String file = Files.readString(Path.of("application.properties"));
        String value = key.defaultText() == null ? "" : key.defaultText();
        assertThat(file).contains("\n#" + key.key() + "=" + value + "\n");
        String page = Files.readString(Path.of("docs/configuration.md"));
        assertThat(page).contains("\n| `" + key.key() + "` | ");
        if (!value.isEmpty()) {
            assertThat(page).contains("\n| `" + key.key() + "` | `" + value + "` |");
        }
    }

    @Test
    void fileAndPageListNoOtherKey() throws Exception {
        Pattern listed = Pattern.compile("(?m)^(?:#|\\| `)((?:xmpp|proxy)\\.[a-z.-]+)[=`]");
        for (String document : List.of("application.properties", "docs/configuration.md")) {
            Matcher matcher = listed.matcher(Files.readString(Path.of(document)));
            int keys = 0;
            while (matcher.find()) {
                String key = matcher.group(1);
                assertThat(ConfigKeys.all()).anyMatch(known -> known.key().equals(key));
                keys++;
            }
            assertThat(keys).isEqualTo(ConfigKeys.all().size());
        }
    }

    @Test
    void readsThePatternsOfResourcesOfEachProxy() {
        Map<String, String> keys = new java.util.HashMap<>(Map.of(
                "proxies", "a,b",
                "xmpp.secret", "s",
                "proxy.resources", "worker-*, jicofo",
                "proxy.a.domain", "a.example",
                "proxy.a.target", "a@some.example",
                "proxy.b.domain", "b.example",
                "proxy.b.target", "b@some.example"));
        keys.put("proxy.b.resources", "");
        assertThat(ProxyConfiguration.read(keys, Map.of()))
                .extracting(ProxySettings::resources)
                .containsExactly(List.of("worker-*", "jicofo"), List.of());
    }

    /** It opens the store again at each connection. */
    @Test
    void keepsThePasswordOfAStoreAndShowsItNowhere() {
        ProxySettings settings = read(Map.of("xmpp.tls.trust-password", "0pens"), Map.of());
        assertThat(settings.get(ServerKeys.TLS_TRUST_PASSWORD)).isEqualTo("0pens");
        assertThat(settings.toString() + settings.stream()).doesNotContain("0pens");
    }

    @Test
    void aWrongValueContradictsNothing() {
        assertThatThrownBy(() -> read(Map.of("proxy.leave-grace", "5s", "proxy.reply-timeout", "soon"), Map.of()))
                .hasMessageContaining("proxy.reply-timeout is soon, which is not allowed")
                .hasMessageNotContaining("longer");
    }
}
