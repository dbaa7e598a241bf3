package org.clientproxy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * Measures the proxy against the limit program, in turns within one run, and writes the table of {@code
 * docs/performance.md}. With {@code --quick} it is a guard: it fails where the proxy has become far slower.
 */
final class Bench {
    private static final int REQUESTERS = 100;
    private static final int RESOURCES = 4;
    private static final Path PAGE = Path.of("docs/performance.md");
    private static final String BEGIN = "<!-- begin: written by bench/run -->";
    private static final String END = "<!-- end -->";

    /**
     * The guard fails below this share of the limit program's throughput: two thirds of the 0.5 that is usual, so a machine's
     * noise does not trip it and a proxy that is twice as slow does.
     */
    private static final double FLOOR = 0.33;

    private final StringBuilder page = new StringBuilder();
    private final int rounds;
    private final double seconds;

    private Bench(int rounds, double seconds) {
        this.rounds = rounds;
        this.seconds = seconds;
    }

    public static void main(String[] arguments) throws Exception {
        boolean quick = Arrays.asList(arguments).contains("--quick");
        int exit = 0;
        int against = Arrays.asList(arguments).indexOf("--against");
        if (against >= 0) {
            new Bench(Integer.getInteger("rounds", 9), Integer.getInteger("seconds", 3))
                    .against(Path.of(arguments[against + 1]));
        } else if (quick) {
            // Measured once more before it is believed: other programs may have had the machine.
            exit = new Bench(5, 2).guard() || new Bench(5, 2).guard() ? 0 : 1;
        } else {
            new Bench(Integer.getInteger("rounds", 5), Integer.getInteger("seconds", 3)).all();
        }
        System.exit(exit);
    }

