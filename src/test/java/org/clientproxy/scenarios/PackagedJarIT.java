package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.servers.FreePort;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged jar as its users start it: another process, another directory. */
class PackagedJarIT {
    private static final Path JAR = Path.of("target/camel-client-proxy.jar").toAbsolutePath();

    @TempDir
    Path directory;

    private Process process;

    @AfterEach
    void end() throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private void run(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-jar", "" + JAR));
        command.addAll(List.of(arguments));
        start(command, environment);
    }

    private void start(List<String> command, Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PROXY") || name.startsWith("XMPP"));
        builder.environment().putAll(environment);
        process = builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private String log() throws Exception {
        return Files.readString(directory.resolve("log"), StandardCharsets.UTF_8);
    }

    private int exitCode() throws Exception {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private void awaitReady() {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> log().contains("is ready"));
    }

    /** What a proxy beside this server needs, and a key more with its value. */
    private static Map<String, String> beside(LoopbackServer server, String key, String value) {
        return Map.of(
                "XMPP_PORT",
                "" + server.componentPort(),
                "XMPP_SECRET",
                "t0p-s3cret",
                "PROXY_DOMAIN",
                "proxy.localhost",
                "PROXY_TARGET",
                "worker@localhost",
                key,
                value);
    }

    private void serve(LoopbackServer server) throws Exception {
        awaitReady();
        ProxyScenarios.accept(server);
        try (Worker worker = Worker.join(server, "a");
                RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                alice.send("<iq type='get' id='1' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                Stanza answer = alice.await("the answer", s -> "1".equals(s.id()));
                return "result".equals(answer.type());
            });
            assertThat(worker.answered.get()).isPositive();
        }
        assertThat(log())
                .containsPattern("Camel Client Proxy \\d")
                .contains("proxy.localhost")
                .contains("worker@localhost/a came")
                .doesNotContain("t0p-s3cret");
        process.destroy();
        // As any JVM that SIGTERM has ended.
        assertThat(exitCode()).isEqualTo(143);
        assertThat(log()).contains("stopping").containsPattern("Main +stopped\n");
    }

