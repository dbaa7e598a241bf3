package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A real network that falls apart: {@link Partitions} in namespaces of its own. */
class PartitionIT {
    @Test
    void eachRequestIsAnsweredOnceThoughTheNetworkFallsApart() throws Exception {
        // .ci/run says so where the machine does not let anybody make them.
        Assumptions.assumeFalse("true".equals(System.getenv("NO_NAMESPACES")), "this machine allows no name spaces");
        Namespaces networks;
        try {
            networks = new Namespaces(Partitions.NODES);
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
                    Partitions.class.getName(),
                    networks.of(0).replaceFirst("0$", "")));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).as(said).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
            assertThat(said).contains("all parts were tried");
        }
    }
}
