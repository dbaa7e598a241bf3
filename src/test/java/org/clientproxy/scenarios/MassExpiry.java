package org.clientproxy.scenarios;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;

/**
 * Lets 100,000 pending requests end at once, because their resource leaves, and measures for how long the event loop is kept
 * from others: a probe asks to be run every millisecond. To be started by {@code mvn -q test-compile exec:java@expiry};
 * writes its figures into docs/reliability.md.
 */
public final class MassExpiry {
    private static final int REQUESTS = 100_000;

    private MassExpiry() {}

    public static void main(String[] args) throws Exception {
        AtomicInteger answers = new AtomicInteger();
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret")) {
            server.start();
            RunningProxy proxy = RunningProxy.startReady(
                    server,
                    Map.of(
                            "proxy.reply-timeout",
                            "10m",
                            "proxy.leave-grace",
                            "1s",
                            "proxy.max-pending",
                            "" + 4 * REQUESTS,
                            "proxy.max-pending-per-requester",
                            "" + 4 * REQUESTS));
            ProxyScenarios.accept(server);
            RawClient silent = RawClient.login(server, "worker", "pw", "silent");
            silent.send("<presence/>");
            AtomicInteger forwarded = new AtomicInteger();
            count(silent, Stanza::isRequest, forwarded);
            RawClient alice = RawClient.login(server, "alice", "pw", "home");
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                alice.send("<iq type='set' id='warm' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                return alice.poll(Stanza::isReply, Duration.ofMillis(200)) == null;
            });
            count(alice, Stanza::isReply, answers);
            int before = forwarded.get();
            for (int i = 0; i < REQUESTS; i++) {
                alice.send("<iq type='set' id='" + i + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            }
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> forwarded.get() - before >= REQUESTS);
            LoopProbe probe = new LoopProbe(proxy.stream().loop());
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
            double idle = probe.worst();
            long begin = System.nanoTime();
            silent.send("<presence type='unavailable'/>");
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> answers.get() >= REQUESTS);
            String figures = String.format(
                    Locale.ROOT,
                    "%d requests ended within %.1f s of the presence that took their resource (1 s of it is "
                            + "`proxy.leave-grace`), each with its one answer; the event loop was kept from other work for "
                            + "%.1f ms at most (%.1f ms while nothing happened).",
                    answers.get(),
                    (System.nanoTime() - begin) / 1e9,
                    probe.worst(),
                    idle);
            System.out.println(figures);
            Faults.Generated.write(Path.of("docs/reliability.md"), "expiry", figures);
        }
        System.exit(0);
    }

    private static void count(RawClient client, Predicate<Stanza> which, AtomicInteger counter) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    if (client.poll(which, Duration.ofMinutes(5)) != null) {
                        counter.incrementAndGet();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
