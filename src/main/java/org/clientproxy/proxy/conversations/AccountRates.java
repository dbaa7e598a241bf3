package org.clientproxy.proxy.conversations;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;

/**
 * How fast each account sends, or is sent to: {@code proxy.message-rate} for each, after a pause four times as many at once. An
 * account that has not been heard of for longer than such a burst takes is as good as new and is not kept, and never are more
 * than {@code proxy.max-conversations}. One is for one direction. Used on the loop only.
 */
public final class AccountRates implements Adjustable {
    /** So many seconds' worth may come at once. */
    private static final long BURST = 4;

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** So many that are as good as new are forgotten for each one that comes. */
    private static final int SWEPT = 2;

    /** One account, with the time by which all that it has sent so far would have been sent at the rate. */
    private static final class Account {
        private long busyUntil;
        private boolean told;
        private long toldAt;

        Account(long busyUntil) {
            this.busyUntil = busyUntil;
        }
    }

    private final StreamLoop loop;
    // In the order in which they were last heard of.
    private final Map<String, Account> accounts = new LinkedHashMap<>(16, 0.75f, true);
    // How long one takes at the rate, in nanoseconds; 0: there is no limit.
    private long each;
    private int most;

    public AccountRates(StreamLoop loop, ProxySettings settings) {
        this.loop = loop;
        adjust(settings);
    }

    @Override
    public void adjust(ProxySettings now) {
        int rate = now.get(MessageKeys.MESSAGE_RATE);
        each = rate == 0 ? 0 : SECOND / rate;
        most = now.get(MessageKeys.MAX_CONVERSATIONS);
        if (each == 0) {
            accounts.clear();
        }
        forget(loop.nanoTime());
    }

    /** Counts one more of this account, by the key of its bare address; false where it is one too many, which counts not. */
    public boolean admit(String account) {
        if (each == 0) {
            return true;
        }
        long now = loop.nanoTime();
        Account known = accounts.get(account);
        if (known == null) {
            accounts.put(account, new Account(now + each));
            forget(now);
            return true;
        }
        long from = known.busyUntil - now > 0 ? known.busyUntil : now;
        if (from - now > BURST * SECOND - each) {
            return false;
        }
        known.busyUntil = from + each;
        return true;
    }

    /** Whether it may be said now to an account that it is too fast: once a second, so that nobody makes us send more than that. */
    public boolean mayTell(String account) {
        Account known = accounts.get(account);
        long now = loop.nanoTime();
        if (known == null || known.told && now - known.toldAt < SECOND) {
            return false;
        }
        known.told = true;
        known.toldAt = now;
        return true;
    }

    /** How many accounts are kept. */
    int size() {
        return accounts.size();
    }

    private void forget(long now) {
        Iterator<Account> eldest = accounts.values().iterator();
        for (int swept = 0; eldest.hasNext(); swept++) {
            Account account = eldest.next();
            boolean asNew = account.busyUntil - now <= 0;
            if (accounts.size() <= most && (swept >= SWEPT || !asNew)) {
                break;
            }
            eldest.remove();
        }
    }
}
