package org.clientproxy.proxy.settings;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values that are numbers, with or without a unit. */
final class Amounts {
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int LEAST_STANZA_SIZE = 10_000;
    private static final int MOST_STANZA_SIZE = 64 << 20;

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");
    private static final Map<String, Long> MILLIS =
            Map.of("", 1L, "ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> OCTETS = Map.ofEntries(
            Map.entry("", 1L),
            Map.entry("B", 1L),
            Map.entry("KiB", 1L << 10),
            Map.entry("MiB", 1L << 20),
            Map.entry("GiB", 1L << 30),
            Map.entry("kB", 1_000L),
            Map.entry("MB", 1_000_000L),
            Map.entry("GB", 1_000_000_000L));

    private Amounts() {}

    /** A whole number from {@code min} to {@code max}. */
    static ValueType<Integer> number(int min, int max) {
        return new ValueType<>(
                text -> {
                    if (!text.matches("-?\\d{1,9}")) {
                        throw new IllegalArgumentException("no whole number, or too large");
                    }
                    int number = Integer.parseInt(text);
                    refuse(number < min || number > max);
                    return number;
                },
                max == Integer.MAX_VALUE ? min + " or more" : min + " to " + max);
    }

    /** A duration such as {@code 5s} or {@code 2m}; a bare number is milliseconds. */
    static ValueType<Duration> duration(long minMillis) {
        return new ValueType<>(
                text -> {
                    Duration duration = Duration.ofMillis(amount(text, MILLIS));
                    refuse(duration.toMillis() < minMillis || duration.compareTo(LONGEST) > 0);
                    return duration;
                },
                "a duration such as 500ms, 10s or 2m, from " + (minMillis == 0 ? "0" : minMillis + "ms") + " to "
                        + LONGEST.toDays() + "d");
    }

    /** The size of a stanza, in octets: XMPP wants 10000 at least (RFC 6120 §13.12). */
    static ValueType<Integer> stanzaSize() {
        return new ValueType<>(
                text -> {
                    long size = amount(text, OCTETS);
                    refuse(size < LEAST_STANZA_SIZE || size > MOST_STANZA_SIZE);
                    return (int) size;
                },
                LEAST_STANZA_SIZE + " octets to 64MiB, such as 512KiB");
    }

    /** A size in octets that one stanza fits into; where nothing is written, a quarter of the largest heap. */
    static ValueType<Long> pendingSize() {
        return new ValueType<>(
                text -> {
                    if (text.isEmpty()) {
                        return Runtime.getRuntime().maxMemory() / 4;
                    }
                    long size = amount(text, OCTETS);
                    refuse(size < LEAST_STANZA_SIZE);
                    return size;
                },
                LEAST_STANZA_SIZE + " octets or more, such as 64MiB");
    }

    private static void refuse(boolean outOfRange) {
        if (outOfRange) {
            throw new IllegalArgumentException("out of range");
        }
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
