package org.clientproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.clientproxy.proxy.settings.ConfigKey;
import org.clientproxy.proxy.settings.ProxySettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A character that was lost on the way to us is noticed, whichever key it stood in, and never taken for what was meant. */
class LostCharactersTest {
    private static final Map<String, String> KEYS =
            Map.of("xmpp.secret", "s", "proxy.domain", "proxy.example", "proxy.target", "worker@some.example");

    @TempDir
    Path directory;

    private static List<ProxySettings> read(Map<String, String> more, Map<String, String> environment) {
        Map<String, String> keys = new HashMap<>(KEYS);
        keys.putAll(more);
        return ProxyConfiguration.read(keys, environment);
    }

    @ParameterizedTest
    @MethodSource("org.clientproxy.proxy.settings.ConfigKeys#all")
    void eachKeyIsLookedAt(ConfigKey<?> key) {
        String variable = ConfigKey.variable(key.key());
        assertThatThrownBy(() -> read(Map.of(), Map.of(variable, "schl\ufffd\ufffdssel")))
                .hasMessageContaining("environment variable " + variable + " has a character that was lost")
                .hasMessageContaining("LC_ALL=C.UTF-8")
                .hasMessageContaining(key.key() + " in the file");
        assertThatThrownBy(() -> read(Map.of(key.key(), "schl\ufffdssel"), Map.of()))
                .hasMessageContaining(key.key() + " has a character that was lost")
                .hasMessageContaining("in UTF-8");
    }

    @Test
    void soAreNamesOfProxiesAndTheirOwnKeys() {
        assertThatThrownBy(() -> read(Map.of(), Map.of("PROXIES", "a,b\ufffd")))
                .hasMessageContaining("PROXIES has a character that was lost");
        assertThatThrownBy(() -> read(Map.of("proxies", "one"), Map.of("PROXY_ONE_XMPP_SECRET", "s3cr\ufffdt")))
                .hasMessageContaining("PROXY_ONE_XMPP_SECRET has a character that was lost")
                .hasMessageNotContaining("s3cr");
    }

    private String secretOf(byte[] file) throws Exception {
        Path at = Files.write(directory.resolve("geheim-\u00fc"), file);
        Map<String, String> keys = new HashMap<>(KEYS);
        keys.remove("xmpp.secret");
        keys.put("xmpp.secret-file", at.toString());
        return ProxyConfiguration.read(keys, Map.of()).get(0).stream().secret();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "schl\u00fcssel-\u20ac",
                "schl\u00fcssel-\u20ac\n",
                "schl\u00fcssel-\u20ac\r\n",
                "\ufeffschl\u00fcssel-\u20ac\n",
                "schl\u00fcssel-\u20ac\n\n"
            })
    void aSecretInAFileIsItsLine(String text) throws Exception {
        assertThat(secretOf(text.getBytes(StandardCharsets.UTF_8))).isEqualTo("schl\u00fcssel-\u20ac");
    }

    @Test
    void aFileThatHoldsAnythingElseIsRefused() {
        assertThatThrownBy(() -> secretOf("schl\u00fcssel".getBytes(StandardCharsets.ISO_8859_1)))
                .hasMessageContaining("xmpp.secret-file")
                .hasMessageContaining("it is not UTF-8");
        assertThatThrownBy(() -> secretOf("schl\u00fcssel\n".getBytes(StandardCharsets.UTF_16)))
                .hasMessageContaining("it is not UTF-8");
        assertThatThrownBy(() -> secretOf("schl\ufffdssel\n".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("a character was lost")
                .hasMessageNotContaining("ssel\n");
        assertThatThrownBy(() -> secretOf("one\ntwo".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("several lines")
                .hasMessageNotContaining("two");
        assertThatThrownBy(() -> secretOf("\ufeff\n".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("is an empty file");
    }

    @Test
    void theConfigurationMayBeginWithAByteOrderMark() throws Exception {
        Path file = Files.writeString(directory.resolve("application.properties"), "\ufeffxmpp.secret=\u20ac\n");
        assertThat(ConfigFile.properties(file)).isEqualTo(Map.of("xmpp.secret", "\u20ac"));
    }
}
