package org.clientproxy.scenarios;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;

/**
 * A long run at half the peak rate while resources come and go, with the proxy in a process of its own: its heap after a full
 * collection, threads and descriptors, after one minute and at the end. To be started by {@code mvn -q test-compile
 * exec:java@soak}, with {@code -Dsoak.minutes=10}; writes its figures into docs/reliability.md where it took that long.
 */
public final class Soak {
    private static final Duration PEAK = Duration.ofSeconds(20);

    private Soak() {}

    public static void main(String[] args) throws Exception {
        int minutes = Integer.getInteger("soak.minutes", 10);
        boolean right;
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret");
                ProxyProcess proxy = new ProxyProcess(server, start(server), "256m", Map.of())) {
            proxy.start();
            proxy.awaitReady();
            ProxyScenarios.accept(server);
            FaultClient.worker(server, "a", Duration.ZERO);
            FaultClient.worker(server, "b", Duration.ZERO);
            int rate = peak(server) / 2;
            System.out.println("half the peak rate: " + rate + " requests a second");
            right = soak(server, proxy, rate, minutes);
        }
        System.exit(right ? 0 : 1);
    }

    private static int start(LoopbackServer server) throws Exception {
        server.start();
        return server.componentPort();
    }

    /** Requests a second that are answered while more are asked. */
    private static int peak(LoopbackServer server) throws Exception {
        List<FaultLoad> loads = new ArrayList<>();
        for (String user : List.of("alice", "bob")) {
            loads.add(new FaultLoad(server, user, 0, 100));
        }
        LockSupport.parkNanos(PEAK.toNanos());
        long results = 0;
        for (FaultLoad load : loads) {
            results += load.results();
            load.finish(Duration.ofSeconds(60));
            load.close();
        }
        return (int) (results / PEAK.toSeconds());
    }

    private static boolean soak(LoopbackServer server, ProxyProcess proxy, int rate, int minutes) throws Exception {
        List<FaultLoad> loads = new ArrayList<>();
        for (String user : List.of("alice", "bob")) {
            loads.add(new FaultLoad(server, user, rate / 2, 100));
        }
        Thread churn = new Thread(() -> churn(server), "churn");
        churn.setDaemon(true);
        churn.start();
        Awaitility.await().until(() -> loads.stream().allMatch(FaultLoad::isServed));
        String header =
                "| after | heap after full collection | threads | descriptors | requests | results | errors | doubled | forged | unanswered |";
        List<String> rows = new ArrayList<>(List.of(header, "|---|---|---|---|---|---|---|---|---|---|"));
        long begin = System.nanoTime();
        long first = 0;
        long last = 0;
        for (int minute = 1; minute <= minutes; minute++) {
            long next = begin + Duration.ofMinutes(minute).toNanos();
            while (System.nanoTime() < next) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
            last = proxy.heapKilobytes();
            first = minute == 1 ? last : first;
            rows.add(row(minute + " min", proxy, last, loads));
            System.out.println(rows.get(rows.size() - 1));
        }
        for (FaultLoad load : loads) {
            load.finish(Duration.ofSeconds(70));
        }
        rows.add(row("the last answer", proxy, proxy.heapKilobytes(), loads));
        double growth = 100.0 * (last - first) / first;
        String verdict = String.format(
                Locale.ROOT, "Half the peak rate was %d requests a second; the heap changed by %.1f %%.", rate, growth);
        System.out.println(rows.get(rows.size() - 1) + "\n" + verdict);
        if (minutes >= 10) {
            Faults.Generated.write(Path.of("docs/reliability.md"), "soak", verdict + "\n\n" + String.join("\n", rows));
        }
        return growth <= 5 && loads.stream().allMatch(load -> load.unanswered() + load.doubled() + load.forged() == 0);
    }

    private static String row(String after, ProxyProcess proxy, long heap, List<FaultLoad> loads) throws Exception {
        long[] sums = new long[6];
        for (FaultLoad load : loads) {
            sums[0] += load.requests();
            sums[1] += load.results();
            sums[2] += load.errors();
            sums[3] += load.doubled();
            sums[4] += load.forged();
            sums[5] += load.unanswered();
        }
        return String.format(
                Locale.ROOT,
                "| %s | %d KiB | %d | %d | %d | %d | %d | %d | %d | %d |",
                after,
                heap,
                proxy.threads(),
                proxy.descriptors(),
                sums[0],
                sums[1],
                sums[2],
                sums[3],
                sums[4],
                sums[5]);
    }

    /** Twice a second a resource comes, and another one that came goes: some with a word, some without. */
    private static void churn(LoopbackServer server) {
        FaultClient before = FaultClient.worker(server, "churn-0", Duration.ZERO);
        for (int i = 1; ; i++) {
            FaultClient next = FaultClient.worker(server, "churn-" + i, Duration.ZERO);
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            before.close();
            before = next;
        }
    }
}
