package org.clientproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** What a run has measured, as the table of {@code docs/performance.md}: each line is printed when it is known. */
final class Table {
    private static final Path PAGE = Path.of("docs/performance.md");
    private static final String BEGIN = "<!-- begin: written by bench/run -->";
    private static final String END = "<!-- end -->";

    private final StringBuilder lines = new StringBuilder();

    void line(String format, Object... values) {
        String text = String.format(Locale.ROOT, format, values);
        lines.append(text).append('\n');
        System.out.println(text);
    }

    /** Puts the table into the page, in place of the last one. */
    void write() throws IOException {
        String text = Files.readString(PAGE);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END, from);
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
