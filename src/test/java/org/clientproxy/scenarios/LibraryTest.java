package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.proxy.ClientProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes to those who add our jar to their application, and that it is enough. */
class LibraryTest {
    /** Of a process, on a machine that has much else to do. */
    private static final Duration START = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void whatComesIsWhatTheDocumentsList() throws Exception {
        Set<String> comes = DependencyTree.read().with(DependencyTree.named());
        assertThat(documented("docs/dependencies.md", "comes to those who add the jar"))
                .isEqualTo(comes);
        assertThat(comes)
                .noneMatch(name -> name.startsWith("logback")
                        || name.startsWith("vertx")
                        || name.startsWith("micrometer")
                        || name.startsWith("jackson")
                        || name.contains("-dsl")
                        || name.equals("camel-main"));
    }

    @Test
    void whatTheProgramNeedsIsOnTheClassPathAllTheSame() throws Exception {
        assertThat(DependencyTree.read().with(List.of("camel-client-proxy")))
                .contains("camel-main", "camel-yaml-dsl", "camel-xml-io-dsl", "camel-bean", "camel-seda")
                .contains("logback-classic", "camel-platform-http-main", "camel-micrometer-prometheus");
    }

    @Test
    void theComponentServesWithThatAlone() throws Exception {
        try (LoopbackServer server = new LoopbackServer(Map.of("alice", "pw"), "service.localhost", "s3cret")) {
            server.start();
            try (User user = new User(List.of(), "component", "" + server.componentPort());
                    RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
                Awaitility.await("the service answers").atMost(START).until(() -> {
                    user.lives();
                    alice.send("<iq type='get' id='1' to='service.localhost'><q xmlns='urn:q'/></iq>");
                    return alice.await("the answer", s -> "1".equals(s.id()))
                            .toXml()
                            .contains("urn:example:pong");
                });
                alice.await("the message of its producer", s -> s.toXml().contains("<body>answered</body>"));
                user.endsWell();
            }
        }
    }

    @Test
    void theProxyServesWithThatAlone() throws Exception {
        proxyServes(List.of(), "proxy.accept", "not(/*/*[namespace-uri()='urn:forbidden'])");
    }

    @Test
    void theProxyTakesRoutesInFilesWithWhatTheDocumentsAdd() throws Exception {
        proxyServes(List.of("camel-yaml-dsl", "camel-xml-io"), "proxy.routes", "file:routes/client-proxy.yaml");
    }

    private void proxyServes(List<String> added, String... keys) throws Exception {
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "s3cret")) {
            server.start();
            List<String> arguments = new ArrayList<>(List.of("proxy", "xmpp.port", "" + server.componentPort()));
            arguments.addAll(List.of("xmpp.secret", "s3cret"));
            arguments.addAll(List.of("proxy.domain", "proxy.localhost", "proxy.target", "worker@localhost"));
            arguments.addAll(List.of("proxy.data-dir", directory.resolve("data").toString()));
            arguments.addAll(Arrays.asList(keys));
            try (Worker worker = Worker.join(server, "a");
                    User user = new User(added, arguments.toArray(String[]::new));
                    RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
                Awaitility.await("a request is proxied").atMost(START).until(() -> {
                    user.lives();
                    return ask(alice, "<q xmlns='urn:q'/>").contains("urn:q");
                });
                assertThat(worker.answered.get()).isPositive();
                if (keys.length > 0 && keys[0].equals("proxy.accept")) {
                    assertThat(ask(alice, "<q xmlns='urn:forbidden'/>")).contains("not-acceptable");
                }
                user.endsWell();
            }
        }
    }

    private static String ask(RawClient alice, String child) throws Exception {
        alice.send("<iq type='get' id='1' to='proxy.localhost'>" + child + "</iq>");
        return alice.await("the answer", s -> "1".equals(s.id())).toXml();
    }

    /** The lines of the block that follows these words. */
    private static Set<String> documented(String document, String words) throws Exception {
        String text = Files.readString(Path.of(document));
        int start = text.indexOf("```\n", text.indexOf(words)) + 4;
        String block = text.substring(start, text.indexOf("```", start));
        return new TreeSet<>(List.of(block.strip().split("[,\\s]+")));
    }

    /** The process of {@link LibraryUser}. */
    private final class User implements AutoCloseable {
        private final Path output = directory.resolve("output");
        private final Process process;

        User(List<String> added, String... arguments) throws Exception {
            List<String> artifacts = new ArrayList<>(DependencyTree.named());
            artifacts.addAll(added);
            List<String> classPath =
                    new ArrayList<>(DependencyTree.jars(DependencyTree.read().with(artifacts)));
            classPath.add(Path.of(ClientProxy.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
            classPath.add(ownClasses().toString());
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    String.join(File.pathSeparator, classPath),
                    LibraryUser.class.getName()));
            command.addAll(Arrays.asList(arguments));
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        }

        /** Only the classes of the user: the other tests have libraries of theirs. */
        private Path ownClasses() throws Exception {
            Path classes = Path.of(LibraryUser.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path mine = directory.resolve("classes/org/clientproxy/scenarios");
            Files.createDirectories(mine);
            try (Stream<Path> files = Files.list(classes.resolve("org/clientproxy/scenarios"))) {
                for (Path file : files.filter(f -> f.getFileName().toString().startsWith("LibraryUser"))
                        .toList()) {
                    Files.copy(file, mine.resolve(file.getFileName()));
                }
            }
            return directory.resolve("classes");
        }

        void lives() throws Exception {
            assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
        }

        void endsWell() throws Exception {
            process.getOutputStream().close();
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as(Files.readString(output))
                    .isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
