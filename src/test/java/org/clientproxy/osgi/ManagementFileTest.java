package org.clientproxy.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file in Karaf says of a management server. */
class ManagementFileTest {
    @Test
    void isOffAndOnThisMachineUnlessItSaysOtherwise() {
        ManagementFile none = ManagementFile.of(Map.of());
        assertThat(none.enabled()).isFalse();
        assertThat(none.host()).isEqualTo("127.0.0.1");
        assertThat(none.port()).isEqualTo(9876);
        assertThat(none.settings().token()).isEmpty();
        assertThat(ManagementFile.of(Map.of("camel.management.port", "1")).port())
                .isOne();
    }

    @ParameterizedTest
    @CsvSource({"enabled,yes", "port,http", "port,65536", "port,-1", "port,''"})
    void saysWhatIsWrong(String key, String value) {
        assertThatThrownBy(() -> ManagementFile.of(Map.of("camel.management." + key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("camel.management." + key + " is " + value + ", which is not allowed; allowed:");
    }

    @Test
    void theTokenIsNoPlaceholderForRoutes() {
        ConfigurationFile file = new ConfigurationFile(
                "org.clientproxy.cfg",
                "proxy",
                Map.of("management.token", "0perate-by-this-t0ken", "management.names", "ops.example", "my.key", "1"));
        assertThat(file.placeholders()).containsOnlyKeys("management.names", "my.key");
        assertThat(file.management().settings().token()).isEqualTo("0perate-by-this-t0ken");
        assertThat(file.management().toString()).doesNotContain("0perate");
    }
}
