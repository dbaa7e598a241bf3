package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands by which docs/operating.md operates a proxy do what it says. */
class OperatorExamplesTest {
    private static final String TOKEN = "0perate-by-this-t0ken";
    private static final Path CURL = Path.of("/usr/bin/curl");
    private static final Pattern EXAMPLES =
            Pattern.compile("<!-- OperatorExamplesTest runs these. -->\\n+```sh\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path directory;

    @Test
    void theCommandsOfTheDocumentOperateAProxy() throws Exception {
        Installed.require(Files.isExecutable(CURL), "curl");
        Files.writeString(directory.resolve("operator.token"), TOKEN + '\n');
        Matcher examples = EXAMPLES.matcher(Files.readString(Path.of("docs/operating.md")));
        assertThat(examples.find()).isTrue();
        try (ObservedProxy proxy = new ObservedProxy(Map.of(
                        "management.token-file",
                        directory.resolve("operator.token").toString()));
                Worker worker = proxy.worker("worker-1")) {
            String commands = examples.group(1)
                    .replace(":9876", ":" + proxy.port)
                    .replace("worker@example.org", "worker@localhost");
            assertThat(run(commands).lines())
                    .containsExactly(
                            "proxy.localhost refuses new requests; those that are pending are answered.",
                            "proxy.localhost takes new requests.",
                            "proxy.localhost makes its stream to the server anew; requests stay pending.",
                            "worker@localhost/worker-1 gets no new requests; those that are pending are awaited.",
                            "worker@localhost/worker-1 gets new requests.");
            assertThat(worker.answered).hasValue(0);
        }
    }

    private String run(String commands) throws Exception {
        Path out = directory.resolve("out");
        Process shell = new ProcessBuilder("sh", "-eu", "-c", commands)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