    @Test
    void runsWithEnvironmentVariablesAlone() throws Exception {
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret")) {
            server.start();
            run(beside(server, "PROXY_REPLY_TIMEOUT", "5s"));
            serve(server);
        }
    }

    /** Unpacks the distribution, and says where its start script is. */
    private Path unpacked() throws Exception {
        Path archive;
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            archive = files.filter(file -> file.toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow()
                    .toAbsolutePath();
        }
        start(List.of("tar", "xzf", archive.toString()), Map.of());
        assertThat(exitCode()).isZero();
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isDirectory).findFirst().orElseThrow().resolve("bin/client-proxy");
        }
    }

    @Test
    void servesFromTheDistribution() throws Exception {
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret")) {
            server.start();
            Path script = unpacked();
            Path settings = script.getParent().resolveSibling("application.properties");
            assertThat(settings).exists();
            assertThat(settings.resolveSibling("routes/examples"))
                    .isDirectoryContaining("glob:**/audit.yaml")
                    .isDirectoryContaining("glob:**/deny-by-content.yaml")
                    .isDirectoryContaining("glob:**/throttle-per-domain.yaml")
                    .isDirectoryContaining("glob:**/alerts.yaml");
            assertThat(settings.resolveSibling("kamelets"))
                    .isDirectoryContaining("glob:**/xmpp-component-source.kamelet.yaml")
                    .isDirectoryContaining("glob:**/xmpp-component-sink.kamelet.yaml");
            assertThat(Files.readString(settings.resolveSibling("kamelets/xmpp-component-sink.kamelet.yaml")))
                    .containsPattern("mvn:org.clientproxy:camel-client-proxy:[0-9]");
            assertThat(settings.resolveSibling("lib")).isDirectoryContaining("glob:**/camel-seda-*.jar");
            Files.writeString(
                    settings,
                    "xmpp.port=" + server.componentPort()
                            + "\nxmpp.secret=t0p-s3cret\nproxy.domain=proxy.localhost\nproxy.target=worker@localhost\n");
            Path link = Files.createSymbolicLink(directory.resolve("linked"), script);
            start(List.of(link.toString()), Map.of("JAVA_HOME", System.getProperty("java.home")));
            serve(server);
            assertThat(settings.resolveSibling("data/proxy.jat-key")).exists();
        }
    }

    @Test
    void startsWithTheArchiveOfClassesThatItHasMade() throws Exception {
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret")) {
            server.start();
            Path script = unpacked();
            String java = System.getProperty("java.home");
            start(List.of(script.toString(), "--archive"), Map.of("JAVA_HOME", java, "LOG_LEVEL", "WARN"));
            assertThat(exitCode()).as(log()).isZero();
            assertThat(log()).isEmpty();
            Path jars = script.resolveSibling("../lib").normalize();
            assertThat(jars).isDirectoryContaining("glob:**/client-proxy.jsa");
            assertThat(script.resolveSibling("../data")).doesNotExist();

            Path classes = directory.resolve("classes");
            Map<String, String> environment = new HashMap<>(beside(server, "JAVA_HOME", java));
            environment.put("JAVA_OPTS", "-Xlog:class+load:file=" + classes);
            start(List.of(script.toString()), environment);
            serve(server);
            assertThat(classes)
                    .content()
                    .contains(
                            "org.clientproxy.Main source: shared objects file",
                            "org.apache.camel.impl.DefaultCamelContext source: shared objects file");
            assertThat(log()).doesNotContain("WARNING");
        }
    }

    @Test
    void anArchiveOfOtherJarsIsNotMissed() throws Exception {
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret")) {
            server.start();
            Path script = unpacked();
            Map<String, String> environment =
                    new HashMap<>(beside(server, "JAVA_HOME", System.getProperty("java.home")));
            start(List.of(script.toString(), "--archive"), environment);
            assertThat(exitCode()).as(log()).isZero();
            try (Stream<Path> jars = Files.list(script.resolveSibling("../lib"))) {
                for (Path jar :
                        jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
                    Files.setLastModifiedTime(jar, FileTime.from(Instant.now()));
                }
            }
            environment.put("JAVA_OPTS", "-Xlog:class+load:file=" + directory.resolve("classes"));
            start(List.of(script.toString()), environment);
            serve(server);
            assertThat(directory.resolve("classes")).content().contains("org.clientproxy.Main source: file:");
            assertThat(log()).doesNotContainIgnoringCase("archive").doesNotContain("[warning]");
        }
    }

    /** The unit's settings lie apart from the distribution; the commands of the page bring the routes there. */
    @Test
    void theRoutesAreWhereTheDocumentedKeyFindsThemInTheLayoutOfTheUnit() throws Exception {
        Path script = unpacked();
        Path dist = script.getParent().getParent();
        Path home = Files.createDirectory(directory.resolve("etc"));
        for (String line : Files.readAllLines(Path.of("docs/installing.md"))) {
            if (line.matches(" {4}(install|cp) .*/etc/client-proxy.*")) {
                String command = line.strip()
                        .replace("-g client-proxy", "")
                        .replace("/opt/client-proxy", dist.toString())
                        .replace("/etc/client-proxy", home.toString());
                start(List.of("sh", "-c", command), Map.of());
                assertThat(exitCode()).as(command + log()).isZero();
            }
        }
        assertThat(home).isDirectoryContaining("glob:**/application.properties");
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret")) {
            server.start();
            start(
                    List.of(script.toString()),
                    Map.of(
                            "JAVA_HOME", System.getProperty("java.home"),
                            "CLIENT_PROXY_HOME", home.toString(),
                            "XMPP_PORT", "" + server.componentPort(),
                            "XMPP_SECRET", "t0p-s3cret",
                            "PROXY_DOMAIN", "proxy.localhost",
                            "PROXY_TARGET", "worker@localhost",
                            "PROXY_ROUTES", "file:routes/client-proxy.yaml"));
            serve(server);
        }
    }

    /** Octets of UTF-8, whatever the locale of this test is. */
    private static List<String> withSecretBeyondAscii(String command) {
        return List.of(
                "sh",
                "-c",
                "unset LC_ALL LC_CTYPE; export LANG=C XMPP_SECRET=\"$(printf 'schl\\303\\274ssel-\\342\\202\\254')\"; exec "
                        + command);
    }

    @Test
    void takesASecretBeyondAsciiInWhateverLocaleFromTheDistribution() throws Exception {
        try (LoopbackServer server =
                new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "schl\u00fcssel-\u20ac")) {
            server.start();
            Path script = unpacked();
            start(
                    withSecretBeyondAscii("" + script),
                    Map.of(
                            "JAVA_HOME",
                            System.getProperty("java.home"),
                            "XMPP_PORT",
                            "" + server.componentPort(),
                            "PROXY_DOMAIN",
                            "proxy.localhost",
                            "PROXY_TARGET",
                            "worker@localhost"));
            serve(server);
            for (String file : List.of("client-proxy.service", "Dockerfile")) {
                assertThat(script.getParent().resolveSibling(file)).content().contains("LC_ALL=C.UTF-8");
            }
        }
    }

    @Test
    void refusesASecretThatTheLocaleHasLost() throws Exception {
        start(
                withSecretBeyondAscii(System.getProperty("java.home") + "/bin/java -jar " + JAR),
                Map.of("PROXY_DOMAIN", "proxy.localhost", "PROXY_TARGET", "worker@localhost"));
        assertThat(exitCode()).isEqualTo(2);
        assertThat(log())
                .contains("environment variable XMPP_SECRET has a character that was lost")
                .contains("LC_ALL=C.UTF-8")
                .doesNotContain("ssel");
    }

    @Test
    void saysThatJavaIsTooOldOrMissing() throws Exception {
        Path script = unpacked();
        Path java = directory.resolve("old/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        start(
                List.of(script.toString()),
                Map.of("JAVA_HOME", directory.resolve("old").toString()));
        assertThat(exitCode()).isEqualTo(2);
        assertThat(log()).contains("Java 11 is too old: version 17 or later");
        start(
                List.of(script.toString()),
                Map.of("JAVA_HOME", directory.resolve("none").toString()));
        assertThat(exitCode()).isEqualTo(2);
        assertThat(log()).contains("no Java found");
    }

    @Test
    void isThereAgainAfterItWasKilledWithRequestsInFlight() throws Exception {
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret")) {
            server.start();
            Map<String, String> environment = beside(server, "PROXY_PENDING", "memory");
            run(environment);
            awaitReady();
            ProxyScenarios.accept(server);
            try (RawClient silent = RawClient.login(server, "worker", "pw", "silent");
                    RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
                silent.send("<presence/>");
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                    alice.send("<iq type='get' id='flying' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                    return silent.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
                });
                alice.send("<iq type='get' id='killed' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                Stanza forwarded = silent.await("the request", s -> "killed".equals(s.id()));
                process.destroyForcibly();
                assertThat(exitCode()).isNotZero();
                run(environment);
                awaitReady();
                silent.send(Worker.reply(forwarded, "<late xmlns='urn:r'/>"));
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                    alice.send("<iq type='get' id='after' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                    Stanza request = silent.poll(Stanza::isRequest, Duration.ofMillis(500));
                    if (request != null) {
                        silent.send(Worker.reply(request, ""));
                    }
                    return alice.poll(s -> "result".equals(s.type()) && "after".equals(s.id()), Duration.ofMillis(500))
                            != null;
                });
                // What was in flight is lost with the memory; a late reply to it reaches nobody.
                assertThat(alice.unseen()).noneMatch(s -> "killed".equals(s.id()));
            }
        }
    }

    @Test
    void runsWithTheFileOfItsDirectory() throws Exception {
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret")) {
            server.start();
            Files.writeString(directory.resolve("secret"), "t0p-s3cret\n");
            Files.writeString(
                    directory.resolve("application.properties"),
                    "xmpp.port=" + server.componentPort() + "\nxmpp.secret-file=secret\nproxies=one\n"
                            + "proxy.one.domain=proxy.localhost\nproxy.one.target=worker@localhost\n");
            run(Map.of());
            serve(server);
        }
    }

    @Test
    void showsNoSecretAtTheFinestLevelOfTheLog() throws Exception {
        String key = "Zm9yLXRlc3RzLW9ubHktMDEyMzQ1Njc4OWFiY2RlZiE";
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret")) {
            server.start();
            Files.writeString(
                    directory.resolve("application.properties"),
                    "xmpp.port=" + server.componentPort() + "\nxmpp.secret=t0p-s3cret\nproxy.jat-key=" + key
                            + "\nproxy.domain=proxy.localhost\nproxy.target=worker@localhost\n");
            run(Map.of("LOG_LEVEL", "TRACE", "LOG_LEVEL_CAMEL", "TRACE"));
            serve(server);
            assertThat(log()).contains("TRACE").doesNotContain(key);
        }
    }

    @Test
    void showsNoSecretOfTheEnvironmentOrTheCommandLine() throws Exception {
        String key = "Zm9yLXRlc3RzLW9ubHktMDEyMzQ1Njc4OWFiY2RlZiE";
        int port = FreePort.next();
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret")) {
            server.start();
            Files.writeString(
                    directory.resolve("application.properties"),
                    "camel.main.devConsoleEnabled=true\ncamel.management.enabled=true\ncamel.management.port=" + port
                            + "\ncamel.management.devConsoleEnabled=true\n");
            start(
                    List.of(
                            System.getProperty("java.home") + "/bin/java",
                            "-Dcamel.management.jwtKeystorePassword=c0mmand line",
                            "-jar",
                            "" + JAR),
                    Map.of(
                            "XMPP_PORT", "" + server.componentPort(),
                            "XMPP_SECRET", "t0p-s3cret",
                            "XMPP_TLS_TRUST_PASSWORD", "tru5t",
                            "PROXY_JAT_KEY", key,
                            "PROXY_DOMAIN", "proxy.localhost",
                            "PROXY_TARGET", "worker@localhost",
                            "CAMEL_SSL_KEYSTOREPASSWORD", "envir0nment",
                            "LOG_LEVEL", "TRACE",
                            "LOG_LEVEL_CAMEL", "TRACE"));
            awaitReady();
            StringBuilder shown = new StringBuilder();
            for (String type : List.of("text/plain", "application/json")) {
                for (String page :
                        List.of("", "/all", "/jvm", "/properties", "/system-properties", "/main-configuration")) {
                    shown.append(HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/dev" + page))
                                            .header("Accept", type)
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body());
                }
            }
            serve(server);
            assertThat(shown.append(log()))
                    .contains("TRACE", "jwtKeystorePassword", "java.specification")
                    .doesNotContain(key)
                    .doesNotContain("t0p-s3cret")
                    .doesNotContain("tru5t")
                    .doesNotContain("envir0nment")
                    .doesNotContain("c0mmand")
                    .doesNotContain("and line");
        }
    }

    @Test
    void saysWhatIsMissingAndEndsWithTwo() throws Exception {
        run(Map.of("PROXY_TARGET", "nonsense", "PROXY_DOMIAN", "x"));
        assertThat(exitCode()).isEqualTo(2);
        assertThat(log())
                .contains("xmpp.secret is missing")
                .contains("proxy.domain is missing")
                .contains("PROXY_TARGET is nonsense")
                .contains("did you mean PROXY_DOMAIN?")
                .doesNotContain("\tat ");
    }

    @Test
    void takesNoOtherArguments() throws Exception {
        run(Map.of(), "--help");
        assertThat(exitCode()).isEqualTo(2);
        assertThat(log()).contains("application.properties");
    }

    @Test
    void checksAndStartsNothing() throws Exception {
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret")) {
            server.start();
            Map<String, String> right = beside(server, "PROXY_SUBSCRIBE", "off");
            run(right, "--check");
            assertThat(exitCode()).isZero();
            assertThat(log()).contains("ok       secret: the server took it").doesNotContain("wrong", "t0p-s3cret");
            assertThat(directory.resolve("data")).doesNotExist();
            Map<String, String> wrong = new HashMap<>(right);
            wrong.put("XMPP_SECRET", "0ther-s3cret");
            run(wrong, "--check");
            assertThat(exitCode()).isEqualTo(1);
            assertThat(log()).contains("wrong    secret: the server refuses").doesNotContain("0ther-s3cret");
            run(Map.of("PROXY_TARGET", "nonsense"), "--check");
            assertThat(exitCode()).isEqualTo(2);
            assertThat(log()).contains("wrong    configuration: xmpp.secret is missing");
            // The script of the distribution hands it on.
            Path script = unpacked();
            start(List.of(script.toString(), "--check"), right);
            assertThat(exitCode()).isZero();
            assertThat(log()).contains("ok       secret: the server took it");
            assertThat(script.getParent().resolveSibling("data")).doesNotExist();
        }
    }

    @Test
    void doesNotDisturbTheProcessThatRuns() throws Exception {
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret")) {
            server.start();
            Map<String, String> environment =
                    beside(server, "PROXY_DATA_DIR", directory.resolve("shared").toString());
            run(environment);
            awaitReady();
            Process running = process;
            run(environment, "--check");
            assertThat(exitCode()).isZero();
            assertThat(log()).contains("ok       running instance: there is one", "skipped  secret: ");
            // The question for the lock has not ended it.
            run(environment, "--check");
            assertThat(exitCode()).isZero();
            assertThat(log()).contains("ok       running instance: there is one");
            process = running;
            assertThat(running.isAlive()).isTrue();
        }
    }

    @Test
    void saysWhatToDoWhereNothingCanBeKept() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        run(Map.of(
                "XMPP_SECRET", "x",
                "PROXY_DOMAIN", "p.localhost",
                "PROXY_TARGET", "w@localhost",
                "PROXY_DATA_DIR", file.toString()));
        assertThat(exitCode()).isEqualTo(1);
        assertThat(log())
                .contains("cannot start: pending requests cannot be kept in " + file)
                .contains("give the directory to the user")
                .doesNotContain("\tat ");
    }

    /** No restart mends it, so none is made. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "proxy.routes=file:none/*.yaml | proxy.routes=file:none/*.yaml names no file",
                "proxy.routes=yaml | proxy.routes=yaml names no file",
                "proxy.routes=java,file:bad.yaml | No bean could be found in the registry for: nobean",
                "camel.managment.enabled=true | did you mean camel.management.enabled?",
                "camel.management.port=abc | camel.management.port is abc, which is not allowed",
                "camel.main.jmxManagementMBeansLevel=Loud | camel.main.jmxManagementMBeansLevel=Loud: Camel has no such key",
                "camel.main.nonsense=1 | camel.main.nonsense=1: Camel has no such key",
            })
    void wrongConfigurationIsAlwaysExitTwo(String line, String said) throws Exception {
        Files.writeString(
                directory.resolve("bad.yaml"),
                "- route:\n    id: x\n    from:\n      uri: direct:x\n      steps:\n        - process:\n            ref: nobean\n");
        Files.writeString(
                directory.resolve("application.properties"),
                "xmpp.secret=s\nproxy.domain=p.localhost\nproxy.target=w@localhost\n" + line + "\n");
        run(Map.of());
        assertThat(exitCode()).isEqualTo(2);
        assertThat(log()).contains(said).doesNotContain("\tat ");
    }

    @Test
    void aLevelOfTheLogThatThereIsNotIsRefused() throws Exception {
        run(Map.of("LOG_LEVEL", "LOUD"));
        assertThat(exitCode()).isEqualTo(2);
        assertThat(log()).contains("LOG_LEVEL is LOUD, which is not allowed; allowed: TRACE, DEBUG");
    }

    @Test
    void aManagementPortThatIsInUseStopsTheStartWithOneSentence() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    directory.resolve("application.properties"),
                    "xmpp.secret=s\nproxy.domain=p.localhost\nproxy.target=w@localhost\n"
                            + "camel.management.enabled=true\ncamel.management.port=" + other.getLocalPort() + "\n");
            run(Map.of());
            assertThat(exitCode()).isEqualTo(1);
            assertThat(log())
                    .contains("cannot start: the management server cannot listen on 127.0.0.1:" + other.getLocalPort())
                    .doesNotContain("\tat ");
        }
    }
}
