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
import java.util.Base64;
import java.util.List;
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

/** Chromium with one page, spoken to through its debugger. */
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final Process process;
    private WebSocket page;

    /** @param directory for its profile and its output */
    Browser(Path directory, String url) throws Exception {
        int port = FreePort.next();
        process = new ProcessBuilder(
                        CHROMIUM.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--remote-debugging-port=" + port,
                        "--user-data-dir=" + directory.resolve("profile"),
                        url)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("browser.out").toFile())
                .start();
        try {
            connect(port);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /** A test that needs it goes no further where it is not installed. */
    static void require() {
        Installed.require(Files.isExecutable(CHROMIUM), "Chromium");
    }

    private void connect(int port) {
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

    /** What a script gives, as text. */
    String evaluate(String script) throws Exception {
        JsonObject result = (JsonObject) call("Runtime.evaluate", Map.of("expression", script));
        return String.valueOf(((JsonObject) result.get("result")).get("value"));
    }

    void await(String condition) {
        Awaitility.await(condition).atMost(LIMIT).until(() -> "true".equals(evaluate("String(" + condition + ")")));
    }

    /** A picture of the window of that size, without what is below it. */
    void picture(Path file, int width, int height, boolean dark) throws Exception {
        call(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        new JsonArray(List.of(new JsonObject(
                                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))))));
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        JsonObject picture = (JsonObject) call("Page.captureScreenshot", Map.of("format", "png"));
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(picture.getString("data")));
    }

    private Object call(String method, Map<String, ?> parameters) throws Exception {
        JsonObject call = new JsonObject(Map.of("id", 1, "method", method, "params", new JsonObject(parameters)));
        page.sendText(call.toJson(), true).join();
        String answer = said.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(answer).as(method).isNotNull().contains("\"result\"");
        return ((JsonObject) Jsoner.deserialize(answer)).get("result");
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Awaitility.await("the browser's end").until(() -> !process.isAlive());
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
