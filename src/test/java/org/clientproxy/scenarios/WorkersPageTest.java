package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines in Python of {@code docs/workers.md}, with the slixmpp that they are written for. */
class WorkersPageTest {
    @TempDir
    Path directory;

    @Test
    void theLinesForSlixmppSayHowManyRequestsAWorkerTakes() throws Exception {
        Installed.require(
                Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/slixmpp")), "slixmpp (python3-slixmpp)");
        Matcher lines = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/workers.md")));
        assertThat(lines.find()).isTrue();
        Path script = Files.writeString(
                directory.resolve("worker.py"),
                "import slixmpp\n" + lines.group(1)
                        + "slixmpp.ClientXMPP.available = available\n"
                        + "worker = slixmpp.ClientXMPP('worker@localhost/a', 'pw')\n"
                        + "worker.send = print\n"
                        + "worker.available()\nworker.available(busy=True, at_a_time=3)\n");
        Process python = new ProcessBuilder("/usr/bin/python3", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();
        assertThat(python.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(directory.resolve("out"), StandardCharsets.UTF_8);
        assertThat(said.lines().toList()).as(said).hasSize(2).satisfies(presences -> {
            assertThat(presences.get(0))
                    .contains("<capacity xmlns=\"urn:clientproxy:pool:0\" max=\"1\"")
                    .doesNotContain("<show>");
            assertThat(presences.get(1))
                    .contains("<capacity xmlns=\"urn:clientproxy:pool:0\" max=\"3\"", "<show>dnd</show>");
        });
    }
}
