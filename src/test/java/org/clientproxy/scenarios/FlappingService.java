package org.clientproxy.scenarios;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;

/**
 * Shows the service to 10,000 subscribers while its only worker comes and goes five times a second, and measures for how long
 * the event loop is kept from others. To be started by {@code mvn -q test-compile exec:java@subscribers}; writes its figures
 * into docs/reliability.md.
 */
public final class FlappingService {
    private static final int SUBSCRIBERS = 10_000;
    private static final int FLAPS = 300;
    private static final Duration EACH = Duration.ofMillis(100);

    private FlappingService() {}

    public static void main(String[] args) throws Exception {
        AtomicInteger told = new AtomicInteger();
        Path data = Files.createDirectories(Path.of("target/test-data/subscribers"));
        Files.writeString(
                data.resolve("proxy.subscribers"),
                IntStream.range(0, SUBSCRIBERS)
                        .mapToObj(i -> "+u" + i + "@localhost\n")
                        .collect(Collectors.joining()));
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret")) {
            server.start();
            server.tap((direction, stanza) -> {
                if (direction == LoopbackServer.Direction.FROM_COMPONENT
                        && String.valueOf(stanza.to()).startsWith("u")) {
                    told.incrementAndGet();
                }
            });
            RunningProxy proxy = RunningProxy.startReady(
                    server, Map.of("proxy.presence", "service", "proxy.data-dir", data.toString()));
            ProxyScenarios.accept(server);
            LoopProbe probe = new LoopProbe(proxy.stream().loop());
            RawClient worker = RawClient.login(server, "worker", "pw", "flapping");
            flap(worker, FLAPS);
            // Compiled by now.
            probe.worst();
            told.set(0);
            long begin = System.nanoTime();
            flap(worker, FLAPS);
            double seconds = (System.nanoTime() - begin) / 1e9;
            String figures = String.format(
                    Locale.ROOT,
                    "%d subscribers, and a worker that came and went %d times in %.0f s: %d presences went to subscribers; the event"
                            + " loop was kept from other work for %.1f ms at most.",
                    SUBSCRIBERS,
                    FLAPS,
                    seconds,
                    told.get(),
                    probe.worst());
            System.out.println(figures);
            if (told.get() == 0) {
                throw new IllegalStateException("no subscriber was told anything");
            }
            Faults.Generated.write(Path.of("docs/reliability.md"), "subscribers", figures);
        }
        System.exit(0);
    }

    private static void flap(RawClient worker, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            worker.send(i % 2 == 0 ? "<presence/>" : "<presence type='unavailable'/>");
            LockSupport.parkNanos(EACH.toNanos());
        }
    }
}
