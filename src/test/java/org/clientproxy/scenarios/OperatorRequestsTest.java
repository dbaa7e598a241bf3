package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.stream.StreamState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be told a proxy through the management server, by whom, and how it answers. */
class OperatorRequestsTest {
    private static final String TOKEN = "Op3rator.s-own_t0ken~+/==";
    private static final String PROXY = "/observe/client-proxy/proxy/";
    private static final String BEARER = "Authorization: Bearer " + TOKEN;

    private static ObservedProxy proxy;
    private static Worker worker;
    private static CapturedLog log;

    @BeforeAll
    static void start() throws Exception {
        log = CapturedLog.ofAll();
        proxy = new ObservedProxy(Map.of("management.token", TOKEN));
        worker = proxy.worker("a");
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(proxy.proxy.stream().state()).isEqualTo(StreamState.READY);
    }

    @AfterAll
    static void stop() {
        worker.close();
        proxy.close();
        log.close();
        assertThat(log.events()).noneMatch(event -> event.contains(TOKEN));
    }

    private static String ask(ObservedProxy asked, String method, String path, String body, String... headers)
            throws IOException {
        try (Socket socket = new Socket("127.0.0.1", asked.port)) {
            socket.setSoTimeout(20_000);
            StringBuilder request = new StringBuilder(method + ' ' + path + " HTTP/1.1\r\n");
            List<String> all = List.of(headers);
            if (all.stream().noneMatch(header -> header.startsWith("Host:"))) {
                request.append("Host: 127.0.0.1:").append(asked.port).append("\r\n");
            }
            if (all.stream().noneMatch(header -> header.startsWith("Content-Type:"))) {
                request.append("Content-Type: application/x-www-form-urlencoded\r\n");
            }
            all.forEach(header -> request.append(header).append("\r\n"));
            request.append("Connection: close\r\nContent-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n\r\n")
                    .append(body);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String post(String path, String body, String... headers) throws IOException {
        return ask(proxy, "POST", path, body, headers);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static void assertDone(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("text/plain").contains("no-store");
        // One sentence.
        assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4)).matches("[^\\n]+\\.\\n");
    }

    @Test
    void aResourceIsRetiredAndRestored() throws Exception {
        assertDone(post(PROXY + "retire", "resource=a", BEARER));
        assertThat(proxy.get("/observe/client-proxy/status").body()).contains("\"state\":\"retired\"");
        assertThat(proxy.ask().type()).isEqualTo("error");
        assertDone(post(PROXY + "restore", "resource=" + encoded("worker@localhost/a"), BEARER));
        assertThat(proxy.get("/observe/client-proxy/status").body()).contains("\"state\":\"available\"");
        assertThat(proxy.ask().type()).isEqualTo("result");
    }

    @Test
    void theTokenMayComeInTheFormAndTheResourceInTheQuery() throws Exception {
        assertDone(post(PROXY + "retire?resource=a", "token=" + encoded(TOKEN)));
        assertDone(post(PROXY + "restore", "resource=a&token=" + encoded(TOKEN)));
        assertDone(post(
                PROXY + "restore",
                "--x\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n" + TOKEN
                        + "\r\n--x\r\nContent-Disposition: form-data; name=\"resource\"\r\n\r\na\r\n--x--\r\n",
                "Content-Type: multipart/form-data; boundary=x"));
        assertDone(post(PROXY + "resume", "", "authorization: bearer " + TOKEN));
    }

    @Test
    void theProxyIsPausedAndResumed() throws Exception {
        assertDone(post(PROXY + "pause", "", BEARER));
        assertThat(ProxyScenarios.condition(proxy.ask())).isEqualTo("recipient-unavailable");
        assertDone(post(PROXY + "resume", "", BEARER));
        assertThat(proxy.ask().type()).isEqualTo("result");
    }

    @Test
    void theStreamIsMadeAnew() throws Exception {
        int connections = proxy.proxy.connections();
        assertDone(post(PROXY + "reconnect", "", BEARER));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> proxy.proxy.connections() == connections + 1
                        && proxy.proxy.stream().state() == StreamState.READY);
        assertThat(proxy.ask().type()).isEqualTo("result");
    }

    @Test
    void aStrangeNameOfAResourceComesThrough() throws Exception {
        String name = "ä/ &=%+\u202e";
        try (Worker strange = proxy.worker("ä/ &=%+x")) {
            assertDone(post(PROXY + "retire", "resource=" + encoded(strange.resource), BEARER));
            assertDone(post(PROXY + "restore?resource=" + encoded(strange.resource), "", BEARER));
        }
        assertThat(post(PROXY + "retire", "resource=" + encoded(name), BEARER))
                .startsWith("HTTP/1.1 404 ")
                .contains("\\u202E is not in the pool of worker@localhost.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer",
                "Authorization: Bearer x",
                "Authorization: Bearer Op3rator.s-own_t0ken~+/=",
                "Authorization: Bearer Op3rator.s-own_t0ken~+/==x",
                "Authorization: Bearer op3rator.s-own_t0ken~+/==",
                "Authorization: Op3rator.s-own_t0ken~+/==",
                "Authorization: Basic Op3rator.s-own_t0ken~+/==",
                "X-Nothing: x"
            })
    void withoutTheTokenNothingIsDone(String header) throws Exception {
        for (String body : List.of("", "token=", "token=x")) {
            for (String path : List.of(
                    PROXY + "pause",
                    PROXY + "pause?token=" + encoded(TOKEN),
                    PROXY + "nonsense",
                    "/observe/client-proxy/nobody/pause")) {
                assertThat(post(path, body, header))
                        .as(path)
                        .startsWith("HTTP/1.1 401 ")
                        .containsIgnoringCase("www-authenticate: Bearer realm=\"client-proxy\"")
                        .contains("management.token")
                        .doesNotContain("nobody", "nonsense");
            }
        }
        assertThat(proxy.get("/observe/client-proxy/status").body()).contains("\"paused\":false");
    }

