package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.proxy.journal.StoreFiles;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process with 128 MiB of heap starts over directories of pending requests that are many times larger. */
class SmallHeapRestartTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Duration LONG = Duration.ofMinutes(9);
    private static final Duration OVER = Duration.ofMinutes(-1);

    @TempDir
    Path data;

    private final LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret");
    // By the first letter of its id, which answers came to requests of which number.
    private final Map<Character, BitSet> answered = new HashMap<>();
    private int twice;

    @BeforeEach
    void start() throws Exception {
        server.tap((direction, stanza) -> {
            if (direction == LoopbackServer.Direction.FROM_COMPONENT
                    && stanza.isReply()
                    && stanza.id().matches("[el]\\d+")) {
                count(stanza);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private synchronized void count(Stanza answer) {
        BitSet of = answered.computeIfAbsent(answer.id().charAt(0), letter -> new BitSet());
        int number = Integer.parseInt(answer.id().substring(1));
        twice += of.get(number) ? 1 : 0;
        of.set(number);
    }

    private synchronized int answered(char letter) {
        return answered.getOrDefault(letter, new BitSet()).cardinality();
    }

    private ProxyProcess proxy() throws Exception {
        ProxyProcess proxy = new ProxyProcess(
                server,
                server.componentPort(),
                "128m",
                Map.of("PROXY_DATA_DIR", "" + data, "PROXY_REPLY_TIMEOUT", "10m", "PROXY_PENDING", "file"));
        proxy.start();
        return proxy;
    }

    private long files() throws Exception {
        try (Stream<Path> files = Files.list(data.resolve("proxy.pending"))) {
            return files.filter(file -> file.toString().endsWith(".pending")).count();
        }
    }

    /** All are answered, once: told, or, since their resource is gone, refused when the pool is known. */
    private void assertServes(int before) throws Exception {
        try (ProxyProcess proxy = proxy()) {
            proxy.awaitReady();
            Awaitility.await("all are answered")
                    .atMost(LIMIT)
                    .until(() -> answered('l') + answered('e') == before || !proxy.isAlive());
            assertThat(proxy.isAlive()).as(proxy.log()).isTrue();
            assertThat(proxy.log()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
            assertThat(files()).isLessThan(3);
        }
        try (ProxyProcess again = proxy()) {
            again.awaitReady();
            assertThat(again.log()).doesNotContain("of an earlier run");
            ProxyScenarios.accept(server);
        }
        assertThat(twice).isZero();
    }

    @Test
    void startsOverManyTimesItsHeapOfLargeRequests() throws Exception {
        Path directory = data.resolve("proxy.pending");
        StoreFiles.writeOld(directory, ids('e', 976), 511 * 1024, 4 << 20, OVER);
        StoreFiles.write(directory, 513, i -> "l" + i, 250 * 1024, LONG);
        assertServes(976 + 513);
    }

    @Test
    void startsOverMoreSmallRequestsThanItsHeapHasRoomFor() throws Exception {
        int expired = Integer.getInteger("expired", 100_000);
        Path directory = data.resolve("proxy.pending");
        StoreFiles.write(directory, expired, i -> "e" + i, 100, OVER);
        StoreFiles.write(directory, 100_000, i -> "l" + i, 100, LONG);
        assertServes(expired + 100_000);
    }

    private static List<String> ids(char letter, int count) {
        return StoreFiles.ids(count).stream()
                .map(id -> letter + id.substring(1))
                .toList();
    }
}
