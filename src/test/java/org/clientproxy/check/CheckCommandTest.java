package org.clientproxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.servers.FreePort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report as a whole: its lines, its order, its exit code. */
class CheckCommandTest {
    @TempDir
    Path directory;

    private int code;

    private List<String> check(Map<String, String> environment, String... lines) throws Exception {
        Path file = Files.write(directory.resolve("application.properties"), List.of(lines));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        code = CheckCommand.run(file, environment, new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("t0p-s3cret");
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private String[] keys(int port, String... more) {
        List<String> keys = new java.util.ArrayList<>(List.of(
                "xmpp.host=127.0.0.1",
                "xmpp.port=" + port,
                "xmpp.secret=t0p-s3cret",
                "proxy.domain=proxy.localhost",
                "proxy.target=worker@localhost",
                "proxy.data-dir=" + directory.resolve("data")));
        keys.addAll(List.of(more));
        return keys.toArray(String[]::new);
    }

    @Test
    void aWrongConfigurationIsAllThatIsSaid() throws Exception {
        assertThat(check(Map.of("XMPP_PORT", "no"), "xmpp.secret=t0p-s3cret", "proxy.target=worker@localhost"))
                .hasSize(2)
                .allMatch(line -> line.startsWith("wrong    configuration: "))
                .anyMatch(line -> line.contains("proxy.domain is missing"))
                .anyMatch(line -> line.contains("XMPP_PORT is no"));
        assertThat(code).isEqualTo(CheckCommand.WRONG_CONFIGURATION);
    }

    @Test
    void eachThingHasItsLineInTheOrderOfAStartWhateverCannotBeLookedAt() throws Exception {
        int port = FreePort.next();
        List<String> lines = check(Map.of(), keys(port));
        assertThat(lines)
                .extracting(line -> line.substring(0, line.indexOf(':')))
                .containsExactly(
                        "ok       configuration",
                        "ok       routes",
                        "ok       data directory",
                        "ok       running instance",
                        "ok       name look-up",
                        "wrong    connection",
                        "skipped  TLS",
                        "skipped  domain",
                        "skipped  secret",
                        "skipped  roster entry",
                        "skipped  sessions",
                        "skipped  clock");
        assertThat(code).isEqualTo(CheckCommand.WRONG);
    }

    @Test
    void eachOfSeveralProxiesIsChecked() throws Exception {
        try (LoopbackServer server = new LoopbackServer(Map.of("worker", "pw"), "b.localhost", "t0p-s3cret")) {
            server.start();
            List<String> lines = check(
                    Map.of(),
                    keys(
                            server.componentPort(),
                            "proxies=a,b",
                            "proxy.a.domain=a.localhost",
                            "proxy.b.domain=b.localhost",
                            "proxy.b.subscribe=off"));
            assertThat(lines)
                    .anyMatch(line -> line.startsWith("wrong    a domain: the server has no component a.localhost"))
                    .anyMatch(line -> line.startsWith("ok       b domain: the server has the component b.localhost"))
                    .noneMatch(line -> line.startsWith("wrong    b "));
            assertThat(code).isEqualTo(CheckCommand.WRONG);
        }
    }

    @Test
    void nobodyConnectsInPlaceOfARunningInstance() throws Exception {
        Path pending = Files.createDirectories(directory.resolve("data/proxy.pending"));
        try (LoopbackServer server = new LoopbackServer(Map.of(), "proxy.localhost", "another");
                FileChannel held = FileChannel.open(
                        pending.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = held.lock()) {
            server.start();
            assertThat(lock.isValid()).isTrue();
            assertThat(check(Map.of(), keys(server.componentPort())))
                    .anyMatch(line -> line.startsWith("ok       running instance: there is one, which has " + pending))
                    .anyMatch(line -> line.startsWith("ok       connection: "))
                    // Who connects would learn that the secret is wrong.
                    .anyMatch(line -> line.startsWith("skipped  secret: the running instance is not disturbed"));
            assertThat(code).isEqualTo(CheckCommand.WELL);
        }
    }

    @Test
    void anotherProgramAtTheManagementPortIsWrong() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            assertThat(check(
                            Map.of("CAMEL_MANAGEMENT_PORT", "" + other.getLocalPort()),
                            keys(FreePort.next(), "camel.management.enabled=true", "camel.management.port=1")))
                    .anyMatch(line -> line.startsWith("wrong    management server: another program listens at 127.0.0.1:"
                            + other.getLocalPort()));
        }
        assertThat(check(
                        Map.of(),
                        keys(
                                FreePort.next(),
                                "camel.management.enabled=true",
                                "camel.management.port=" + FreePort.next())))
                .anyMatch(line -> line.matches("ok       management server: 127\\.0\\.0\\.1:\\d+ is free"));
    }

    @Test
    void routeFilesThatCannotBeUsedAreWrong() throws Exception {
        int port = FreePort.next();
        assertThat(check(Map.of(), keys(port, "proxy.routes=file:none/*.yaml")))
                .anyMatch(line -> line.startsWith("wrong    routes: proxy.routes=file:none/*.yaml names no file"));
        Path broken = Files.writeString(directory.resolve("broken.yaml"), "- route:\n    from: [\n");
        assertThat(check(Map.of(), keys(port, "proxy.routes=file:" + broken)))
                .anyMatch(line -> line.startsWith("wrong    routes: "));
        Path other = Files.writeString(
                directory.resolve("other.yaml"),
                "- route:\n    id: mine\n    from:\n      uri: direct:mine\n      steps:\n        - log: hello\n");
        assertThat(check(Map.of(), keys(port, "proxy.routes=file:" + other)))
                .anyMatch(line -> line.startsWith("wrong    routes: ") && line.contains("without the route proxy-stanzas"));
        assertThat(check(Map.of(), keys(port, "proxy.routes=java,file:" + other)))
                .anyMatch(line -> line.startsWith("ok       routes: 1 file of java, file:"));
        assertThat(check(Map.of(), keys(port, "proxy.routes=file:routes/client-proxy.yaml")))
                .anyMatch(line -> line.startsWith("ok       routes: 1 file of file:routes/client-proxy.yaml"));
    }

    @Test
    void whatOthersHaveNamedForgesNoLine() {
        assertThat(Finding.ok(Matter.SESSIONS, "a\nok       secret: fine").line(""))
                .isEqualTo("ok       sessions: a ok       secret: fine");
    }
}
