package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.clientproxy.servers.Certificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands and keys by which the pages observe a proxy show what they say. */
class ObservingExamplesTest {
    private static final List<String> PAGES =
            List.of("docs/observing.md", "docs/tracing.md", "docs/troubleshooting.md");
    private static final Pattern CURL = Pattern.compile("(?m)^ {4}(curl .*)$");

    @TempDir
    Path directory;

    @Test
    void eachCommandGetsAnAnswer() throws Exception {
        Installed.require(Files.isExecutable(Path.of("/usr/bin/curl")), "curl");
        try (ObservedProxy proxy = new ObservedProxy(Map.of(
                        "camel.main.devConsoleEnabled", "true",
                        "camel.management.devConsoleEnabled", "true",
                        "camel.trace.enabled", "true"));
                Worker worker = proxy.worker("a")) {
            assertThat(proxy.ask().type()).isEqualTo("result");
            assertThat(worker.answered).hasValue(1);
            // The trace console shows nothing before the tracer has looked; readiness follows the worker.
            Awaitility.await("all of them").atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                            run(commands().replace(":9876", ":" + proxy.port)))
                    .contains("\"resource\":\"a\"")
                    .contains("clientproxy_requests_total")
                    .contains("\"status\":\"UP\"")
                    .contains("stream    ready")
                    .contains("proxy-stanzas")
                    .doesNotContain("curl: "));
        }
    }

    private static String commands() throws Exception {
        StringBuilder commands = new StringBuilder();
        for (String page : PAGES) {
            Matcher curl = CURL.matcher(Files.readString(Path.of(page)));
            assertThat(curl.find()).as(page).isTrue();
            do {
                commands.append(curl.group(1).replaceFirst("curl ", "curl --fail-with-body -S "))
                        .append("\necho\n");
            } while (curl.find());
        }
        return commands.toString();
    }

    private String run(String commands) throws Exception {
        Path out = directory.resolve("out");
        Process shell = new ProcessBuilder("sh", "-eu", "-c", commands)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(out, StandardCharsets.UTF_8);
        assertThat(shell.exitValue()).as(said).isZero();
        return said;
    }

    /** The block that the page gives to those who look from other machines. */
    @Test
    void aPasswordAndTlsGuardAllOfIt() throws Exception {
        Installed.require(Certificates.isInstalled(), "openssl");
        Certificates certificates = new Certificates(directory, "authority");
        Path pem = certificates.give("server", "IP:127.0.0.1", 2);
        String store = directory.resolve("server.p12").toString();
        assertThat(run("openssl pkcs12 -export -in " + pem + " -out " + store + " -passout pass:CHANGE-ME"))
                .isEmpty();
        Files.writeString(directory.resolve("users.properties"), "user.ops = open sesame\n");
        Map<String, String> keys = new HashMap<>();
        documented()
                .forEach((key, value) -> keys.put(
                        key.toString(),
                        value.toString()
                                .replace("file:server.p12", "file:" + store)
                                .replace(
                                        "users.properties",
                                        directory.resolve("users.properties").toString())));
        try (ObservedProxy proxy = new ObservedProxy(keys)) {
            HttpClient browser = HttpClient.newBuilder()
                    .sslContext(trusting(certificates.authority()))
                    .build();
            for (String path : List.of("", "/status")) {
                URI uri = URI.create(proxy.url().replace("http:", "https:") + path);
                assertThat(status(browser, HttpRequest.newBuilder(uri))).isEqualTo(401);
                String login = Base64.getEncoder().encodeToString("ops:open sesame".getBytes(StandardCharsets.UTF_8));
                assertThat(status(browser, HttpRequest.newBuilder(uri).header("Authorization", "Basic " + login)))
                        .isEqualTo(200);
            }
        }
    }

    private static Properties documented() throws Exception {
        Matcher block = Pattern.compile("give it a password and TLS:\n\n((?: {4}.*\n)+)")
                .matcher(Files.readString(Path.of("docs/observing.md")));
        assertThat(block.find()).isTrue();
        Properties keys = new Properties();
        keys.load(new StringReader(block.group(1)));
        assertThat(keys).hasSize(6);
        return keys;
    }

    private static int status(HttpClient browser, HttpRequest.Builder request) throws Exception {
        return browser.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static SSLContext trusting(Path authority) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (var in = Files.newInputStream(authority)) {
            trusted.setCertificateEntry(
                    "a", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
