package org.clientproxy.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RetrySet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.FrameworkUtil;

class ConfigurationFileTest {
    private static final Map<String, Object> NEEDED =
            Map.of("xmpp.secret", "t0p-s3cret", "proxy.domain", "proxy.example", "proxy.target", "worker@example");

    private static ConfigurationFile file(String pid, Map<String, Object> more) {
        Map<String, Object> all = new TreeMap<>(NEEDED);
        all.putAll(more);
        return ConfigurationFile.of(pid, FrameworkUtil.asDictionary(all), "/opt/karaf");
    }

    @ParameterizedTest
    @CsvSource({
        "org.clientproxy,       org.clientproxy.cfg,        proxy",
        "org.clientproxy~mail2, org.clientproxy-mail2.cfg,  mail2"
    })
    void theFileNamesTheProxy(String pid, String file, String name) {
        assertThat(file(pid, Map.of())).hasToString(file);
        assertThat(file(pid, Map.of()).settings().name()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({"org.clientproxy~Mail", "org.clientproxy~a-b", "org.clientproxy~"})
    void aNameThatCannotBeginTheNamesOfRoutesIsRefused(String pid) {
        assertThatThrownBy(() -> file(pid, Map.of()).settings())
                .hasMessageContaining("allowed are lower-case letters and digits");
    }

    @Test
    void tokenKeysAreKeptWhereAnEmptiedDataDirectoryDoesNotTakeThem() {
        assertThat(file("org.clientproxy", Map.of()).settings().dataDir())
                .isEqualTo(Path.of("/opt/karaf/client-proxy"));
        assertThat(file("org.clientproxy", Map.of("proxy.data-dir", "elsewhere"))
                        .settings()
                        .dataDir())
                .isEqualTo(Path.of("elsewhere"));
    }

    @Test
    void valuesMayBeTyped() {
        ProxySettings settings = file(
                        "org.clientproxy",
                        Map.of(
                                "xmpp.port",
                                5348,
                                "proxy.retry-set",
                                "never",
                                "proxy.allow",
                                new String[] {"a.example", "b.example"},
                                "proxy.deny",
                                List.of("c.example")))
                .settings();
        assertThat(settings.stream().port()).isEqualTo(5348);
        assertThat(settings.retrySet()).isEqualTo(RetrySet.NEVER);
        assertThat(settings.allow()).hasSize(2);
        assertThat(settings.deny()).hasSize(1);
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceAndSpeaksOfNoEnvironment() {
        ConfigurationFile empty =
                ConfigurationFile.of("org.clientproxy", FrameworkUtil.asDictionary(Map.of("proxies", "a")), ".");
        assertThatThrownBy(empty::settings)
                .hasMessageContaining("each further proxy has a file of its own")
                .hasMessageContaining("xmpp.secret is missing (or xmpp.secret-file)")
                .hasMessageContaining("proxy.domain is missing")
                .hasMessageContaining("proxy.target is missing")
                .hasMessageNotContaining("environment");
    }

    @Test
    void keysOfOthersAreForTheRoutes() {
        ConfigurationFile file = file(
                "org.clientproxy",
                Map.of("my.key", "x", "service.pid", "org.clientproxy", "felix.fileinstall.filename", "file:/x"));
        assertThat(file.settings()).isNotNull();
        assertThat(file.placeholders()).containsExactly(Map.entry("my.key", "x"));
    }

    @Test
    void theSecretIsNotPrinted() {
        assertThat(file("org.clientproxy", Map.of()).toString()).doesNotContain("t0p-s3cret");
    }
}
