package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status page in a real browser. {@code -Dscreenshots=docs/images} writes the pictures of the README. */
class StatusPageBrowserTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final String HOSTILE = "<img src=x onerror=document.title=1>";

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
