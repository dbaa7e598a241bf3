package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The metrics of a proxy with everything on, as the tool of Prometheus reads and judges them. */
class PromtoolTest {
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");

    @Test
    void findsNothingToSayOfOurMetrics() throws Exception {
        Installed.require(Files.isExecutable(PROMTOOL), "promtool (package prometheus)");
        Map<String, String> features = Map.of(
                "proxy.messages", "on",
                "proxy.presence", "relay",
                "proxy.answer", "ping,version,last,disco",
                "proxy.reverse", "on",
                "proxy.max-pending-per-resource", "2",
                "proxy.attempt-timeout", "2s");
        try (ObservedProxy observed = new ObservedProxy(Map.of(), features);
                Worker plain = observed.worker("a");
                Worker odd = observed.worker("\"odd\" \\ {name}")) {
            observed.ask();
            observed.alice.send("<message type='chat' to='proxy.localhost'><body>hello</body></message>");
            String metrics = observed.get("/observe/metrics", "*/*").body();
            assertThat(metrics).contains("clientproxy_messages_total", plain.resource, "{name}");
            assertThat(odd.resource).isNotEmpty();
            // Camel's own four have no help text, and labels in camel case.
            assertThat(check(metrics).lines()).allMatch(line -> line.matches("(app_info|camel_routes_\\w+) .*"));
        }
    }

    @Test
    void wouldSayIt() throws Exception {
        Installed.require(Files.isExecutable(PROMTOOL), "promtool (package prometheus)");
        assertThat(check("# TYPE clientproxy_tests counter\nclientproxy_tests 1\n"))
                .contains("clientproxy_tests");
    }

    private static String check(String metrics) throws Exception {
        Path said = Files.createTempFile("promtool", ".txt");
        try {
            Process promtool = new ProcessBuilder(PROMTOOL.toString(), "check", "metrics")
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            promtool.getOutputStream().write(metrics.getBytes(StandardCharsets.UTF_8));
            promtool.getOutputStream().close();
            assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return Files.readString(said);
        } finally {
            Files.delete(said);
        }
    }
}
