package org.clientproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key of Camel's that is mistyped is named, and none that is right is taken for one. */
class CamelKeysTest {
    private static void read(Map<String, String> more, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(
                Map.of("xmpp.secret", "s3cr3t", "proxy.domain", "proxy.example", "proxy.target", "worker@some.example"));
        all.putAll(more);
        ProxyConfiguration.read(all, environment);
    }

    @ParameterizedTest
    @CsvSource({
        "camel.managment.enabled, camel.management.enabled",
        "camel.management.prt, camel.management.port",
        "camel.management.metrics-enable, camel.management.metricsEnabled",
        "camel.main.tracingStandbi, camel.main.tracingStandby",
        "management.enabled, camel.management.enabled",
        "management.port, camel.management.port",
        "trace.adresses, trace.addresses",
    })
    void aKeyThatIsNearlyADocumentedOneIsNamed(String written, String meant) {
        assertThatThrownBy(() -> read(Map.of(written, "1"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(written + " is no")
                .hasMessageContaining("did you mean " + meant + "?");
    }

    @Test
    void soIsAVariable() {
        assertThatThrownBy(() -> read(Map.of(), Map.of("CAMEL_MANAGMENT_ENABLED", "true")))
                .hasMessageContaining(
                        "CAMEL_MANAGMENT_ENABLED is no known key; did you mean camel.management.enabled?");
    }

    @Test
    void aPortThatIsNoneIsNamed() {
        assertThatThrownBy(() -> read(Map.of("camel.management.port", "abc"), Map.of()))
                .hasMessageContaining("camel.management.port is abc, which is not allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"camel.management.enabled", "camel.management.metrics-enabled", "camel.component.seda.size", "my.key"})
    void aKeyThatIsRightIsNot(String key) {
        read(Map.of(key, "1"), Map.of("CAMEL_MANAGEMENT_ENABLED", "true", "CAMEL_HOME", "/opt"));
    }

    /** By Camel's own list. */
    @Test
    void noKeyOfCamelsIsTakenForAMistypedOne() throws Exception {
        try (InputStream list = getClass().getResourceAsStream("/META-INF/camel-main-configuration-metadata.json")) {
            JsonObject metadata = (JsonObject)
                    Jsoner.deserialize(new String(list.readAllBytes(), StandardCharsets.UTF_8));
            JsonArray all = (JsonArray) metadata.get("properties");
            assertThat(all).hasSizeGreaterThan(300);
            for (Object each : all) {
                String key = ((JsonObject) each).getString("name");
                assertThat(CamelKeys.meant(key)).as(key).isEmpty();
            }
        }
    }

    @Test
    void eachKeyOfCamelsOnOurPagesIsOneOfThem() throws Exception {
        Set<String> documented = new TreeSet<>();
        try (Stream<Path> pages = Stream.concat(Stream.of(Path.of("README.md")), Files.list(Path.of("docs")))) {
            for (Path page : pages.filter(each -> each.toString().endsWith(".md")).toList()) {
                Pattern.compile("(?<![.\\w])(camel\\.[a-z0-9A-Z]+\\.[a-zA-Z][a-zA-Z0-9-]*)(?![\\w*.])")
                        .matcher(Files.readString(page))
                        .results()
                        .forEach(found -> documented.add(found.group(1)));
            }
        }
        documented.removeAll(List.of("camel.context.name", "camel.apache.org"));
        assertThat(documented).hasSizeGreaterThan(15).allMatch(CamelKeys::isOne);
    }
}
