package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.awaitility.Awaitility;
import org.clientproxy.servers.FreePort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The buttons of the status page, pressed in a real browser. */
class StatusButtonsBrowserTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final String TOKEN = "0perate-by-this-t0ken";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private WebSocket page;

    @Test
    void thePageAsksForTheTokenOnceAndTellsTheProxy() throws Exception {
        Installed.require(Files.isExecutable(CHROMIUM), "Chromium");
        try (ObservedProxy proxy = new ObservedProxy(Map.of("management.token", TOKEN));
                Worker worker = proxy.worker("a")) {
            int port = FreePort.next();
            Process browser = new ProcessBuilder(
                            CHROMIUM.toString(),
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--remote-debugging-port=" + port,
                            "--user-data-dir=" + directory.resolve("profile"),
                            proxy.url())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("out").toFile())
                    .start();
            try {
                open(port);
                await("document.querySelectorAll('button[data-order]').length === 3");
                press("retire");
                await("document.getElementById('ask').open");
                type("a-wrong-token-0123");
                await("document.getElementById('done').textContent.includes('The token is not that of')");
                press("retire");
                await("document.getElementById('ask').open");
                type(TOKEN);
                await("document.getElementById('done').textContent.includes('" + "worker@localhost/" + worker.resource
                        + " gets no new requests')");
                await("document.querySelector('td[data-label=state]').textContent === 'retired'");
                // The token is known now.
                press("restore");
                await("document.querySelector('td[data-label=state]').textContent === 'available'");
                press("pause");
                await("document.getElementById('proxies').textContent.includes('New requests are refused')");
                press("resume");
                await("!document.getElementById('proxies').textContent.includes('New requests are refused')");
                assertThat(proxy.ask().type()).isEqualTo("result");
                assertThat(evaluate("document.documentElement.outerHTML + location.href + document.cookie"))
                        .doesNotContain(TOKEN);
            } finally {
                browser.destroyForcibly();
            }
            Awaitility.await().until(() -> !browser.isAlive());
        }
    }

    private void press(String operation) throws Exception {
        evaluate("[...document.querySelectorAll('button[data-order]')].find(b => b.textContent === '" + operation
                + "').click()");
    }

    private void type(String token) throws Exception {
        evaluate("document.getElementById('token').value = '" + token
                + "'; document.querySelector('#ask form').requestSubmit()");
    }

    private void await(String condition) {
        Awaitility.await(condition).atMost(LIMIT).until(() -> evaluate("String(" + condition + ")")
                .contains("\"value\":\"true\""));
    }

    /** The debugger of the page, as Chromium offers it. */
    private void open(int port) {
        Awaitility.await("the browser")
                .atMost(LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    String targets = http.send(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
                    for (Object each : (JsonArray) Jsoner.deserialize(targets)) {
                        JsonObject target = (JsonObject) each;
                        if ("page".equals(target.getString("type"))) {
                            page = http.newWebSocketBuilder()
                                    .buildAsync(URI.create(target.getString("webSocketDebuggerUrl")), new Listener())
                                    .join();
                            return true;
                        }
                    }
                    return false;
                });
    }

    private String evaluate(String script) throws Exception {
        JsonObject call = new JsonObject(
                Map.of("id", 1, "method", "Runtime.evaluate", "params", new JsonObject(Map.of("expression", script))));
        page.sendText(call.toJson(), true).join();
        String answer = said.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(answer).as(script).isNotNull();
        return answer;
    }

    /** Puts the parts of each message together. */
    private final class Listener implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            message.append(text);
            if (last) {
                said.add(message.toString());
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
