package org.clientproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The token of the management server: where it comes from, and what is none. */
class ManagementSettingsTest {
    private static final String TOKEN = "0perate-by-this-t0ken";

    @TempDir
    Path directory;

    private static String token(Map<String, String> properties) {
        return ManagementSettings.read(properties, Map.of()).token();
    }

    @Test
    void comesFromTheKeyTheVariableOrTheFile() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), TOKEN + "\r\n");
        assertThat(token(Map.of())).isEmpty();
        assertThat(token(Map.of("management.token", TOKEN))).isEqualTo(TOKEN);
        assertThat(token(Map.of("management.token-file", file.toString()))).isEqualTo(TOKEN);
        assertThat(ManagementSettings.read(
                                Map.of("management.token", "another-one-of-them"), Map.of("MANAGEMENT_TOKEN", TOKEN))
                        .token())
                .isEqualTo(TOKEN);
        assertThat(ManagementSettings.read(Map.of("management.token", TOKEN), Map.of())
                        .toString())
                .doesNotContain(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "fifteen-letters", "with a space in its middle", "ümlaut-of-sixteen-letters"})
    void whatCannotBeATokenIsRefusedUnseen(String token) {
        assertThatThrownBy(() -> token(Map.of("management.token", token)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("management.token has a value that is not allowed")
                .hasMessageContaining("basenc")
                .hasMessageNotContaining(token);
    }

    @Test
    void bothAtOnceAndAFileThatIsNotThereAreRefused() {
        assertThatThrownBy(() -> token(Map.of("management.token", TOKEN, "management.token-file", "x")))
                .hasMessageContaining("are both set")
                .hasMessageNotContaining(TOKEN);
        assertThatThrownBy(() -> token(Map.of("management.token-file", "nowhere/to-be-seen")))
                .hasMessageContaining("management.token-file (nowhere/to-be-seen)")
                .hasMessageContaining("there is no such file");
    }

    /** Together with whatever else is wrong. */
    @Test
    void aMistypedKeyIsNoticed() {
        assertThatThrownBy(() -> ProxyConfiguration.read(
                        Map.of("management.tokn", TOKEN, "management.token", "short"), Map.of()))
                .hasMessageContaining("management.tokn is no key of this program; did you mean management.token?")
                .hasMessageContaining("management.token has a value that is not allowed")
                .hasMessageContaining("proxy.domain is missing");
    }
}
