package org.clientproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.ServerKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The secret is read again when somebody asks, and what is wrong then is said as at the start; {@code TlsIT} has the files of TLS. */
class RenewedFilesTest {
    @TempDir
    Path directory;

    private ProxySettings read(Map<String, String> more) {
        Map<String, String> keys =
                new HashMap<>(Map.of("proxy.domain", "proxy.example", "proxy.target", "worker@example"));
        keys.putAll(more);
        return ProxyConfiguration.read(keys, Map.of()).get(0);
    }

    @Test
    void theSecretIsTheOneThatIsInTheFileThen() throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "one\n");
        ProxySettings settings = read(Map.of("xmpp.secret-file", file.toString()));
        Files.writeString(file, "two\n");
        assertThat(settings.credentials().secret()).isEqualTo("two");
        assertThat(settings.stream().secret()).isEqualTo("one");
        Files.writeString(file, "two\nthree\n");
        assertThatThrownBy(settings::credentials)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("xmpp.secret-file")
                .hasMessageContaining("several lines")
                .hasMessageNotContaining("three");
        assertThatThrownBy(() -> read(Map.of("xmpp.secret-file", file.toString())))
                .hasMessageContaining("several lines");
        Files.writeString(file, "four");
        assertThat(settings.credentials().secret()).isEqualTo("four");
        assertThat(settings.credentials()).asString().doesNotContain("four");
    }

    @Test
    void aSecretThatIsSetByHandIsTheSecret() throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "one\n");
        ProxySettings settings =
                read(Map.of("xmpp.secret-file", file.toString())).with(ServerKeys.SECRET, "by hand");
        assertThat(settings.credentials().secret()).isEqualTo("by hand");
    }

    /** Else each look at a configuration with TLS would find a change. */
    @Test
    void settingsOfTheSameKeysAreTheSame() {
        Map<String, String> keys = Map.of("xmpp.secret", "s", "xmpp.tls", "on");
        assertThat(read(keys)).isEqualTo(read(keys)).hasSameHashCodeAs(read(keys));
        assertThat(read(keys)).isNotEqualTo(read(Map.of("xmpp.secret", "s", "xmpp.tls", "off")));
    }
}
