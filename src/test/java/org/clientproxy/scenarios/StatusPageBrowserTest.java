package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status page in a real browser. {@code -Dscreenshots=docs/images} writes the pictures of the README. */
class StatusPageBrowserTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final String HOSTILE = "<img src=x onerror=document.title=1>";

    private static final int MANY = 200;
    private static final String TOKEN = "0perate-by-this-t0ken";

    @TempDir
    Path directory;

    @Test
    void showsPoolAndErrorsAndRunsNoNameAsMarkup() throws Exception {
        Installed.require(Files.isExecutable(CHROMIUM), "Chromium");
        boolean pictures = System.getProperty("screenshots") != null;
        try (ObservedProxy proxy = new ObservedProxy(Map.of())) {
            assertThat(proxy.ask().type()).isEqualTo("error");
            try (Worker a = proxy.worker("a");
                    Worker b = proxy.worker(pictures ? "b" : HOSTILE)) {
                for (int i = 0; i < 20; i++) {
                    assertThat(proxy.ask().type()).isEqualTo("result");
                }
                assertThat(a.answered.get() + b.answered.get()).isEqualTo(20);
                String page = new String(
                        browse("dom", "--dump-dom", "--virtual-time-budget=5000", proxy.url()), StandardCharsets.UTF_8);
                assertThat(page)
                        .contains("<h1>proxy.localhost</h1>")
                        .contains("<b class=\"good\">ready</b>")
                        .contains("service-unavailable")
                        .contains("<title>Client proxy</title>");
                if (!pictures) {
                    assertThat(page)
                            .contains("&lt;img src=x onerror=document.title=1&gt;")
                            .doesNotContain("<img");
                }
                Path to = pictures ? Path.of(System.getProperty("screenshots")) : directory;
                picture(
                        to.resolve("status-desktop-light.png"),
                        proxy.url(),
                        "1000,760",
                        "--force-device-scale-factor=1");
                picture(
                        to.resolve("status-phone-dark.png"),
                        proxy.url(),
                        "500,900",
                        "--blink-settings=preferredColorScheme=0");
            }
        }
    }

    @Test
    void staysReadableWithTwoHundredResourcesInAllStates() throws Exception {
        Installed.require(Files.isExecutable(CHROMIUM), "Chromium");
        List<AutoCloseable> sessions = new ArrayList<>();
        try (ObservedProxy proxy = new ObservedProxy(
                Map.of("management.token", TOKEN),
                Map.of("proxy.eject-after", "1", "proxy.eject-time", "10m", "proxy.selection", "round-robin"))) {
            for (int i = 0; i < MANY; i++) {
                RawClient session =
                        RawClient.login(proxy.server, "worker", "pw", "recorder-" + i + "-of-the-north-hall");
                sessions.add(session);
                session.send(
                        i % 5 == 0
                                ? "<presence><show>dnd</show></presence>"
                                : i % 7 == 0
                                        ? "<presence><show>away</show><capacity xmlns='urn:clientproxy:pool:0' max='1'/></presence>"
                                        : "<presence/>");
            }
            Awaitility.await("all are known").atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                            proxy.get("/observe/client-proxy/status").body().split("\"resource\":"))
                    .hasSize(MANY + 1));
            for (int i = 0; i < 10; i++) {
                retire(proxy, "worker@localhost/recorder-" + (i * 11 + 1) + "-of-the-north-hall");
            }
            // Nobody replies: each that is asked is out.
            for (int i = 0; i < 40; i++) {
                proxy.alice.send("<iq type='get' id='hang" + i + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            }
            for (int i = 0; i < 40; i++) {
                proxy.alice.await("the time-out", each -> "error".equals(each.type()));
            }
            Path to = directory;
            String page = new String(
                    browse("many", "--dump-dom", "--virtual-time-budget=5000", proxy.url()), StandardCharsets.UTF_8);
            assertThat(page.split("data-label=\"state\"", -1)).hasSize(MANY + 1);
            assertThat(page)
                    .containsPattern("\\d+ available · \\d+ ")
                    .contains("10 retired")
                    .contains("ejected");
            assertThat(page.indexOf("Last errors")).isLessThan(page.indexOf("<table"));
            picture(to.resolve("many-desktop.png"), proxy.url(), "1000,1400", "--force-device-scale-factor=1");
            picture(to.resolve("many-phone.png"), proxy.url(), "500,1600", "--blink-settings=preferredColorScheme=0");
            if (System.getProperty("look") != null) {
                for (String name : List.of("many-desktop.png", "many-phone.png")) {
                    Files.copy(to.resolve(name), Path.of(System.getProperty("look"), name));
                }
            }
        } finally {
            for (AutoCloseable session : sessions) {
                session.close();
            }
        }
    }

    private static void retire(ObservedProxy proxy, String resource) throws Exception {
        HttpRequest order = HttpRequest.newBuilder(URI.create(proxy.url() + "/proxy/retire"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("token=" + TOKEN + "&resource=" + resource))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(order, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
    }

    private void picture(Path file, String url, String size, String option) throws Exception {
        Files.createDirectories(file.getParent());
        browse(
                file.getFileName().toString(),
                option,
                "--hide-scrollbars",
                "--window-size=" + size,
                "--virtual-time-budget=5000",
                "--screenshot=" + file.toAbsolutePath(),
                url);
        assertThat(file).isNotEmptyFile();
    }

    private byte[] browse(String name, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                CHROMIUM.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + directory.resolve(name + ".profile")));
        command.addAll(List.of(arguments));
        Path out = directory.resolve(name + ".out");
        Process browser = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(directory.resolve(name + ".err").toFile())
                .start();
        try {
            assertThat(browser.waitFor(120, TimeUnit.SECONDS))
                    .as("the browser is done; " + Files.readString(directory.resolve(name + ".err")))
                    .isTrue();
        } finally {
            browser.destroyForcibly();
        }
        Awaitility.await().until(() -> !browser.isAlive());
        return Files.readAllBytes(out);
    }
}
