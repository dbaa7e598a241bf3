package org.clientproxy.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * This proxy against another build of it, so that a change is measured with its before and its after in one run. What the JIT
 * compiler makes of a program differs from start to start by as much as what is measured, so both are started anew several
 * times, each time in another order.
 */
final class Against {
    private static final int REQUESTERS = 100;
    private static final int RESOURCES = 4;
    private static final int[] WINDOWS = {256, 16};

    private final int rounds = Integer.getInteger("rounds", 5);
    private final int seconds = Integer.getInteger("seconds", 2);

    /** What was measured of one program in one round. */
    private record Round(double perSecond, double cpu) {}

    private Against() {}

    /** @param jar of the other build, with its {@code lib} directory beside it */
    static void run(Path jar) throws Exception {
        Against against = new Against();
        List<List<Double>> speed = List.of(new ArrayList<>(), new ArrayList<>());
        List<List<Double>> cpu = List.of(new ArrayList<>(), new ArrayList<>());
        for (int start = 0; start < Integer.getInteger("starts", 5); start++) {
            try (Subject first = against.subject(jar, start % 2 == 0);
                    Subject second = against.subject(jar, start % 2 != 0)) {
                Subject before = start % 2 == 0 ? first : second;
                Subject now = start % 2 == 0 ? second : first;
                for (int i = 0; i < 3; i++) {
                    first.load.closed(256, REQUESTERS, 3 * against.seconds);
                    second.load.closed(256, REQUESTERS, 3 * against.seconds);
                }
                for (int i = 0; i < WINDOWS.length; i++) {
                    against.compare(before, now, WINDOWS[i], speed.get(i), cpu.get(i));
                }
            }
        }
        for (int i = 0; i < WINDOWS.length; i++) {
            say(
                    "window %d, median of the starts: %.3f of the other build's round trips/s, %.3f of its CPU time",
                    WINDOWS[i], median(speed.get(i)), median(cpu.get(i)));
        }
    }

    private Subject subject(Path other, boolean before) throws Exception {
        return before
                ? Subject.proxy(other, RESOURCES, Subject.JVM, Map.of())
                : Subject.proxy(RESOURCES, Subject.JVM, Map.of());
    }

    private void compare(Subject before, Subject now, int window, List<Double> speed, List<Double> cpu)
            throws Exception {
        List<Double> speeds = new ArrayList<>();
        List<Double> cpus = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            Round old = round(before, window);
            Round ours = round(now, window);
            speeds.add(ours.perSecond() / old.perSecond());
            cpus.add(ours.cpu() / old.cpu());
        }
        speed.add(median(speeds));
        cpu.add(median(cpus));
        say("window %d, this start: %.3f, CPU %.3f", window, median(speeds), median(cpus));
    }

    private Round round(Subject subject, int window) throws InterruptedException {
        Duration before = subject.cpu();
        Load.Result result = subject.load.closed(window, REQUESTERS, seconds);
        return new Round(result.perSecond(), subject.cpu().minus(before).toNanos() / (double) result.answers());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
