package org.clientproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** What a run has measured, as the table of {@code docs/performance.md}: each line is printed when it is known. */
final class Table {
    private static final Path PAGE = Path.of("docs/performance.md");

    private final String begin;
    private final String end;
    private final StringBuilder lines = new StringBuilder();

    /**
     * @param begin the line before its place in the page
     * @param end the line after it
     */
    Table(String begin, String end) {
        this.begin = begin;
        this.end = end;
    }

    void line(String format, Object... values) {
        String text = String.format(Locale.ROOT, format, values);
        lines.append(text).append('\n');
        System.out.println(text);
    }

    /** Puts the table into the page, in place of the last one. */
    void write() throws IOException {
        String text = Files.readString(PAGE);
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end, from);
        if (from < begin.length() || to < 0) {
            throw new IllegalStateException(PAGE + " has no " + begin + " and " + end);
        }
        Files.writeString(PAGE, text.substring(0, from) + "\n" + lines + text.substring(to));
        System.out.println("written to " + PAGE);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** The median of what one value is of the other in each round. */
    static double ratio(double[] values, double[] of) {
        double[] ratios = new double[values.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = values[i] / of[i];
        }
        return median(ratios);
    }
}
