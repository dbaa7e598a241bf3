package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the streams borrow from Netty they give back. The tests run with Netty's unpooled allocator (see the POM), which
 * counts every octet that is lent.
 */
class NoLeakTest {
    private static final UnpooledByteBufAllocator ALLOCATOR = (UnpooledByteBufAllocator) ByteBufAllocator.DEFAULT;

    private static long lent() {
        return ALLOCATOR.metric().usedHeapMemory() + ALLOCATOR.metric().usedDirectMemory();
    }

    @Test
    void givesBackEveryBufferAfterBreaksFloodsAndAStop(@TempDir Path dataDir) throws Exception {
        // Threads of other tests may still give back what they have.
        Awaitility.await()
                .pollInterval(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(20))
                .until(new Settled());
        long before = lent();
        try (LoopbackServer server =
                new LoopbackServer(Map.of("worker", "pw", "alice", "pw"), "proxy.localhost", "s3cret")) {
            server.start();
            Map<String, String> keys = new HashMap<>(Map.of(
                    "xmpp.host", "127.0.0.1",
                    "xmpp.port", "" + server.componentPort(),
                    "xmpp.secret", "s3cret",
                    "proxy.domain", "proxy.localhost",
                    "proxy.target", "worker@localhost",
                    "proxy.drain-timeout", "100ms",
                    "proxy.data-dir", dataDir.toString()));
            Main main = org.clientproxy.Main.create(ProxyConfiguration.read(keys, Map.of()));
            main.start();
            try (RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
                for (int round = 0; round < 5; round++) {
                    String id = "end of " + round;
                    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                        for (int i = 0; i < 50; i++) {
                            alice.send("<iq type='get' id='flood' to='proxy.localhost'><q xmlns='urn:q'>"
                                    + "x".repeat(5000) + "</q></iq>");
                        }
                        alice.send("<iq type='get' id='" + id + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                        Stanza answer = alice.await("an answer", stanza -> stanza.isReply() && id.equals(stanza.id()));
                        return new String(answer.content(), StandardCharsets.UTF_8).contains("urn:clientproxy");
                    });
                    server.dropComponent(null);
                }
            }
            main.stop();
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(lent())
                .as("octets lent by Netty")
                .isLessThanOrEqualTo(before));
    }

    /** Whether as much is lent as at the last look. */
    private static final class Settled implements Callable<Boolean> {
        private long last = -1;

        @Override
        public Boolean call() {
            long now = lent();
            boolean same = now == last;
            last = now;
            return same;
        }
    }
}
