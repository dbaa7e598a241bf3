package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.clientproxy.loopback.LoopbackServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands by which the pages fetch libraries that are not shipped. */
class DocumentedLibrariesIT {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "docs/tracing.md, mvn -f docs/otel-pom.xml, opentelemetry-exporter-otlp",
        "docs/routes.md, mvn -f docs/xmpp-pom.xml, smack-tcp"
    })
    void putThemWhereTheStartScriptFindsThem(String page, String begin, String one) throws Exception {
        Path lib = directory.resolve("lib");
        run(command(Path.of(page), begin).replace("\"$PWD/lib\"", lib.toString()));
        assertThat(lib)
                .isDirectoryContaining(jar -> jar.getFileName().toString().startsWith(one));
        assertThat(lib)
                .isDirectoryContaining(jar -> jar.getFileName().toString().startsWith("camel-"))
                .isDirectoryNotContaining(jar ->
                        jar.getFileName().toString().matches("camel-(api|support|util)-(?=\\d)(?!4\\.18\\.0).*"));
    }

    @Test
    void theWorkerInJavaRunsWithWhatItsCommandFetched() throws Exception {
        Path examples = Path.of("examples/README.md");
        Path smack = directory.resolve("smack");
        run(command(examples, "mvn -f smack-pom.xml")
                .replace("-f smack-pom.xml", "-f examples/smack-pom.xml")
                .replace("=smack", "=" + smack));
        String start = command(examples, "XMPP_PASSWORD=… java")
                .replace("XMPP_PASSWORD=… ", "")
                .replace("'smack/*'", smack + File.separator + "*")
                .replace("GreetingWorker.java", "examples/GreetingWorker.java")
                .replace("example.org", "localhost");
        try (LoopbackServer server = new LoopbackServer(Map.of("worker", "pw"), "proxy.localhost", "secret")) {
            server.start();
            ProcessBuilder builder = new ProcessBuilder(start.split(" "))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("worker").toFile());
            builder.environment()
                    .putAll(Map.of(
                            "XMPP_PASSWORD", "pw",
                            "XMPP_SERVER", "127.0.0.1:" + server.clientPort(),
                            "XMPP_TLS", "off"));
            Process worker = builder.start();
            try {
                server.awaitSession("worker@localhost/a");
            } finally {
                worker.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    private static String command(Path page, String begin) throws Exception {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("    " + begin))
                .map(String::strip)
                .findFirst()
                .orElseThrow(() -> new AssertionError(page + " has no command " + begin));
    }

    private void run(String command) throws Exception {
        Path log = directory.resolve("maven");
        Process maven = ExampleProject.maven(command, List.of("-q"), log);
        assertThat(maven.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(maven.exitValue()).as(Files.readString(log)).isZero();
    }
}