    @Test
    void wrongTokensFillNoLog() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertThat(post(PROXY + "pause", "token=guess" + i)).contains("invalid_token");
        }
        assertThat(log.events().stream().filter(event -> event.contains("a wrong management.token")))
                .hasSize(1)
                .allMatch(event -> event.contains("127.0.0.1"));
        assertThat(log.events()).noneMatch(event -> event.contains("guess1"));
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        assertThat(post("/observe/client-proxy/nobody/pause", "", BEARER))
                .startsWith("HTTP/1.1 404 ")
                .contains("There is no proxy nobody here.");
        assertThat(post(PROXY + "explode", "", BEARER))
                .startsWith("HTTP/1.1 404 ")
                .contains("There is no operation explode.");
        assertThat(post(PROXY + "retire", "resource=b", BEARER))
                .startsWith("HTTP/1.1 404 ")
                .contains("b is not in the pool of worker@localhost.");
        assertThat(post("/observe/client-proxy/proxy", "", BEARER)).startsWith("HTTP/1.1 404 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"})
    void onlyPostDoesSomething(String method) throws Exception {
        assertThat(ask(proxy, method, PROXY + "pause", "", BEARER))
                .startsWith("HTTP/1.1 405 ")
                .containsIgnoringCase("allow: POST");
        assertThat(proxy.get("/observe/client-proxy/status").body()).contains("\"paused\":false");
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        assertThat(post(PROXY + "retire", "", BEARER))
                .startsWith("HTTP/1.1 400 ")
                .contains("retire needs a resource.");
        assertThat(post(PROXY + "retire", "resource=", BEARER)).startsWith("HTTP/1.1 400 ");
        assertThat(post(PROXY + "pause", "resource=a", BEARER)).startsWith("HTTP/1.1 400 ");
        assertThat(post(PROXY + "retire?resource=a", "resource=a", BEARER))
                .startsWith("HTTP/1.1 400 ")
                .contains("Name one resource.");
        assertThat(post(PROXY + "retire", "{\"resource\":\"a\"}", BEARER, "Content-Type: application/json"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(post(PROXY + "retire", "resource=%zz", BEARER)).startsWith("HTTP/1.1 400 ");
        assertThat(post(PROXY + "retire", "resource=" + "a".repeat(40_000), BEARER))
                .matches("(?s)HTTP/1.1 4\\d\\d .*");
        assertThat(proxy.ask().type()).isEqualTo("result");
    }

    /** It has the token by whatever way: its browser does not lend it the operator's place. */
    @Test
    void aPageOfAnotherSiteIsRefused() throws Exception {
        for (String header : List.of(
                "Origin: http://evil.example",
                "Origin: null",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site")) {
            assertThat(post(PROXY + "pause", "token=" + encoded(TOKEN), header)).startsWith("HTTP/1.1 403 ");
        }
        assertThat(post(PROXY + "pause", "", BEARER, "Host: evil.example")).startsWith("HTTP/1.1 421 ");
        assertThat(proxy.get("/observe/client-proxy/status").body()).contains("\"paused\":false");
        assertDone(post(PROXY + "resume", "", BEARER, "Origin: http://127.0.0.1:" + proxy.port));
    }

    @Test
    void thePageHasButtons() throws Exception {
        assertThat(proxy.get("/observe/client-proxy", "text/html").body())
                .contains("<body data-operable>")
                .doesNotContain(TOKEN);
    }

    @Test
    void withoutATokenThereIsNothingToOperate() throws Exception {
        try (ObservedProxy plain = new ObservedProxy(Map.of())) {
            for (String method : List.of("POST", "GET")) {
                assertThat(ask(plain, method, PROXY + "pause", "token=", BEARER))
                        .startsWith("HTTP/1.1 403 ")
                        .contains("Nothing can be operated here until management.token is set.");
            }
            assertThat(plain.get("/observe/client-proxy", "text/html").body())
                    .contains("<body>")
                    .doesNotContain("<body data-operable>");
            assertThat(plain.get("/observe/client-proxy/status").body()).contains("\"paused\":false");
        }
    }

    @Test
    void withAPasswordBothAreNeeded(@TempDir Path directory) throws Exception {
        Path users = Files.writeString(directory.resolve("users.properties"), "user.ops = open sesame\n");
        String login = "Authorization: Basic "
                + Base64.getEncoder().encodeToString("ops:open sesame".getBytes(StandardCharsets.UTF_8));
        try (ObservedProxy locked = new ObservedProxy(Map.of(
                "management.token",
                TOKEN,
                "camel.management.authenticationEnabled",
                "true",
                "camel.management.basicPropertiesFile",
                users.toString()))) {
            assertThat(ask(locked, "POST", PROXY + "pause", "token=" + encoded(TOKEN)))
                    .startsWith("HTTP/1.1 401 ");
            assertThat(ask(locked, "POST", PROXY + "pause", "", BEARER)).startsWith("HTTP/1.1 401 ");
            assertThat(ask(locked, "POST", PROXY + "pause", "", login)).startsWith("HTTP/1.1 401 ");
            assertDone(ask(locked, "POST", PROXY + "pause", "token=" + encoded(TOKEN), login));
        }
    }
}
