package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.camel.ServiceStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the management server answers to a browser that shows somebody else's page. */
class ManagementGuardTest {
    private static final String STATUS = "/observe/client-proxy/status";
    private static final List<String> ALL = List.of(
            STATUS,
            "/observe/client-proxy",
            "/observe/metrics",
            "/observe/health",
            "/observe/health/live",
            "/q/dev",
            "/q/dev/client-proxy",
            "/q/dev/route",
            "/nowhere");

    private static ObservedProxy proxy;

    @BeforeAll
    static void start() throws Exception {
        proxy = new ObservedProxy(Map.of(
                "management.names", "Ops.example, client-proxy",
                "camel.main.devConsoleEnabled", "true",
                "camel.management.devConsoleEnabled", "true"));
    }

    @AfterAll
    static void stop() {
        proxy.close();
    }

    @Test
    void withAPasswordEverythingWantsIt(@TempDir Path directory) throws Exception {
        Path users = Files.writeString(directory.resolve("users.properties"), "user.ops = open sesame\n");
        String login = Base64.getEncoder().encodeToString("ops:open sesame".getBytes(StandardCharsets.UTF_8));
        try (ObservedProxy locked = new ObservedProxy(Map.of(
                "camel.management.authenticationEnabled", "true",
                "camel.management.basicPropertiesFile", users.toString(),
                "camel.main.devConsoleEnabled", "true",
                "camel.management.devConsoleEnabled", "true"))) {
            for (String path : ALL) {
                if (!path.equals("/nowhere")) {
                    String ask = "GET " + path + " HTTP/1.1";
                    assertThat(answer(locked.port, ask, "Host: localhost"))
                            .as(path)
                            .startsWith("HTTP/1.1 401 ");
                    assertThat(answer(locked.port, ask, "Host: localhost", "Authorization: Basic " + login))
                            .as(path)
                            // Without a worker the proxy is not ready.
                            .matches("(?s)HTTP/1.1 (200|503) .*");
                    assertThat(answer(locked.port, ask, "Host: evil.example", "Authorization: Basic " + login))
                            .as(path)
                            .startsWith("HTTP/1.1 421 ");
                }
            }
        }
    }

    private static int status(String method, String path, String... headers) throws IOException {
        return Integer.parseInt(
                answer(method + ' ' + path + " HTTP/1.1", headers).split(" ", 3)[1]);
    }

    private static String answer(String requestLine, String... headers) throws IOException {
        return answer(proxy.port, requestLine, headers);
    }

    private static String answer(int port, String requestLine, String... headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            String request = requestLine + "\r\n"
                    + String.join(
                            "",
                            List.of(headers).stream()
                                    .map(header -> header + "\r\n")
                                    .toList())
                    + "Connection: close\r\nContent-Length: 0\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String here() {
        return "Host: 127.0.0.1:" + proxy.port;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "localhost",
                "LocalHost:9876",
                "[::1]",
                "[::1]:9876",
                "192.0.2.1:80",
                "ops.example",
                "client-proxy:9876"
            })
    void answersForAddressesAndForItsNames(String host) throws Exception {
        assertThat(status("GET", STATUS, "Host: " + host)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9876",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "evil_.example",
                "evil.example:x",
                "[evil]",
                "[::1%25evil]",
                "[::1%25]:9876",
                "[::1%evil]",
                "[fe80::1%25evil]:9876",
                "[127.0.0.1]",
                "[localhost]",
                "1.2.3.4.5",
                ""
            })
    void answersForNoOtherName(String host) throws Exception {
        for (String path : ALL) {
            String answer = answer("GET " + path + " HTTP/1.1", "Host: " + host);
            assertThat(answer).as(path).matches("(?s)HTTP/1.1 (421|400) .*").doesNotContain("evil", "worker@");
        }
        assertThat(status("POST", STATUS, "Host: " + host)).isIn(421, 400);
    }

    @Test
    void answersProgramsThatNameNoHost() throws Exception {
        assertThat(answer("GET /observe/health/live HTTP/1.0")).startsWith("HTTP/1.0 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site"})
    void answersNoPageOfAnotherSite(String site) throws Exception {
        for (String path : ALL) {
            assertThat(status("GET", path, here(), "Sec-Fetch-Site: " + site, "Sec-Fetch-Mode: no-cors"))
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(status(
                        "GET", "/observe/client-proxy", here(), "Sec-Fetch-Site: " + site, "Sec-Fetch-Dest: document"))
                .isEqualTo(200);
        assertThat(status("GET", "/q/dev/route", here(), "Sec-Fetch-Site: " + site, "Sec-Fetch-Dest: document"))
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "none"})
    void answersItsOwnPageAndItsOperator(String site) throws Exception {
        assertThat(status("GET", STATUS, here(), "Sec-Fetch-Site: " + site)).isEqualTo(200);
        assertThat(status("GET", STATUS, here(), "Origin: http://127.0.0.1:" + proxy.port))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "http://localhost:9876", "http://127.0.0.1:1"})
    void answersNoPageOfAnotherOrigin(String origin) throws Exception {
        assertThat(status("POST", STATUS, here(), "Origin: " + origin)).isEqualTo(403);
        assertThat(status("OPTIONS", STATUS, here(), "Origin: " + origin)).isEqualTo(403);
        assertThat(status("GET", STATUS, here(), "Origin: " + origin)).isEqualTo(403);
    }

    @Test
    void aPageOfAnotherSiteStopsNoRoute() throws Exception {
        String stop = "/q/dev/route/proxy-failures?action=stop";
        assertThat(status("GET", stop, here(), "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"))
                .isEqualTo(403);
        assertThat(status("GET", stop, "Host: evil.example")).isEqualTo(421);
        assertThat(proxy.context().getRouteController().getRouteStatus("proxy-failures"))
                .isEqualTo(ServiceStatus.Started);
        // What there is to protect: a program may do so, and any page could.
        assertThat(status("GET", stop, here())).isEqualTo(200);
        assertThat(proxy.context().getRouteController().getRouteStatus("proxy-failures"))
                .isEqualTo(ServiceStatus.Stopped);
    }
}
