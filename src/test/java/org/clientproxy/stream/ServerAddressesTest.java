package org.clientproxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server of several addresses, of which some refuse, are silent or say nothing, and look-ups that fail. */
class ServerAddressesTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final NioEventLoopGroup group = new NioEventLoopGroup(1);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private ScriptedServer server;
    private ComponentConnection connection;

    @AfterEach
    void stop() throws Exception {
        if (connection != null) {
            connection.stop();
        }
        for (AutoCloseable each : opened) {
            each.close();
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** @param connectMillis how long making a connection may take in all */
    private ComponentConnection connection(String host, int port, int connectMillis) {
        StreamSettings settings = new StreamSettings(
                host,
                port,
                "proxy.example",
                "s3cret",
                null,
                true,
                Duration.ofMillis(connectMillis),
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                2,
                Duration.ofSeconds(60),
                20_000,
                false);
        connection = new ComponentConnection(settings, group.next(), () -> 0.5);
        return connection;
    }

    private void connectTo(int connectMillis, String... addresses) throws Exception {
        InetAddress[] found = new InetAddress[addresses.length];
        for (int i = 0; i < found.length; i++) {
            // As a look-up gives it, with the name.
            found[i] = InetAddress.getByAddress(
                    "server.example", InetAddress.getByName(addresses[i]).getAddress());
        }
        connection("server.example", server.port(), connectMillis).addresses.lookup = host -> found;
        connection.start();
    }

    private void listen(String address) throws Exception {
        server = new ScriptedServer(InetAddress.getByName(address), 0);
        opened.add(server);
    }

    /** An address that takes the server's port and lets nobody in: its queue of connections is full. */
    private void beSilent(String address) throws IOException {
        InetSocketAddress there = new InetSocketAddress(InetAddress.getByName(address), server.port());
        ServerSocket deaf = new ServerSocket(server.port(), 1, there.getAddress());
        opened.add(deaf);
        for (boolean full = false; !full; ) {
            Socket filling = new Socket();
            opened.add(filling);
            try {
                filling.connect(there, 300);
            } catch (SocketTimeoutException e) {
                full = true;
            }
        }
    }

    private void awaitReady() {
        Awaitility.await().atMost(LIMIT).until(() -> connection.state() == StreamState.READY);
    }

    private String awaitFailure() {
        Awaitility.await().atMost(LIMIT).until(() -> connection.lastFailure() != null);
        return connection.lastFailure();
    }

    @Test
    void triesTheNextAddressWhereOneRefuses() throws Exception {
        listen("127.0.0.3");
        connectTo(10_000, "127.0.0.1", "127.0.0.2", "::1", "127.0.0.3");
        server.acceptReady();
        awaitReady();
        assertThat(connection.counters().failures()).isZero();
    }

    @Test
    void aSilentAddressTakesNoMoreThanItsShareOfTheTime() throws Exception {
        listen("127.0.0.3");
        beSilent("127.0.0.2");
        connectTo(3000, "127.0.0.2", "127.0.0.1", "127.0.0.3");
        server.acceptReady();
        awaitReady();
        // One attempt was enough.
        assertThat(connection.counters().failures()).isZero();
    }

    @Test
    void namesEachAddressThatWasTriedAndWhatWasWrongWithIt() throws Exception {
        listen("127.0.0.3");
        beSilent("127.0.0.2");
        int port = server.port();
        server.close();
        connectTo(900, "127.0.0.1", "127.0.0.2", "::1");
        assertThat(awaitFailure())
                .startsWith("no connection to server.example: ")
                .contains("127.0.0.1:" + port + ": Connection refused", "[::1]:" + port + ": ")
                .containsPattern("127\\.0\\.0\\.2:" + port + ": no answer within \\d+ ms");
    }

    @Test
    void anAddressThatTakesConnectionsAndServesNobodyLosesItsTurn() throws Exception {
        listen("127.0.0.1");
        ScriptedServer first = server;
        ScriptedServer third = new ScriptedServer(InetAddress.getByName("127.0.0.3"), first.port());
        opened.add(third);
        connectTo(10_000, "127.0.0.1", "127.0.0.2", "127.0.0.3");
        first.accept();
        first.hangUp();
        third.accept();
        third.hangUp();
        // All have had their turn.
        first.acceptReady();
        awaitReady();
        first.hangUp();
        // One that has served is the first to be asked again.
        first.acceptReady();
        awaitReady();
        assertThat(connection.counters().connections()).isEqualTo(2);
    }

    @Test
    void saysWhatWasTriedBeforeTheAddressThatServesNobody() throws Exception {
        listen("127.0.0.2");
        connectTo(10_000, "127.0.0.1", "127.0.0.2");
        server.accept();
        server.hangUp();
        assertThat(awaitFailure())
                .contains("closed by the server", "127.0.0.1:" + server.port() + ": Connection refused");
    }

    @Test
    void looksTheNameUpAgainForEachAttempt() throws Exception {
        listen("127.0.0.3");
        AtomicInteger lookups = new AtomicInteger();
        connection("server.example", server.port(), 10_000).addresses.lookup = host -> {
            assertThat(host).isEqualTo("server.example");
            return new InetAddress[] {InetAddress.getByName(lookups.incrementAndGet() < 4 ? "127.0.0.1" : "127.0.0.3")};
        };
        connection.start();
        server.acceptReady();
        awaitReady();
        assertThat(connection.counters().failures()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "[::1]"})
    void takesAnIpv6AddressForAHost(String host) throws Exception {
        listen("::1");
        connection(host, server.port(), 10_000).start();
        server.acceptReady();
        awaitReady();
        assertThat(connection.settings()).hasToString("proxy.example at [::1]:" + server.port());
    }

    private static Throwable failure(String name) {
        return switch (name) {
            case "unknown" -> new UnknownHostException("server.example");
            case "none" -> null;
            case "runtime" -> new SecurityException("not allowed to ask");
            default -> new StackOverflowError();
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "none", "runtime", "error"})
    void aLookUpThatFailsInAnyWayIsTriedAgain(String how) throws Exception {
        listen("127.0.0.1");
        CountDownLatch failed = new CountDownLatch(3);
        connection("server.example", server.port(), 10_000).addresses.lookup = host -> {
            failed.countDown();
            if (failed.getCount() == 0) {
                return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
            }
            Throwable failure = failure(how);
            if (failure instanceof UnknownHostException unknown) {
                throw unknown;
            } else if (failure instanceof RuntimeException exception) {
                throw exception;
            } else if (failure instanceof Error error) {
                throw error;
            }
            return new InetAddress[0];
        };
        connection.start();
        assertThat(awaitFailure()).contains("server.example", "xmpp.host");
        server.acceptReady();
        awaitReady();
    }

    @Test
    void aLookUpThatNeverEndsIsGivenUp() throws Exception {
        listen("127.0.0.1");
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger lookups = new AtomicInteger();
        connection("server.example", server.port(), 200).addresses.lookup = host -> {
            try {
                if (lookups.incrementAndGet() == 1) {
                    never.await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
        };
        connection.start();
        assertThat(awaitFailure()).contains("server.example", "was not looked up within 200 ms");
        server.acceptReady();
        awaitReady();
        // What comes too late concerns nobody.
        never.countDown();
        assertThat(connection.counters().connections()).isOne();
    }
}