    private boolean guard() throws Exception {
        try (Subject limit = Subject.limit(RESOURCES);
                Subject proxy = Subject.proxy(RESOURCES, Subject.JVM, Map.of())) {
            warmUp(limit, proxy);
            double[] ratios = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                double most = limit.load.closed(256, REQUESTERS, seconds).perSecond();
                double ours = proxy.load.closed(256, REQUESTERS, seconds).perSecond();
                ratios[i] = ours / most;
                say("round %d: limit %.0f/s, proxy %.0f/s, ratio %.2f", i + 1, most, ours, ratios[i]);
            }
            double ratio = median(ratios);
            boolean good = ratio >= FLOOR;
            say(
                    "throughput at window 256: %.2f of the limit program's; the guard's floor is %.2f: %s",
                    ratio, FLOOR, good ? "passed" : "FAILED, the proxy is much slower than it was");
            return good;
        }
    }

    /** This proxy against another build of it, so that a change is measured with its before and its after in one run. */
    private void against(Path jar) throws Exception {
        try (Subject before = Subject.proxy(jar, RESOURCES, Subject.JVM, Map.of());
                Subject now = Subject.proxy(RESOURCES, Subject.JVM, Map.of())) {
            warmUp(before, now);
            warmUp(before, now);
            for (int window : new int[] {16, 256}) {
                closed(before, now, window, "–");
            }
            cpu(before, now);
        }
    }

    private void all() throws Exception {
        line(
                "Measured on %s, %d processors, Java %s, `%s`; medians of %d alternating rounds of %.0f s.",
                LocalDate.now(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                String.join(" ", Subject.JVM),
                rounds,
                seconds);
        line("");
        line("| measure | goal | ratio | limit program | proxy |");
        line("|---|---|---|---|---|");
        try (Subject limit = Subject.limit(RESOURCES);
                Subject proxy = Subject.proxy(RESOURCES, Subject.JVM, Map.of())) {
            warmUp(limit, proxy);
            closed(limit, proxy, 1, "–");
            closed(limit, proxy, 16, "≥ 0.7");
            closed(limit, proxy, 256, "≥ 0.5");
            closed(limit, proxy, 4096, "–");
            cpu(limit, proxy);
            open(limit, proxy, 10_000, "≤ 1.5");
            open(limit, proxy, 20_000, "–");
            line(
                    "| peak resident memory under load | – | %.1f | %d MB | %d MB |",
                    (double) proxy.residentMegabytes("VmHWM") / limit.residentMegabytes("VmHWM"),
                    limit.residentMegabytes("VmHWM"),
                    proxy.residentMegabytes("VmHWM"));
        }
        observed();
        scale();
        heap();
        start();
        write();
    }

    private void warmUp(Subject... subjects) throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            for (Subject subject : subjects) {
                subject.load.closed(256, REQUESTERS, 2 * seconds);
            }
        }
    }

    private void closed(Subject limit, Subject proxy, int window, String goal) throws InterruptedException {
        double[] most = new double[rounds];
        double[] ours = new double[rounds];
        double[] ratios = new double[rounds];
        Load.Result last = null;
        for (int i = 0; i < rounds; i++) {
            most[i] = limit.load.closed(window, REQUESTERS, seconds).perSecond();
            last = proxy.load.closed(window, REQUESTERS, seconds);
            ours[i] = last.perSecond();
            ratios[i] = ours[i] / most[i];
        }
        line(
                "| round trips/s, window %d | %s | **%.2f** | %.0f | %.0f (p50 %.2f, p99 %.2f, p99.9 %.2f ms) |",
                window,
                goal,
                median(ratios),
                median(most),
                median(ours),
                last.millis(50),
                last.millis(99),
                last.millis(99.9));
    }

    private void cpu(Subject limit, Subject proxy) throws InterruptedException {
        double[] least = new double[rounds];
        double[] ours = new double[rounds];
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            least[i] = cpuOf(limit);
            ours[i] = cpuOf(proxy);
            ratios[i] = ours[i] / least[i];
        }
        line(
                "| CPU seconds for 100,000 round trips, window 256 | ≤ 2.5 | **%.2f** | %.2f | %.2f |",
                median(ratios), median(least), median(ours));
    }

    private double cpuOf(Subject subject) throws InterruptedException {
        Duration before = subject.cpu();
        Load.Result result = subject.load.closed(256, REQUESTERS, seconds);
        return subject.cpu().minus(before).toNanos() / 1e9 / result.answers() * 100_000;
    }

    private void open(Subject limit, Subject proxy, int perSecond, String goal) throws InterruptedException {
        double[] least = new double[rounds];
        double[] ours = new double[rounds];
        double[] ratios = new double[rounds];
        Load.Result last = null;
        for (int i = 0; i < rounds; i++) {
            least[i] = limit.load.open(perSecond, REQUESTERS, seconds).millis(99);
            last = proxy.load.open(perSecond, REQUESTERS, seconds);
            ours[i] = last.millis(99);
            ratios[i] = ours[i] / least[i];
        }
        line(
                "| p99 at %d round trips/s | %s | **%.2f** | %.2f ms | %.2f ms (p50 %.2f, p99.9 %.2f ms) |",
                perSecond, goal, median(ratios), median(least), median(ours), last.millis(50), last.millis(99.9));
    }

    /** Metrics, health, status page and statistics of routes (JMX) on, and scraped once a second, against off. */
    private void observed() throws Exception {
        try (Subject off = Subject.proxy(RESOURCES, Subject.JVM, Map.of());
                Subject on = Subject.proxy(
                        RESOURCES,
                        Subject.JVM,
                        Map.of("CAMEL_MANAGEMENT_ENABLED", "true", "CAMEL_MAIN_JMX_ENABLED", "true"))) {
            warmUp(off, on);
            double[] without = new double[rounds];
            double[] with = new double[rounds];
            double[] ratios = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                without[i] = off.load.closed(256, REQUESTERS, seconds).perSecond();
                Thread scraper = new Thread(Bench::scrape, "scraper");
                scraper.start();
                with[i] = on.load.closed(256, REQUESTERS, seconds).perSecond();
                scraper.interrupt();
                scraper.join();
                ratios[i] = with[i] / without[i];
            }
            line(
                    "| round trips/s with metrics, health, status page and statistics of routes on, scraped each second, against off | ≥ 0.85 | **%.2f** |"
                            + " %.0f (off) | %.0f (on) |",
                    median(ratios), median(without), median(with));
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

    /** Many resources and requesters against few. */
    private void scale() throws Exception {
        try (Subject few = Subject.proxy(10, Subject.JVM, Map.of());
                Subject many = Subject.proxy(10_000, Subject.JVM, Map.of())) {
            warmUp(few, many);
            double[] base = new double[rounds];
            double[] ours = new double[rounds];
            double[] ratios = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                base[i] = few.load.closed(256, 1000, seconds).perSecond();
                ours[i] = many.load.closed(256, 1_000_000, seconds).perSecond();
                ratios[i] = ours[i] / base[i];
            }
            line(
                    "| round trips/s with 10,000 resources and 1,000,000 requesters, against 10 and 1,000 | ≥ 0.8 | **%.2f** |"
                            + " %.0f (few) | %.0f (many) |",
                    median(ratios), median(base), median(ours));
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
            line(
                    "| live heap for each request in flight, %d of them | ≤ 1.2 KB | – | – | **%.2f KB** |",
                    count, (full - empty) / 1024.0 / count);
        }
    }

    private void start() throws Exception {
        double[] times = new double[rounds];
        double[] rest = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            try (Subject proxy = Subject.proxy(RESOURCES, Subject.SHIPPED, Map.of())) {
                times[i] = proxy.startToReady.toMillis() / 1000.0;
                Thread.sleep(3000);
                rest[i] = proxy.residentMegabytes("VmRSS");
            }
        }
        line(
                "| from start to the subscription's answer, shipped JVM options | ≤ 2 s | – | – | **%.2f s** |",
                median(times));
        line("| resident memory at rest, shipped JVM options | ≤ 120 MB | – | – | **%.0f MB** |", median(rest));
    }

    private void write() throws Exception {
        String text = Files.readString(PAGE);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        Files.writeString(PAGE, text.substring(0, from) + "\n" + page + text.substring(to));
        say("written to %s", PAGE);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private void line(String format, Object... values) {
        String text = String.format(Locale.ROOT, format, values);
        page.append(text).append('\n');
        System.out.println(text);
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
