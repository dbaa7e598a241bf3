package org.clientproxy.proxy.presence;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.clientproxy.xmpp.Jid;

/**
 * The lines of the file of subscribers: {@code +ACCOUNT DAY} for each that came or showed a sign of life, {@code -ACCOUNT} for
 * each that went; the last one of an account counts. A day is written as 2026-11-27, and may be missing.
 */
final class SubscriberLines {
    /** Longer than each address that an account can have, and its day. */
    private static final int LONGEST = 4096;

    private final long today;
    private final int most;
    private final Map<String, Subscriber> found = new LinkedHashMap<>();
    private int damaged;

    /**
     * @param today the day of those that have none, counted from 1970
     * @param most how many there may be: those that showed no sign of life for longest are left out
     */
    SubscriberLines(long today, int most) {
        this.today = today;
        this.most = most;
    }

    static String came(Subscriber subscriber) {
        return "+" + subscriber.jid() + ' ' + LocalDate.ofEpochDay(subscriber.probedDay()) + '\n';
    }

    static String went(Jid account) {
        return "-" + account + '\n';
    }

    /** Reads what is in the file, whole lines only: the last one may have been cut off by the end of a process. */
    void read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                if (octet == '\n') {
                    take(line);
                    line.reset();
                } else if (line.size() <= LONGEST) {
                    line.write(octet);
                }
            }
            damaged += line.size() > 0 ? 1 : 0;
        }
    }

    /** Those that are left, in the order of their last signs of life. */
    Collection<Subscriber> found() {
        return found.values();
    }

    /** How many lines meant nothing. */
    int damaged() {
        return damaged;
    }

    private void take(ByteArrayOutputStream octets) {
        String line = octets.toString(StandardCharsets.UTF_8);
        char sign = line.isEmpty() ? ' ' : line.charAt(0);
        int end = line.indexOf(' ');
        // Where octets are no UTF-8 there is U+FFFD, of which no address is made.
        Jid account = sign != '+' && sign != '-' || octets.size() > LONGEST
                ? null
                : Jid.read(end < 0 ? line.substring(1) : line.substring(1, end))
                        .filter(jid -> !jid.isFull() && line.indexOf('\uFFFD') < 0)
                        .orElse(null);
        if (account == null) {
            damaged += line.isBlank() ? 0 : 1;
            return;
        }
        // The last line decides the order, too.
        found.remove(account.key());
        if (sign == '+') {
            found.put(account.key(), new Subscriber(account, day(end < 0 ? "" : line.substring(end + 1))));
            if (found.size() > most) {
                found.remove(found.keySet().iterator().next());
            }
        }
    }

    private long day(String text) {
        try {
            return text.isEmpty()
                    ? today
                    : Math.min(today, LocalDate.parse(text).toEpochDay());
        } catch (DateTimeException e) {
            return today;
        }
    }
}
