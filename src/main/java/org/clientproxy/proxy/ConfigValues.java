package org.clientproxy.proxy;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How durations and sizes are written. */
final class ConfigValues {
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");
    private static final Map<String, Long> MILLIS =
            Map.of("", 1L, "ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> OCTETS =
            Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "kB", 1_000L, "MB", 1_000_000L);

    private ConfigValues() {}

    /** A duration such as {@code 5s} or {@code 2m}; a bare number is milliseconds. */
    static Duration duration(String text) {
        return Duration.ofMillis(amount(text, MILLIS));
    }

    /** A size such as {@code 512KiB}; a bare number is octets. */
    static int size(String text) {
        return Math.toIntExact(amount(text, OCTETS));
    }

    private static long amount(String text, Map<String, Long> units) {
        Matcher matcher = AMOUNT.matcher(text);
        Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("neither a number nor a number with a unit");
        }
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
    }
}
