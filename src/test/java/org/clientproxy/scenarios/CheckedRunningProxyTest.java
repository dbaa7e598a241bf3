package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.check.CheckCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --check} beside a running instance, which it asks through the management server and does not disturb. */
class CheckedRunningProxyTest {
    @TempDir
    Path directory;

    private String check(ObservedProxy observed) throws Exception {
        Path file = Files.write(
                directory.resolve("application.properties"),
                List.of(
                        "xmpp.host=127.0.0.1",
                        "xmpp.port=" + observed.server.componentPort(),
                        "xmpp.secret=" + ObservedProxy.SECRET,
                        "proxy.domain=proxy.localhost",
                        "proxy.target=worker@localhost",
                        // Another one than the instance has, so that its lock says nothing.
                        "proxy.data-dir=" + directory.resolve("data"),
                        "camel.management.enabled=true",
                        "camel.management.port=" + observed.port));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        int code = CheckCommand.run(file, Map.of(), new PrintStream(printed, true, StandardCharsets.UTF_8));
        return printed.toString(StandardCharsets.UTF_8) + "exit code " + code;
    }

    @Test
    void theRunningInstanceIsAskedAndGoesOn() throws Exception {
        try (ObservedProxy observed = new ObservedProxy(Map.of())) {
            try (Worker worker = observed.worker("a")) {
                assertThat(check(observed))
                        .contains("ok       running instance: there is one; so this check does not connect")
                        .contains("ok       management server: 127.0.0.1:" + observed.port + ", of the running instance")
                        .contains("ok       domain: the running instance is connected")
                        .contains("ok       roster entry: the running instance sees who is there")
                        .contains("ok       sessions: 1, as the running instance says: a")
                        .endsWith("exit code 0");
                assertThat(observed.ask().type()).isEqualTo("result");
                assertThat(worker.answered.get()).isOne();
            }
            assertThat(observed.proxy.connections()).isOne();
            observed.server.close();
            Awaitility.await().untilAsserted(() -> assertThat(check(observed))
                    .contains("wrong    domain: the running instance is not connected: no connection to 127.0.0.1")
                    .contains("wrong    sessions: the running instance knows no session of worker@localhost")
                    .endsWith("exit code 1"));
        }
    }
}
