package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.clientproxy.check.CheckCommand;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.servers.Certificates;
import org.clientproxy.servers.TlsTerminator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code --check} says of TLS: right certificates, wrong ones, those that end soon, and none. */
class CheckTlsIT {
    private static final int LONG = 60;

    @TempDir
    static Path directory;

    private static Certificates authority;
    private static LoopbackServer server;

    @BeforeAll
    static void prepare() throws Exception {
        Installed.require(Certificates.isInstalled(), "openssl");
        Installed.require(TlsTerminator.isInstalled(), "stunnel4");
        authority = new Certificates(directory, "authority");
        authority.give("right", "DNS:localhost", LONG);
        authority.give("soon", "DNS:localhost", 3);
        authority.give("wrong-host", "DNS:other.example", LONG);
        authority.give("expired", "DNS:localhost", -1);
        new Certificates(directory, "stranger").give("wrong-authority", "DNS:localhost", LONG);
        server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret");
        server.start();
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
    }

    private static String check(int port, Map<String, String> more) throws Exception {
        Map<String, String> keys = new TreeMap<>(Map.of(
                "xmpp.host", "localhost",
                "xmpp.port", "" + port,
                "xmpp.tls", "on",
                "xmpp.tls.trust-file", authority.authority().toString(),
                "xmpp.secret", server.componentSecret(),
                "proxy.domain", "proxy.localhost",
                "proxy.target", "worker@localhost",
                "proxy.subscribe", "off",
                "proxy.data-dir", directory.resolve("data").toString()));
        keys.putAll(more);
        keys.values().removeIf(String::isEmpty);
        Path file = Files.writeString(
                directory.resolve("application.properties"),
                keys.entrySet().stream()
                        .map(each -> each.getKey() + '=' + each.getValue())
                        .collect(Collectors.joining("\n")));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        int code = CheckCommand.run(file, Map.of(), new PrintStream(printed, true, StandardCharsets.UTF_8));
        return printed.toString(StandardCharsets.UTF_8) + "exit code " + code;
    }

    private static TlsTerminator terminator(String certificate) throws Exception {
        return new TlsTerminator(directory, server.componentPort(), directory.resolve(certificate + ".pem")).start();
    }

    @Test
    void aRightCertificateIsWell() throws Exception {
        try (TlsTerminator tls = terminator("right")) {
            assertThat(check(tls.port(), Map.of()))
                    .contains("ok       connection: ")
                    .containsPattern(
                            "ok       TLS: the server's certificate is trusted and for its name, until \\d{4}-")
                    .contains("ok       secret: the server took it")
                    .endsWith("exit code 0");
        }
    }

    @Test
    void oneThatEndsSoonIsAWarning() throws Exception {
        try (TlsTerminator tls = terminator("soon")) {
            assertThat(check(tls.port(), Map.of()))
                    .containsPattern(
                            "warning  TLS: .* but expires on \\d{4}-\\d\\d-\\d\\d, in 2 days. Renew it at the server")
                    .contains("ok       secret: the server took it")
                    .endsWith("exit code 0");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "wrong-host, is not for localhost",
        "expired, has expired",
        "wrong-authority, is not from an authority that is trusted here",
    })
    void aWrongCertificateIsWrong(String certificate, String said) throws Exception {
        try (TlsTerminator tls = terminator(certificate)) {
            assertThat(check(tls.port(), Map.of()))
                    .contains("ok       connection: ")
                    .contains("wrong    TLS: 127.0.0.1:" + tls.port() + ": the certificate of localhost:" + tls.port()
                            + ' ' + said)
                    .contains("skipped  secret: the server is not reached")
                    .endsWith("exit code 1");
        }
    }

    @Test
    void oneThatIsNotVerifiedIsAWarning() throws Exception {
        try (TlsTerminator tls = terminator("expired")) {
            assertThat(check(tls.port(), Map.of("xmpp.tls.verify", "false", "xmpp.tls.trust-file", "")))
                    .contains("warning  TLS: the server's certificate is not verified")
                    .contains("ok       secret: the server took it")
                    .endsWith("exit code 0");
        }
    }

    @Test
    void aPortWithoutTlsIsWrong() throws Exception {
        assertThat(check(server.componentPort(), Map.of()))
                .contains("ok       connection: ")
                .contains("wrong    TLS: ")
                .endsWith("exit code 1");
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            assertThat(check(silent.getLocalPort(), Map.of("xmpp.connect-timeout", "500ms")))
                    .contains("wrong    TLS: 127.0.0.1:" + silent.getLocalPort() + ": the server at localhost:"
                            + silent.getLocalPort() + " did not answer to TLS within 500 ms");
        }
    }

    @Test
    void theProxysOwnCertificateIsLookedAtToo() throws Exception {
        try (TlsTerminator tls = new TlsTerminator(directory, server.componentPort(), directory.resolve("right.pem"))
                .wantingCertificatesOf(authority.authority())
                .start()) {
            Map<String, String> shown =
                    Map.of("xmpp.tls.key-file", directory.resolve("soon.pem").toString());
            assertThat(check(tls.port(), shown))
                    .containsPattern(
                            "warning  TLS: our own certificate .xmpp.tls.key-file. can be read, but expires on")
                    .contains("ok       secret: the server took it")
                    .endsWith("exit code 0");
            // Without one the server hangs up.
            assertThat(check(tls.port(), Map.of()))
                    .containsPattern("wrong    (TLS|connection): ")
                    .endsWith("exit code 1");
        }
    }
}
