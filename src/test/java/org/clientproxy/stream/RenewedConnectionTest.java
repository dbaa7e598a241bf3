package org.clientproxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each connection is made by the settings that are asked for before it. */
class RenewedConnectionTest {
    private final NioEventLoopGroup group = new NioEventLoopGroup(1);
    private ScriptedServer server;
    private ComponentConnection connection;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws Exception {
        connection.stop();
        server.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private StreamSettings settings(String secret, Duration connectTimeout) {
        return new StreamSettings(
                "127.0.0.1",
                server.port(),
                "proxy.example",
                secret,
                null,
                true,
                connectTimeout,
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                2,
                Duration.ofSeconds(60),
                20_000,
                false);
    }

    private void connect(Duration connectTimeout, Supplier<StreamSettings> source) {
        connection = new ComponentConnection(settings("first", connectTimeout), group.next(), () -> 0.5);
        connection.renewedBy(source);
        connection.start();
    }

    /** Lets the component in whatever its digest is, and gives what it said. */
    private String handshake() throws Exception {
        server.accept();
        server.read("<stream:stream");
        server.read(">");
        server.write("<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams'"
                + " from='proxy.example' id='77'>");
        String handshake = server.read("</handshake>");
        server.write("<handshake/>");
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> connection.state() == StreamState.READY);
        return handshake;
    }

    private void hangUp() throws Exception {
        server.hangUp();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> connection.state() != StreamState.READY);
    }

    @Test
    void eachSaysTheSecretOfItsTimeAndTheLastGoodOneWhereThereIsNone() throws Exception {
        String[] secret = {"second"};
        connect(Duration.ofSeconds(5), () -> {
            if (secret[0].isEmpty()) {
                throw new IllegalStateException("no secret");
            }
            return settings(secret[0], Duration.ofSeconds(5));
        });
        assertThat(handshake()).contains(Handshake.digest("77", "second"));
        secret[0] = "third";
        hangUp();
        assertThat(handshake()).contains(Handshake.digest("77", "third"));
        secret[0] = "";
        hangUp();
        assertThat(handshake()).contains(Handshake.digest("77", "third"));
        // Those who share the stream know it by what it was made from.
        assertThat(connection.settings().secret()).isEqualTo("first");
    }

    @Test
    void isMadeAsBeforeWhereTheAnswerTakesTooLong() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        connect(Duration.ofMillis(300), () -> {
            awaitQuietly(never);
            return settings("late", Duration.ofSeconds(5));
        });
        assertThat(handshake()).contains(Handshake.digest("77", "first"));
        never.countDown();
    }

    @Test
    void isNotMadeAnyMoreWhereAStopComesFirst() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        connect(Duration.ofSeconds(20), () -> {
            asked.countDown();
            awaitQuietly(answer);
            return settings("second", Duration.ofSeconds(5));
        });
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        connection.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(connection.state()).isEqualTo(StreamState.DISCONNECTED);
        answer.countDown();
        // What came of the answer is done when the loop has had a turn after it.
        CompletableFuture.runAsync(() -> {}, group.next()).get(20, TimeUnit.SECONDS);
        assertThat(connection.link).isNull();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
