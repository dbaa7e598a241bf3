package org.clientproxy.bench;

import static org.clientproxy.bench.Table.median;
import static org.clientproxy.bench.Table.ratio;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a round trip costs where there is more of something: proxies, resources, requesters, pending requests, payload. */
final class Scale {
    private static final int HELD = 100_000;

    private final Table table;
    private final int rounds;
    private final double seconds;

    /** What one program did in one round. */
    private record Done(double perSecond, double cpu) {}

    private interface Run {
        Done run() throws InterruptedException;
    }

    Scale(Table table, int rounds, double seconds) {
        this.table = table;
        this.rounds = rounds;
        this.seconds = seconds;
    }

    void all() throws Exception {
        table.line("");
        table.line(
                "| window 256, with | of the CPU time of a round trip | of the round trips/s | round trips/s | beside |");
        table.line("|---|---|---|---|---|");
        proxies(2);
        proxies(4);
        resources();
        requesters();
        pending();
        payload("10 KB", 10_000, 64);
        payload("400 KB", 400_000, 8);
    }

    private void proxies(int number) throws Exception {
        List<Load> loads = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            loads.add(new Load(Bench.RESOURCES));
        }
        try (Subject one = Subject.proxy(Bench.RESOURCES, Subject.JVM, Map.of());
                Subject several = Subject.proxies(loads)) {
            one.load.warmUp(256, Bench.REQUESTERS);
            together(several, 20);
            compare(
                    number + " proxies in one process",
                    "1 proxy",
                    () -> closed(one, 256, Bench.REQUESTERS),
                    () -> together(several, seconds));
        }
    }

    /** All proxies of the process at once. */
    private Done together(Subject several, double time) throws InterruptedException {
        Duration before = several.cpu();
        double[] speeds = new double[several.loads.size()];
        long[] answers = new long[speeds.length];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < speeds.length; i++) {
            int at = i;
            Thread thread = new Thread(() -> {
                try {
                    Load.Result result = several.loads.get(at).closed(256 / speeds.length, Bench.REQUESTERS, time);
                    speeds[at] = result.perSecond();
                    answers[at] = result.answers();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double speed = 0;
        long answered = 0;
        for (int i = 0; i < speeds.length; i++) {
            if (answers[i] == 0) {
                throw new IllegalStateException("a proxy of " + speeds.length + " in one process answered nothing");
            }
            speed += speeds[i];
            answered += answers[i];
        }
        return new Done(speed, several.cpu().minus(before).toNanos() / (double) answered);
    }

    private void resources() throws Exception {
        try (Subject few = Subject.proxy(10, Subject.JVM, Map.of());
                Subject many = Subject.proxy(10_000, Subject.JVM, Map.of())) {
            few.load.warmUp(256, Bench.REQUESTERS);
            many.load.warmUp(256, Bench.REQUESTERS);
            compare(
                    "10,000 resources",
                    "10",
                    () -> closed(few, 256, Bench.REQUESTERS),
                    () -> closed(many, 256, Bench.REQUESTERS));
        }
    }

    private void requesters() throws Exception {
        try (Subject few = Subject.proxy(Bench.RESOURCES, Subject.JVM, Map.of());
                Subject many = Subject.proxy(Bench.RESOURCES, Subject.JVM, Map.of())) {
            few.load.warmUp(256, 1000);
            many.load.warmUp(256, 1_000_000);
            compare("1,000,000 requesters", "1,000", () -> closed(few, 256, 1000), () -> closed(many, 256, 1_000_000));
        }
    }

    private void pending() throws Exception {
        Map<String, String> patient = Map.of("PROXY_REPLY_TIMEOUT", "10m");
        try (Subject none = Subject.proxy(Bench.RESOURCES, Subject.JVM, patient);
                Subject held = Subject.proxy(Bench.RESOURCES, Subject.JVM, patient)) {
            none.load.warmUp(256, Bench.REQUESTERS);
            held.load.warmUp(256, Bench.REQUESTERS);
            held.load.hold(HELD, Bench.REQUESTERS);
            held.load.keep();
            compare(
                    "100,000 pending requests",
                    "none but the window's",
                    () -> closed(none, 256, Bench.REQUESTERS),
                    () -> closed(held, 256, Bench.REQUESTERS));
        }
    }

    private void payload(String name, int octets, int window) throws Exception {
        String payload = "<query xmlns='urn:example:q'>" + "x".repeat(octets) + "</query>";
        try (Subject small = Subject.proxy(Bench.RESOURCES, Subject.JVM, Map.of());
                Subject large = Subject.proxy(new Load(Bench.RESOURCES, payload))) {
            small.load.warmUp(window, Bench.REQUESTERS);
            large.load.warmUp(window, Bench.REQUESTERS);
            double speed = compare(
                    "payloads of " + name + ", window " + window,
                    "100 octets",
                    () -> closed(small, window, Bench.REQUESTERS),
                    () -> closed(large, window, Bench.REQUESTERS));
            table.line("| the same in MB/s, each way | – | – | %.0f | – |", speed * payload.length() / 1_000_000);
        }
    }

    private Done closed(Subject subject, int window, int requesters) throws InterruptedException {
        Duration before = subject.cpu();
        Load.Result result = subject.load.closed(window, requesters, seconds);
        return new Done(result.perSecond(), subject.cpu().minus(before).toNanos() / (double) result.answers());
    }

    /** The median of the round trips a second of the one that has more. */
    private double compare(String more, String beside, Run base, Run measured) throws InterruptedException {
        double[] speed = new double[rounds];
        double[] baseSpeed = new double[rounds];
        double[] cpu = new double[rounds];
        double[] baseCpu = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            Done less = base.run();
            Done now = measured.run();
            speed[i] = now.perSecond();
            baseSpeed[i] = less.perSecond();
            cpu[i] = now.cpu();
            baseCpu[i] = less.cpu();
        }
        table.line(
                "| %s | **%.2f** | **%.2f** | %.0f | %s: %.0f |",
                more, ratio(cpu, baseCpu), ratio(speed, baseSpeed), median(speed), beside, median(baseSpeed));
        return median(speed);
    }
}
