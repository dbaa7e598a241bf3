package org.clientproxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.ssl.SslHandler;
import java.io.File;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a server that only reads, and slowly, is seen to live: below TLS, where one large write takes many steps. */
class WatchedSocketTest {
    private static final int SIZE = 24 << 20;
    private static final char[] PASSWORD = "password".toCharArray();

    private final NioEventLoopGroup group = new NioEventLoopGroup(1);
    private final AtomicInteger drained = new AtomicInteger();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void saysEachTimeThatTheOtherSideHasReadSome(boolean overTls) throws Exception {
        SSLContext tls = overTls ? tls() : null;
        try (ServerSocket listener =
                tls == null ? new ServerSocket() : tls.getServerSocketFactory().createServerSocket()) {
            listener.setReceiveBufferSize(64 << 10);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            CompletableFuture<Channel> connected = connect(listener.getLocalPort(), tls);
            try (Socket socket = listener.accept()) {
                if (socket instanceof SSLSocket secured) {
                    secured.startHandshake();
                }
                Channel channel = connected.get(20, TimeUnit.SECONDS);
                InputStream in = socket.getInputStream();
                ChannelFuture written = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[SIZE]));
                awaitStandstill();
                for (int i = 0; i < 3; i++) {
                    int before = drained.get();
                    assertThat(in.readNBytes(4 << 20)).hasSize(4 << 20);
                    Awaitility.await().until(() -> drained.get() > before);
                    // What is written in one piece has not arrived, so nobody above could tell.
                    assertThat(written.isDone()).isFalse();
                }
                assertThat(in.readNBytes(SIZE - (12 << 20))).hasSize(SIZE - (12 << 20));
                assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    /** What the buffers of the system take at once is not what the other side has read. */
    private void awaitStandstill() {
        AtomicInteger last = new AtomicInteger(-1);
        Awaitility.await()
                .during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(20))
                .until(() -> drained.get() == last.getAndSet(drained.get()));
    }

    @Test
    void saysNothingWhileTheSocketIsNeverFull() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Channel channel = connect(listener.getLocalPort(), null).get(20, TimeUnit.SECONDS);
            for (int i = 0; i < 20; i++) {
                // The system takes them, whether anybody is there or not.
                assertThat(channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[100]))
                                .await(20, TimeUnit.SECONDS))
                        .isTrue();
            }
            assertThat(drained).hasValue(0);
        }
    }

    /** Completed when octets may be written. */
    private CompletableFuture<Channel> connect(int port, SSLContext tls) {
        CompletableFuture<Channel> connected = new CompletableFuture<>();
        StreamLoop loop = new NettyLoop(group.next());
        Dialer dialer = new Dialer(group.next(), loop, port, drained::incrementAndGet, new Dialer.Outcome() {
            @Override
            public void connected(Channel channel, InetAddress address) {
                if (tls == null) {
                    connected.complete(channel);
                    return;
                }
                SslHandler handler = Tls.handler(tls, StreamSettings.of("localhost", port, "proxy.example", "secret"));
                channel.pipeline().addLast(handler);
                handler.handshakeFuture().addListener(done -> {
                    if (done.isSuccess()) {
                        connected.complete(channel);
                    } else {
                        connected.completeExceptionally(done.cause());
                    }
                });
            }

            @Override
            public void failed() {
                connected.completeExceptionally(new IllegalStateException("not connected"));
            }
        });
        loop.execute(() -> dialer.dial(List.of(InetAddress.getLoopbackAddress()), Duration.ofSeconds(10)));
        return connected;
    }

    /** For both sides: a certificate for localhost, trusted. */
    private SSLContext tls() throws Exception {
        Path store = directory.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "keytool",
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "localhost",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }
}
