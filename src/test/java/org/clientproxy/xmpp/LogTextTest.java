package org.clientproxy.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTextTest {
    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 7, '\n', '\r', '\t', 0x1b, 0x7f, 0x85, 0xad, 0x200b, 0x2028, 0x2029, 0x202e, 0x2066, 0xfeff, 0xe0001
            })
    void showsByNumberWhatMovesTheEyeOrTheLine(int code) {
        assertThat(LogText.of("a" + Character.toString(code) + "b"))
                .isEqualTo(code > 0xffff ? String.format("a\\U%08Xb", code) : String.format("a\\u%04Xb", code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "alice@some.example/home", "wörker@日本.example/א 😀"})
    void leavesTheRest(String text) {
        assertThat(LogText.of(text)).isEqualTo(text);
    }

    @Test
    void isNotLong() {
        assertThat(LogText.of("x".repeat(100_000))).hasSize(257).endsWith("x…");
    }

    @Test
    void takesNothingForNull() {
        assertThat(LogText.of(null)).isEqualTo("null");
    }
}
