package org.clientproxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.clientproxy.servers.FreePort;
import org.clientproxy.stream.StreamSettings;
import org.clientproxy.stream.TrialStream;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names without addresses, addresses without servers, and servers without an answer: each ends in time, with a line. */
class ReachabilityTest {
    private static final Duration LIMIT = Duration.ofMillis(400);

    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static StreamSettings settings(String host, int port) {
        StreamSettings usual = StreamSettings.of(host, port, "proxy.localhost", "t0p-s3cret");
        return new StreamSettings(
                host,
                port,
                usual.domain(),
                usual.secret(),
                null,
                true,
                LIMIT,
                usual.reconnectMin(),
                usual.reconnectMax(),
                usual.reconnectMultiplier(),
                usual.keepAlive(),
                usual.maxStanzaSize(),
                false);
    }

    private List<Finding> reach(int port, String... addresses) throws Exception {
        List<InetAddress> all = new ArrayList<>();
        for (String each : Arrays.asList(addresses)) {
            all.add(InetAddress.getByName(each));
        }
        return Reachability.of(all, settings("server.example", port), loops.next())
                .findings();
    }

    private ServerSocket listen(String address, int port, int backlog) throws Exception {
        ServerSocket listener = new ServerSocket(port, backlog, InetAddress.getByName(address));
        opened.add(listener);
        return listener;
    }

    @Test
    void aNameThatIsNotKnownIsWrong() throws Exception {
        NameLookUp found = NameLookUp.of(settings("no.such.name.invalid", 5347), Duration.ofSeconds(20));
        assertThat(found.addresses()).isEmpty();
        assertThat(found.finding().isWrong()).isTrue();
        assertThat(found.finding().text()).contains("no.such.name.invalid");
    }

    @Test
    void aPortWhereNobodyListensIsWrong() throws Exception {
        int port = FreePort.next();
        List<Finding> findings = reach(port, "127.0.0.1", "127.0.0.2");
        assertThat(findings.get(0).isWrong()).isTrue();
        assertThat(findings.get(0).text())
                .contains("127.0.0.1:" + port + ": Connection refused; 127.0.0.2:" + port + ": Connection refused")
                .contains("xmpp.port");
        assertThat(findings.get(1).level()).isEqualTo(Level.SKIPPED);
    }

    @Test
    void anAddressThatDoesNotAnswerIsWrongInTime() throws Exception {
        int port = FreePort.next();
        listen("127.0.0.3", port, 1);
        for (boolean full = false; !full; ) {
            Socket filling = new Socket();
            opened.add(filling);
            try {
                filling.connect(new InetSocketAddress("127.0.0.3", port), 300);
            } catch (SocketTimeoutException e) {
                full = true;
            }
        }
        Finding connection = reach(port, "127.0.0.3").get(0);
        assertThat(connection.isWrong()).isTrue();
        assertThat(connection.text()).contains("127.0.0.3:" + port + ": no answer within ");
    }

    @Test
    void oneOfTwoAddressesOfThisMachineIsEnough() throws Exception {
        int port = listen("127.0.0.1", 0, 5).getLocalPort();
        Finding connection = reach(port, "127.0.0.2", "127.0.0.1").get(0);
        assertThat(connection.level()).isEqualTo(Level.OK);
        assertThat(connection.text())
                .isEqualTo("127.0.0.1:" + port + " took it (and not 127.0.0.2:" + port + ": Connection refused)");
    }

    @Test
    void whoTakesConnectionsAndSaysNothingIsWrongInTime() throws Exception {
        int port = listen("127.0.0.1", 0, 5).getLocalPort();
        TrialStream stream = new TrialStream(settings("127.0.0.1", port), loops.next());
        TrialStream.Outcome outcome = stream.open(
                        Duration.ofSeconds(1), new Dialogue(Jid.parse("proxy.localhost"), stream))
                .get(20, TimeUnit.SECONDS);
        List<Finding> findings = Admission.of(outcome, "proxy.localhost");
        assertThat(findings.get(0).line(""))
                .isEqualTo("wrong    connection: the server did not take the component within 1 s");
        assertThat(findings.get(1).level()).isEqualTo(Level.SKIPPED);
        stream.close().get(20, TimeUnit.SECONDS);
    }
}
