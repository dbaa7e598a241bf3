package org.clientproxy.bench;

import static org.clientproxy.bench.Table.median;
import static org.clientproxy.bench.Table.ratio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures the proxy against both limit programs, in turns within one run, and writes the table of {@code
 * docs/performance.md}. With {@code --quick} it is a guard: it fails where the proxy has become far slower.
 */
final class Bench {
    static final int REQUESTERS = 100;
    static final int RESOURCES = 4;

    /**
     * The guard fails below these shares of the limit programs' throughput: two thirds of what is usual, so a machine's noise does
     * not trip it and a proxy that is twice as slow does.
     */
    private static final double FLOOR = 0.33;

    private static final double RAW_FLOOR = 0.2;

    private final Table table = new Table("<!-- begin: written by bench/run -->", "<!-- end -->");
    private final int rounds;
    private final double seconds;

    private Bench(int rounds, double seconds) {
        this.rounds = rounds;
        this.seconds = seconds;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        int exit = 0;
        if (options.contains("--against")) {
            Against.run(Path.of(options.get(options.indexOf("--against") + 1)));
        } else if (options.contains("--nodes")) {
            new Nodes(Integer.getInteger("rounds", 3), Integer.getInteger("seconds", 10)).all();
        } else if (options.contains("--start")) {
            new Bench(Integer.getInteger("rounds", 9), Integer.getInteger("seconds", 3)).asShipped();
        } else if (options.contains("--quick")) {
            // Measured once more before it is believed: other programs may have had the machine.
            exit = new Bench(5, 2).guard() || new Bench(5, 2).guard() ? 0 : 1;
        } else {
            new Bench(Integer.getInteger("rounds", 5), Integer.getInteger("seconds", 3)).all();
        }
        System.exit(exit);
    }

    private boolean guard() throws Exception {
        try (Subject raw = Subject.raw(RESOURCES);
                Subject limit = Subject.limit(RESOURCES);
                Subject proxy = Subject.proxy(RESOURCES, Subject.JVM, Map.of())) {
            List<Subject> all = List.of(raw, limit, proxy);
            for (Subject subject : all) {
                subject.load.closed(256, REQUESTERS, 4 * seconds);
            }
            double[][] speeds = speeds(all, 256);
            double ofRaw = ratio(speeds[2], speeds[0]);
            double ofLimit = ratio(speeds[2], speeds[1]);
            boolean good = ofRaw >= RAW_FLOOR && ofLimit >= FLOOR;
            System.out.printf(
                    Locale.ROOT,
                    "throughput at window 256: %.2f of raw Netty's, the guard's floor is %.2f; %.2f of the limit program's,"
                            + " the floor is %.2f: %s%n",
                    ofRaw,
                    RAW_FLOOR,
                    ofLimit,
                    FLOOR,
                    good ? "passed" : "FAILED, the proxy is much slower than it was");
            return good;
        }
    }

