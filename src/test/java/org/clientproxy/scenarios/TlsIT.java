package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.awaitility.Awaitility;
import org.clientproxy.component.Health;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.Certificates;
import org.clientproxy.servers.EjabberdServer;
import org.clientproxy.servers.ProsodyServer;
import org.clientproxy.servers.TlsTerminator;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS to the server, which a terminator in front of it speaks, with right certificates and wrong ones. */
class TlsIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private static Certificates authority;
    private static Certificates stranger;
    private static Path right;
    private static Path wrongHost;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void certificates() throws Exception {
        Installed.require(Certificates.isInstalled(), "openssl");
        Installed.require(TlsTerminator.isInstalled(), "stunnel4");
        authority = new Certificates(directory, "authority");
        stranger = new Certificates(directory, "stranger");
        right = authority.give("right", "DNS:localhost", 1);
        wrongHost = authority.give("wrong-host", "DNS:other.example", 1);
        authority.give("expired", "DNS:localhost", -1);
        authority.give("address", "IP:127.0.0.1", 1);
        stranger.give("wrong-authority", "DNS:localhost", 1);
    }

    @AfterEach
    void end() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T open(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private RunningProxy proxy(XmppServer server, int port, Map<String, String> more) throws Exception {
        Map<String, String> keys = new HashMap<>(Map.of(
                "xmpp.host", "localhost",
                "xmpp.port", "" + port,
                "xmpp.tls", "on",
                "xmpp.tls.trust-file", authority.authority().toString(),
                "proxy.drain-timeout", "1s"));
        keys.putAll(more);
        keys.values().removeIf(String::isEmpty);
        return open(RunningProxy.start(server, keys));
    }

    private LoopbackServer loopback() throws Exception {
        LoopbackServer server = open(new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret"));
        server.start();
        return server;
    }

    private void assertServes(XmppServer server) throws Exception {
        ProxyScenarios.accept(server);
        open(Worker.join(server, "a"));
        RawClient alice = open(RawClient.login(server, "alice", "pw", "home"));
        Awaitility.await().atMost(LIMIT).until(() -> {
            alice.send("<iq type='get' id='1' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            return "result".equals(alice.await("the answer", Stanza::isReply).type());
        });
    }

    @Test
    void servesOverTlsToProsodyAndComesBackAfterABreak() throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "Prosody");
        XmppServer server = open(new ProsodyServer(ProxyScenarios.ACCOUNTS));
        server.start();
        // Only who says the name gets the right certificate.
        TlsTerminator terminator = open(new TlsTerminator(directory, server.componentPort(), wrongHost)
                .named("localhost", server.componentPort(), right)
                .start());
        RunningProxy proxy = proxy(server, terminator.port(), Map.of());
        proxy.awaitReady();
        assertServes(server);
        terminator.close();
        Awaitility.await().atMost(LIMIT).until(() -> proxy.stream().state() != StreamState.READY);
        terminator.start();
        proxy.awaitReady();
        RawClient bob = open(RawClient.login(server, "bob", "pw", "phone"));
        Awaitility.await().atMost(LIMIT).until(() -> {
            bob.send("<iq type='get' id='1' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            return "result".equals(bob.await("the answer", Stanza::isReply).type());
        });
    }

    @Test
    void servesOverTheTlsThatEjabberdSpeaksItself() throws Exception {
        Installed.require(EjabberdServer.isInstalled(), "ejabberd");
        XmppServer server = open(new EjabberdServer(ProxyScenarios.ACCOUNTS, right));
        server.start();
        proxy(server, server.componentPort(), Map.of()).awaitReady();
        assertServes(server);
    }

    @Test
    void takesAnAddressThatIsInTheCertificate() throws Exception {
        LoopbackServer server = loopback();
        TlsTerminator terminator =
                open(new TlsTerminator(directory, server.componentPort(), directory.resolve("address.pem")).start());
        proxy(server, terminator.port(), Map.of("xmpp.host", "127.0.0.1")).awaitReady();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wrong-authority|not from an authority that is trusted here|xmpp.tls.trust-file",
                "wrong-host|not for localhost|xmpp.host",
                "expired|has expired|The server needs a new one"
            })
    void saysNothingToAServerThatIsNotVerified(String certificate, String wrong, String remedy) throws Exception {
        try (CapturedLog log = CapturedLog.ofUs(Level.DEBUG);
                Listener backend = new Listener("")) {
            TlsTerminator terminator =
                    open(new TlsTerminator(directory, backend.port(), directory.resolve(certificate + ".pem")).start());
            RunningProxy proxy = proxy(loopback(), terminator.port(), Map.of());
            assertRefused(proxy, log, "localhost:" + terminator.port(), wrong, remedy);
            assertThat(backend.heard()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"does not speak TLS,<?xml version='1.0'?><stream:stream", "did not answer to TLS within 700 ms,''"})
    void saysNothingToAServerWithoutTls(String wrong, String greeting) throws Exception {
        try (CapturedLog log = CapturedLog.ofUs(Level.DEBUG);
                Listener plain = new Listener(greeting)) {
            RunningProxy proxy = proxy(loopback(), plain.port(), Map.of("xmpp.connect-timeout", "700ms"));
            assertRefused(proxy, log, "localhost:" + plain.port(), wrong, "xmpp.port");
            assertThat(plain.heard()).isNotEmpty().doesNotContain("stream").doesNotContain("proxy.localhost");
        }
    }

    private static void assertRefused(RunningProxy proxy, CapturedLog log, String server, String wrong, String remedy) {
        Awaitility.await().atMost(LIMIT).until(() -> proxy.stream().lastFailure() != null);
        assertThat(proxy.stream().lastFailure())
                .contains(server)
                .contains(wrong)
                .contains(remedy)
                .doesNotContain("\n");
        Awaitility.await().atMost(LIMIT).until(() -> log.events().stream().anyMatch(e -> e.contains("next attempt")));
        assertThat(log.events().stream().filter(event -> event.startsWith("ERROR")))
                .singleElement()
                .satisfies(event -> assertThat(event).contains(wrong).contains("trying again"));
        Matcher next = Pattern.compile("next attempt in (\\d+) ms").matcher(String.join("", log.events()));
        assertThat(next.find()).isTrue();
        assertThat(Integer.parseInt(next.group(1))).isGreaterThanOrEqualTo(30_000);
        HealthCheck.Result health = Health.of(proxy.endpoint());
        assertThat(health.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(health.getMessage().orElse("")).contains(wrong);
    }

    @Test
    void takesAnyServerWhereToldToAndSaysHowDangerousThatIs() throws Exception {
        try (CapturedLog log = CapturedLog.ofUs(Level.WARN)) {
            LoopbackServer server = loopback();
            TlsTerminator terminator =
                    open(new TlsTerminator(directory, server.componentPort(), directory.resolve("wrong-authority.pem"))
                            .start());
            proxy(
                            server,
                            terminator.port(),
                            Map.of("xmpp.host", "127.0.0.1", "xmpp.tls.verify", "false", "xmpp.tls.trust-file", ""))
                    .awaitReady();
            assertThat(log.events()).anySatisfy(event -> assertThat(event)
                    .startsWith("WARN xmpp.tls.verify=false: whoever answers at 127.0.0.1:")
                    .contains("xmpp.tls.trust-file"));
        }
    }

    @Test
    void showsACertificateOfItsOwnWhereTheServerWantsOne() throws Exception {
        LoopbackServer server = loopback();
        Path own = stranger.give("own", "DNS:proxy.localhost", 1);
        TlsTerminator terminator = open(new TlsTerminator(directory, server.componentPort(), right)
                .wantingCertificatesOf(stranger.authority())
                .start());
        RunningProxy without = proxy(server, terminator.port(), Map.of());
        Awaitility.await().atMost(LIMIT).until(() -> without.stream().lastFailure() != null);
        assertThat(without.stream().lastFailure()).contains("xmpp.tls.key-file");
        without.close();
        proxy(server, terminator.port(), Map.of("xmpp.tls.key-file", own.toString()))
                .awaitReady();
    }

    /** Neither a restart nor an edit: the files are read again at each connection. */
    @Test
    void takesRenewedCertificatesAtTheNextConnection() throws Exception {
        LoopbackServer server = loopback();
        Path trusted = Files.copy(authority.authority(), directory.resolve("trusted.pem"));
        Path first = authority.give("first", "DNS:proxy.localhost", 1);
        Path own = Files.copy(first, directory.resolve("renewed.pem"));
        TlsTerminator before = open(new TlsTerminator(directory, server.componentPort(), right)
                .wantingCertificatesOf(authority.authority())
                .start());
        RunningProxy proxy = proxy(
                server, before.port(), Map.of("xmpp.tls.trust-file", "" + trusted, "xmpp.tls.key-file", "" + own));
        proxy.awaitReady();
        before.close();
        Awaitility.await().atMost(LIMIT).until(() -> proxy.stream().state() != StreamState.READY);
        // Both sides have other authorities from now on.
        Files.copy(stranger.authority(), trusted, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(stranger.give("second", "DNS:proxy.localhost", 1), own, StandardCopyOption.REPLACE_EXISTING);
        open(new TlsTerminator(
                        directory, server.componentPort(), stranger.give("moved", "DNS:localhost", 1), before.port())
                .wantingCertificatesOf(stranger.authority())
                .start());
        proxy.awaitReady();
        // A file that is half written is no file: what was there before is used, and the log says so once.
        try (CapturedLog log = CapturedLog.ofUs(Level.WARN)) {
            Files.writeString(own, Files.readString(own).substring(0, 200));
            server.dropComponent(null);
            Awaitility.await().atMost(LIMIT).until(() -> proxy.connections() == 3);
            assertThat(log.events())
                    .filteredOn(event -> event.contains("connections are made with what was there before"))
                    .singleElement()
                    .asString()
                    .startsWith("WARN")
                    .contains("xmpp.tls.key-file", "does not hold both a CERTIFICATE and a PRIVATE KEY");
        }
    }

    @Test
    void theComponentTakesCamelsOwnParameters() throws Exception {
        LoopbackServer server = loopback();
        TlsTerminator terminator = open(new TlsTerminator(directory, server.componentPort(), right).start());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream pem = Files.newInputStream(authority.authority())) {
            trusted.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        KeyStoreParameters store = new KeyStoreParameters();
        store.setKeyStore(trusted);
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setKeyStore(store);
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setTrustManagers(trust);
        String uri = "xmpp-component:proxy.localhost?host=localhost&port=" + terminator.port()
                + "&secret=RAW(t0p-s3cret)&sslContextParameters=#tls";
        try (CamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("tls", parameters);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(uri).setBody(constant("<echo xmlns='urn:example:echo'/>"));
                    from("direct:send").to(uri + "&requestTimeout=5s");
                }
            });
            context.start();
            RawClient alice = open(RawClient.login(server, "alice", "pw", "home"));
            Awaitility.await().atMost(LIMIT).until(() -> {
                alice.send("<iq type='get' id='1' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                return "result"
                        .equals(alice.await("the answer", Stanza::isReply).type());
            });
            context.createProducerTemplate()
                    .sendBody("direct:send", "<message to='alice@localhost/home' from='proxy.localhost'/>");
            alice.await("the message", stanza -> stanza.kind() == Stanza.Kind.MESSAGE);
        }
    }

    /** A plain TCP server that hears everything and says one thing. */
    private static final class Listener implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final StringBuffer heard = new StringBuffer();

        Listener(String greeting) throws IOException {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        listen(listener.accept(), greeting);
                    }
                } catch (IOException e) {
                    heard.append("");
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private void listen(Socket socket, String greeting) throws IOException {
            try (socket) {
                byte[] buffer = new byte[4096];
                int n = socket.getInputStream().read(buffer);
                if (n > 0) {
                    heard.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                    if (!greeting.isEmpty()) {
                        socket.getOutputStream().write(greeting.getBytes(StandardCharsets.UTF_8));
                    }
                    n = socket.getInputStream().read(buffer);
                    heard.append(n > 0 ? new String(buffer, 0, n, StandardCharsets.ISO_8859_1) : "");
                }
            }
        }

        int port() {
            return listener.getLocalPort();
        }

        String heard() {
            return heard.toString();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
