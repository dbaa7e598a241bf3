package org.clientproxy.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.scenarios.Installed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another process takes a port between its choice and the start of the server. */
class TakenPortIT {
    private static final Map<String, String> ACCOUNTS = Map.of("worker", "pw");

    @ParameterizedTest
    @ValueSource(strings = {"client", "component"})
    void prosodyStartsOnAnotherOne(String purpose) throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "Prosody");
        startsOnAnotherPort(new ProsodyServer(ACCOUNTS), purpose);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "component", "control"})
    void ejabberdStartsOnAnotherOne(String purpose) throws Exception {
        Installed.require(EjabberdServer.isInstalled(), "ejabberd");
        startsOnAnotherPort(new EjabberdServer(ACCOUNTS), purpose);
    }

    private static void startsOnAnotherPort(ServerProcess server, String purpose) throws Exception {
        int chosen = server.port(purpose);
        try (server;
                ServerSocket taken = new ServerSocket(chosen, 1, InetAddress.getLoopbackAddress())) {
            server.start();
            assertThat(server.port(purpose)).isNotEqualTo(taken.getLocalPort());
            RawClient.login(server, "worker", "pw", "a").close();
        }
    }
}
