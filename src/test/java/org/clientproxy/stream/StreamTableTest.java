package org.clientproxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Plays each row of {@code transcripts/component-stream.table}: server octets, client octets, outcome. */
class StreamTableTest {
    /** @param lines of the row: S, C, outcome and again */
    record Row(String title, List<String> lines) {
        @Override
        public String toString() {
            return title;
        }
    }

    static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("src/test/resources/transcripts/component-stream.table"))) {
            if (line.startsWith("== ")) {
                rows.add(new Row(line.substring(3), new ArrayList<>()));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                rows.get(rows.size() - 1).lines().add(line);
            }
        }
        return rows;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void happensAsWritten(Row row) throws Exception {
        NioEventLoopGroup group = new NioEventLoopGroup(1);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(ComponentConnection.class);
        Level level = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        log.start();
        logger.addAppender(log);
        try (ScriptedServer server = new ScriptedServer()) {
            ComponentConnection connection = connect(server, group, row.title().contains("allowMultiple"));
            server.accept();
            for (String line : row.lines()) {
                play(line, server, connection, log);
            }
            connection.stop();
        } finally {
            logger.detachAppender(log);
            logger.setLevel(level);
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static void play(
            String line, ScriptedServer server, ComponentConnection connection, ListAppender<ILoggingEvent> log)
            throws IOException {
        String text = filled(line.substring(line.indexOf(": ") + 2));
        switch (line.substring(0, line.indexOf(": "))) {
            case "S" -> server.write(text);
            case "C" -> assertThat(server.read(text)).endsWith(text);
            case "outcome" -> {
                if (text.equals("ready")) {
                    Awaitility.await().until(() -> connection.state() == StreamState.READY);
                } else {
                    Awaitility.await("a failure").until(() -> connection.lastFailure() != null);
                    assertThat(connection.lastFailure()).contains(text).doesNotContain("s3cret");
                }
            }
            case "again" ->
                Awaitility.await("when it tries again").until(() -> List.copyOf(log.list).stream()
                        .map(ILoggingEvent::getFormattedMessage)
                        .anyMatch(said -> said.matches(
                                ".*next attempt in " + (text.equals("soon") ? "\\d{1,3} ms" : "\\d{5} ms"))));
            default -> throw new IllegalArgumentException(line);
        }
    }

    private static String filled(String text) {
        return text.replace("{header}", ScriptedServer.HEADER)
                .replace("{digest}", Handshake.digest("3BF96D32", "s3cret"))
                .replaceAll(
                        "\\{error:([a-z-]+):([^}]+)}",
                        "<stream:error><$1 xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text "
                                + "xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>$2</text></stream:error>")
                .replaceAll(
                        "\\{error:([a-z-]+)}",
                        "<stream:error><$1 xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
    }

    private static ComponentConnection connect(ScriptedServer server, NioEventLoopGroup group, boolean multiple) {
        StreamSettings settings = new StreamSettings(
                "127.0.0.1",
                server.port(),
                "proxy.example",
                "s3cret",
                null,
                true,
                Duration.ofSeconds(5),
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                2,
                Duration.ofSeconds(60),
                20_000,
                multiple);
        ComponentConnection connection = new ComponentConnection(settings, group.next(), () -> 0.5);
        connection.start();
        return connection;
    }
}
