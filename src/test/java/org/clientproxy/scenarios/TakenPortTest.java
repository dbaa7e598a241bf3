package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.servers.FreePort;
import org.junit.jupiter.api.Test;

/** A port that is free when the start begins, and somebody's when the management server is to listen there. */
class TakenPortTest {
    @Test
    void stopsTheStartInsteadOfRunningWithoutHealthAndMetrics() throws Exception {
        int port = FreePort.next();
        Main main = org.clientproxy.Main.create(
                ProxyConfiguration.read(
                        Map.of("xmpp.secret", "s", "proxy.domain", "p.localhost", "proxy.target", "worker@localhost"),
                        Map.of()),
                Map.of());
        main.addInitialProperty("camel.management.enabled", "true");
        main.addInitialProperty("camel.management.port", "" + port);
        try (ServerSocket other = new ServerSocket()) {
            main.addMainListener(new MainListenerSupport() {
                @Override
                public void afterConfigure(BaseMainSupport configured) {
                    // It is called after that of the program, which has tried the port.
                    take(other, port);
                }
            });
            assertThatThrownBy(main::start)
                    .hasStackTraceContaining("the management server cannot listen on 127.0.0.1:" + port + " (");
        } finally {
            main.stop();
        }
    }

    private static void take(ServerSocket other, int port) {
        try {
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
