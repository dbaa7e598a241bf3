package org.clientproxy.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.clientproxy.scenarios.CapturedLog;
import org.junit.jupiter.api.Test;

/** The states of a stream, the moves between them, and what comes with each move. */
class StreamLifeTest {
    /** {@code | `STATE` | what it is | `NEXT`, `NEXT` |}, a row of the table in the documentation. */
    private static final Pattern ROW = Pattern.compile("^\\| `([A-Z]+)` \\|[^|]*\\|([^|]*)\\|$", Pattern.MULTILINE);

    private static final ServerRefusal BROKE = new ServerRefusal("it broke", false, false);

    private final StreamLife life = new StreamLife(StreamSettings.of("localhost", 5347, "proxy.example", "secret"));
    private final List<String> heard = new ArrayList<>();

    StreamLifeTest() {
        life.addListener((before, now, reason) -> heard.add(now + " " + reason + " " + life.lastFailure()));
    }

    private void up() {
        life.become(StreamState.CONNECTING);
        life.become(StreamState.OPENING);
        life.become(StreamState.HANDSHAKING);
        life.ready();
    }

    @Test
    void theMovesAreThoseOfTheDocumentation() throws Exception {
        Map<StreamState, Set<StreamState>> documented = new LinkedHashMap<>();
        String page = Files.readString(Path.of("docs/protocol.md"));
        Matcher row = ROW.matcher(page.substring(page.indexOf("## The stream")));
        while (row.find()) {
            documented.put(
                    StreamState.valueOf(row.group(1)),
                    Pattern.compile("[A-Z]+")
                            .matcher(row.group(2))
                            .results()
                            .map(MatchResult::group)
                            .map(StreamState::valueOf)
                            .collect(Collectors.toSet()));
        }
        Map<StreamState, Set<StreamState>> moves = new LinkedHashMap<>();
        for (StreamState state : StreamState.values()) {
            moves.put(
                    state,
                    Arrays.stream(StreamState.values())
                            .filter(state::mayBecome)
                            .collect(Collectors.toCollection(() -> EnumSet.noneOf(StreamState.class))));
        }
        assertThat(documented).isEqualTo(moves);
    }

    @Test
    void noOtherMoveIsMade() {
        life.become(StreamState.CONNECTING);
        assertThatThrownBy(() -> life.become(StreamState.HANDSHAKING)).isInstanceOf(IllegalStateException.class);
        assertThat(life.state()).isEqualTo(StreamState.CONNECTING);
        assertThat(heard).hasSize(1);
    }

    @Test
    void theReasonComesWithTheChangeAndStaysUntilTheStreamIsReady() {
        up();
        life.down(BROKE);
        up();
        life.down(null);
        assertThat(heard)
                .containsExactly(
                        "CONNECTING null null",
                        "OPENING null null",
                        "HANDSHAKING null null",
                        "READY null null",
                        "DISCONNECTED it broke it broke",
                        "CONNECTING null it broke",
                        "OPENING null it broke",
                        "HANDSHAKING null it broke",
                        "READY null null",
                        "DISCONNECTED null null");
    }

    @Test
    void theSameReasonIsInTheLogOnceUntilTheStreamIsReady() {
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            for (int i = 0; i < 3; i++) {
                life.become(StreamState.CONNECTING);
                life.down(BROKE);
            }
            assertThat(log.events()).singleElement().asString().contains("WARN", "it broke");
            up();
            life.down(new ServerRefusal("it broke", true, false));
            assertThat(log.events()).hasSize(3);
            assertThat(log.events().get(1)).asString().contains("INFO", "again");
            assertThat(log.events().get(2)).asString().contains("ERROR", "it broke");
        }
    }

    @Test
    void aListenerThatThrowsKeepsNothingFromTheOthers() {
        life.addListener((before, now, reason) -> {
            throw new IllegalStateException("a listener's");
        });
        life.addListener((before, now, reason) -> heard.add("last"));
        try (CapturedLog log = CapturedLog.ofUs(Level.ERROR)) {
            life.become(StreamState.CONNECTING);
            assertThat(log.events()).hasSize(1);
        }
        assertThat(heard).containsExactly("CONNECTING null null", "last");
    }
}