    private void all() throws Exception {
        table.line(
                "Measured on %s, %d processors, Java %s, `%s`; medians of %d alternating rounds of %.0f s, each program"
                        + " warm: its last three seconds differed by under 3 %%.",
                LocalDate.now(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                String.join(" ", Subject.JVM),
                rounds,
                seconds);
        table.line("");
        table.line("| measure | goal | of raw Netty | raw Netty | of the limit program | limit program | proxy |");
        table.line("|---|---|---|---|---|---|---|");
        try (Subject raw = Subject.raw(RESOURCES);
                Subject limit = Subject.limit(RESOURCES);
                Subject proxy = Subject.proxy(RESOURCES, Subject.JVM, Map.of())) {
            List<Subject> all = List.of(raw, limit, proxy);
            for (Subject subject : all) {
                subject.load.warmUp(256, REQUESTERS);
            }
            closed(all, 1, "–");
            closed(all, 16, "≥ 0.75");
            closed(all, 256, "≥ 0.6");
            closed(all, 4096, "–");
            cpu(all);
            open(all, 10_000, "≤ 1.2");
            open(all, 20_000, "–");
            double[] most = new double[all.size()];
            for (int i = 0; i < most.length; i++) {
                most[i] = all.get(i).residentMegabytes("VmHWM");
            }
            row(
                    "peak resident memory under load, MB",
                    "–",
                    most[2] / most[0],
                    most[0],
                    most[2] / most[1],
                    most[1],
                    "%.0f",
                    most[2]);
        }
        observed();
        heap();
        asShipped();
        new Scale(table, rounds, seconds).all();
        table.write();
    }

    private double[][] speeds(List<Subject> all, int window) throws InterruptedException {
        double[][] speeds = new double[all.size()][rounds];
        for (int i = 0; i < rounds; i++) {
            for (int j = 0; j < speeds.length; j++) {
                speeds[j][i] =
                        all.get(j).load.closed(window, REQUESTERS, seconds).perSecond();
            }
        }
        return speeds;
    }

    private void closed(List<Subject> all, int window, String goal) throws InterruptedException {
        double[][] speeds = speeds(all, window);
        Load.Result last = all.get(2).load.closed(window, REQUESTERS, seconds);
        row(
                "round trips/s, window " + window,
                goal,
                ratio(speeds[2], speeds[0]),
                median(speeds[0]),
                ratio(speeds[2], speeds[1]),
                median(speeds[1]),
                "%.0f (p50 %.2f, p99 %.2f, p99.9 %.2f ms)",
                median(speeds[2]),
                last.millis(50),
                last.millis(99),
                last.millis(99.9));
    }

    private void cpu(List<Subject> all) throws InterruptedException {
        double[][] cpu = new double[all.size()][rounds];
        for (int i = 0; i < rounds; i++) {
            for (int j = 0; j < cpu.length; j++) {
                cpu[j][i] = cpuOf(all.get(j));
            }
        }
        row(
                "CPU seconds for 100,000 round trips, window 256",
                "≤ 2.0",
                ratio(cpu[2], cpu[0]),
                median(cpu[0]),
                ratio(cpu[2], cpu[1]),
                median(cpu[1]),
                "%.2f",
                median(cpu[2]));
    }

    private double cpuOf(Subject subject) throws InterruptedException {
        Duration before = subject.cpu();
        Load.Result result = subject.load.closed(256, REQUESTERS, seconds);
        return result.cpuSeconds(subject.cpu().minus(before));
    }

    private void open(List<Subject> all, int perSecond, String goal) throws InterruptedException {
        double[][] late = new double[all.size()][rounds];
        Load.Result last = null;
        for (int i = 0; i < rounds; i++) {
            for (int j = 0; j < late.length; j++) {
                last = all.get(j).load.open(perSecond, REQUESTERS, seconds);
                late[j][i] = last.millis(99);
            }
        }
        row(
                "p99 in ms at " + perSecond + " round trips/s",
                goal,
                ratio(late[2], late[0]),
                median(late[0]),
                ratio(late[2], late[1]),
                median(late[1]),
                "%.2f (p50 %.2f, p99.9 %.2f)",
                median(late[2]),
                last.millis(50),
                last.millis(99.9));
    }

    /** The start, by the script of the distribution and with its archive of classes. */
    private void asShipped() throws Exception {
        try (Distribution distribution = new Distribution()) {
            start(distribution);
            firstSeconds(distribution);
        }
    }

    /** A program that has just started has not been compiled yet. */
    private void firstSeconds(Distribution distribution) throws Exception {
        double[] first = new double[3];
        double[] steady = new double[first.length];
        for (int i = 0; i < first.length; i++) {
            try (Subject proxy = Subject.shipped(distribution, RESOURCES)) {
                first[i] = proxy.load.closed(256, REQUESTERS, 10).perSecond();
                proxy.load.warmUp(256, REQUESTERS);
                steady[i] = proxy.load.closed(256, REQUESTERS, seconds).perSecond();
            }
        }
        alone(
                "round trips/s in the first ten seconds after the start, as shipped, of the steady rate",
                "≥ 0.6",
                "%.2f (%.0f, then %.0f)",
                ratio(first, steady),
                median(first),
                median(steady));
    }

    /** Metrics, health, status page and statistics of routes (JMX) on, and scraped once a second, against off. */
    private void observed() throws Exception {
        try (Subject off = Subject.proxy(RESOURCES, Subject.JVM, Map.of());
                Subject on = Subject.proxy(
                        RESOURCES,
                        Subject.JVM,
                        Map.of("CAMEL_MANAGEMENT_ENABLED", "true", "CAMEL_MAIN_JMX_ENABLED", "true"))) {
            off.load.warmUp(256, REQUESTERS);
            on.load.warmUp(256, REQUESTERS);
            double[] without = new double[rounds];
            double[] with = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                without[i] = off.load.closed(256, REQUESTERS, seconds).perSecond();
                Thread scraper = new Thread(Bench::scrape, "scraper");
                scraper.start();
                with[i] = on.load.closed(256, REQUESTERS, seconds).perSecond();
                scraper.interrupt();
                scraper.join();
            }
            alone(
                    "round trips/s with metrics, health, status page and statistics of routes on, scraped each second, of"
                            + " those with all off",
                    "≥ 0.85",
                    "%.2f (%.0f of %.0f)",
                    ratio(with, without),
                    median(with),
                    median(without));
        }
    }

    private static void scrape() {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:9876/observe/metrics"))
                .build();
        try {
            while (true) {
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 200 || !answer.body().contains("clientproxy_")) {
                    throw new IllegalStateException("no metrics: " + answer.statusCode());
                }
                Thread.sleep(1000);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            // The round is over.
        }
    }

    private void heap() throws Exception {
        int count = 100_000;
        try (Subject proxy = Subject.proxy(RESOURCES, Subject.JVM, Map.of("PROXY_REPLY_TIMEOUT", "10m"))) {
            proxy.load.hold(1000, REQUESTERS);
            proxy.load.release();
            long empty = proxy.liveHeap();
            proxy.load.hold(count, REQUESTERS);
            long full = proxy.liveHeap();
            proxy.load.release();
            alone(
                    "live heap for each request in flight, " + count + " of them",
                    "≤ 0.8 KB",
                    "%.2f KB",
                    (full - empty) / 1024.0 / count);
        }
    }

    private void start(Distribution distribution) throws Exception {
        double[] times = new double[rounds];
        double[] rest = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            try (Subject proxy = Subject.shipped(distribution, RESOURCES)) {
                times[i] = proxy.startToReady.toMillis() / 1000.0;
                Thread.sleep(3000);
                rest[i] = proxy.residentMegabytes("VmRSS");
            }
        }
        alone("from start to the subscription's answer, as shipped", "≤ 0.5 s", "%.2f s", median(times));
        alone("resident memory at rest, as shipped", "≤ 80 MB", "%.0f MB", median(rest));
    }

    private void row(
            String measure,
            String goal,
            double ofRaw,
            double raw,
            double ofLimit,
            double limit,
            String proxy,
            Object... values) {
        table.line(
                "| %s | %s | **%.2f** | %s | **%.2f** | %s | %s |",
                measure, goal, ofRaw, number(raw), ofLimit, number(limit), String.format(Locale.ROOT, proxy, values));
    }

    /** A row of the proxy alone. */
    private void alone(String measure, String goal, String proxy, Object... values) {
        table.line("| %s | %s | – | – | – | – | **%s** |", measure, goal, String.format(Locale.ROOT, proxy, values));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
    }
}
