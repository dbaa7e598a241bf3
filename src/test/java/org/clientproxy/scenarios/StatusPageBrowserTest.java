package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.WorkerSession;
import org.clientproxy.xmpp.StanzaError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status page in a real browser. {@code -Dscreenshots=docs/images} writes the pictures of the pages. */
class StatusPageBrowserTest {
    private static final String HOSTILE = "<img src=x onerror=document.title=1>";

    private static final int MANY = 200;
    private static final String TOKEN = "0perate-by-this-t0ken";

    @TempDir
    Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private Path pictures;

    @BeforeEach
    void find() {
        Browser.require();
        String screenshots = System.getProperty("screenshots");
        pictures = screenshots == null ? directory : Path.of(screenshots);
    }

    @AfterEach
    void end() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private RawClient session(ObservedProxy proxy, String resource, String presence) throws Exception {
        RawClient session = RawClient.login(proxy.server, "worker", "pw", resource);
        opened.add(session);
        session.send(presence);
        return session;
    }

    private static void awaitResources(ObservedProxy proxy, int count) {
        Awaitility.await("all are known").atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        proxy.get("/observe/client-proxy/status").body().split("\"resource\":"))
                .hasSize(count + 1));
    }

    @Test
    void runsNoNameAsMarkup() throws Exception {
        try (ObservedProxy proxy = new ObservedProxy(Map.of());
                Worker hostile = proxy.worker(HOSTILE);
                Browser browser = new Browser(directory, proxy.url())) {
            assertThat(proxy.ask().type()).isEqualTo("result");
            assertThat(hostile.answered.get()).isPositive();
            browser.await("document.querySelectorAll('td').length > 0");
            assertThat(browser.evaluate("document.documentElement.outerHTML"))
                    .contains("<h1>proxy.localhost</h1>")
                    .contains("<title>Client proxy</title>")
                    .contains("&lt;img src=x onerror=document.title=1&gt;")
                    .doesNotContain("<img");
        }
    }

    /** A small pool in which each resource is in another state, with requests on their way. */
    @Test
    void showsStatesTrafficAndErrors() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (ObservedProxy proxy = new ObservedProxy(
                Map.of("management.token", TOKEN),
                Map.of(
                        "proxy.reply-timeout", "5m",
                        "proxy.eject-after", "1",
                        "proxy.eject-on", "feature-not-implemented",
                        "proxy.eject-time", "10m"))) {
            assertThat(proxy.ask().type()).as("nobody is there").isEqualTo("error");
            StanzaError cannot =
                    StanzaError.of(StanzaError.Condition.FEATURE_NOT_IMPLEMENTED, "This version knows no greetings.");
            opened.add(WorkerSession.join(proxy.server, "worker", "pw", "rome-1", request -> request.error(cannot)));
            assertThat(proxy.ask().type()).isEqualTo("error");
            RawClient full =
                    session(proxy, "oslo-1", "<presence><capacity xmlns='urn:clientproxy:pool:0' max='1'/></presence>");
            awaitResources(proxy, 2);
            proxy.alice.send("<iq type='get' id='long' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            full.await("a request that it keeps", each -> each.isRequest());
            session(proxy, "oslo-2", "<presence><show>dnd</show></presence>");
            opened.add(proxy.worker("berlin-1"));
            opened.add(proxy.worker("berlin-2"));
            opened.add(proxy.worker("berlin-3"));
            retire(proxy, "worker@localhost/berlin-3");
            Thread traffic = traffic(proxy, over);
            try (Browser browser = new Browser(directory, proxy.url())) {
                // So many looks, each two seconds after the one before, make the curve of a picture.
                browser.await("Number(document.body.dataset.looks) >= " + (pictures == directory ? 2 : 20));
                assertThat(browser.evaluate("document.getElementById('proxies').innerText"))
                        .contains("ready", "available", "retired", "ejected", "dnd", "full", "1 of 1")
                        .contains("service-unavailable", "pause", "reconnect");
                browser.picture(pictures.resolve("status-desktop-light.png"), 1000, 900, false);
                browser.picture(pictures.resolve("status-phone-dark.png"), 500, 1200, true);
            }
            over.set(true);
            traffic.join(Duration.ofSeconds(30).toMillis());
        } finally {
            over.set(true);
        }
    }

    /** Requests by somebody else, one after the other, until it is over. */
    private static Thread traffic(ObservedProxy proxy, AtomicBoolean over) throws Exception {
        RawClient bob = RawClient.login(proxy.server, "bob", "pw", "phone");
        Thread thread = new Thread(
                () -> {
                    try (bob) {
                        while (!over.get()) {
                            bob.ask("get", "proxy.localhost", "<q xmlns='urn:q'/>");
                        }
                    } catch (Exception | AssertionError e) {
                        over.set(true);
                    }
                },
                "traffic");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Test
    void staysReadableWithTwoHundredResourcesInAllStates() throws Exception {
        try (ObservedProxy proxy = new ObservedProxy(
                Map.of("management.token", TOKEN),
                Map.of("proxy.eject-after", "1", "proxy.eject-time", "10m", "proxy.selection", "round-robin"))) {
            for (int i = 0; i < MANY; i++) {
                session(
                        proxy,
                        "recorder-" + i + "-of-the-north-hall",
                        i % 5 == 0
                                ? "<presence><show>dnd</show></presence>"
                                : i % 7 == 0
                                        ? "<presence><show>away</show><capacity xmlns='urn:clientproxy:pool:0' max='1'/></presence>"
                                        : "<presence/>");
            }
            awaitResources(proxy, MANY);
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
            try (Browser browser = new Browser(directory, proxy.url())) {
                browser.await("document.querySelectorAll('td[data-label=state]').length === " + MANY);
                String page = browser.evaluate("document.getElementById('proxies').innerText");
                assertThat(page)
                        .containsPattern("\\d+ available · \\d+ ")
                        .contains("10 retired")
                        .contains("ejected");
                assertThat(page.indexOf("Last errors")).isLessThan(page.indexOf("Pool"));
                browser.picture(directory.resolve("many-desktop.png"), 1000, 1400, false);
                browser.picture(directory.resolve("many-phone.png"), 500, 1600, true);
                if (System.getProperty("look") != null) {
                    for (String name : List.of("many-desktop.png", "many-phone.png")) {
                        Files.copy(directory.resolve(name), Path.of(System.getProperty("look"), name));
                    }
                }
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
}
