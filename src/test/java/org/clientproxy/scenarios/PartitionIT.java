package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.clientproxy.servers.EjabberdServer;
import org.clientproxy.servers.ProsodyServer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real network that falls apart, in namespaces of its own: {@link Partitions}, and {@link Discards} under load. The figures of
 * docs/reliability.md come from the latter with {@code -Dpartition.rounds=}, {@code -Dpartition.rate=}, {@code -Dseed=} and
 * {@code -Dpartition.servers=} (names of {@link ClusterFaults}).
 */
class PartitionIT {
    static Stream<String> servers() {
        return Arrays.stream(System.getProperty("partition.servers", "prosody,ejabberd-shares")
                .split(","));
    }

    @Test
    void eachRequestIsAnsweredOnceThoughTheNetworkFallsApart() throws Exception {
        run(Partitions.class);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void noAnswerIsDoubledOrForgedThoughAllIsDiscardedOnItsWay(String server) throws Exception {
        Installed.require(!server.startsWith("prosody") || ProsodyServer.isInstalled(), "Prosody");
        Installed.require(!server.startsWith("ejabberd") || EjabberdServer.isInstalled(), "ejabberd");
        run(
                Discards.class,
                server,
                System.getProperty("partition.rate", "100"),
                System.getProperty("partition.rounds", "0"),
                System.getProperty("seed", "4711"));
    }

    /** A program in the midst of the networks. */
    private static void run(Class<?> program, String... more) throws Exception {
        // .ci/run says so where the machine does not let anybody make them.
        Assumptions.assumeFalse("true".equals(System.getenv("NO_NAMESPACES")), "this machine allows no name spaces");
        Namespaces networks;
        try {
            networks = new Namespaces(ClusterRun.NODES);
        } catch (IOException e) {
            Installed.require(false, "the right to make network namespaces (" + e.getMessage() + ')');
            return;
        }
        try (networks) {
            List<String> command = new ArrayList<>(Namespaces.within(networks.midst()));
            command.addAll(List.of(
                    System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                    "-ea",
                    "-cp",
                    ProxyProcess.classPath(),
                    program.getName(),
                    networks.ofAll()));
            command.addAll(List.of(more));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).as(said).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
            assertThat(said).contains("all parts were tried");
            System.out.println(said);
        }
    }
}
