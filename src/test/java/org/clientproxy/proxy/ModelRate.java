package org.clientproxy.proxy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.ProxySettings;

/** How many messages and presences each account may send, or be sent, as it is specified, for the reference model. */
final class ModelRate {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** What an account may have saved up, in time. */
    private static final long MOST = 4 * SECOND;

    private static final class Account {
        private long saved = MOST;
        private long at;
        private boolean told;
        private long toldAt;
    }

    private final LongSupplier clock;
    // How much of the time one takes; 0: there is no limit.
    private final long each;
    // Who was not heard of for longest comes first.
    private final Map<String, Account> accounts = new LinkedHashMap<>(16, 0.75f, true);
    private final int most;

    ModelRate(LongSupplier clock, ProxySettings settings) {
        int rate = settings.get(MessageKeys.MESSAGE_RATE);
        this.clock = clock;
        this.each = rate == 0 ? 0 : SECOND / rate;
        this.most = settings.maxConversations();
    }

    /** Counts one more of this account; false where it is one too many, which counts not. */
    boolean admit(String account) {
        if (each == 0) {
            return true;
        }
        Account its = accounts.computeIfAbsent(account, key -> new Account());
        if (accounts.size() > most) {
            accounts.remove(accounts.keySet().iterator().next());
        }
        long now = clock.getAsLong();
        its.saved = Math.min(MOST, its.saved + now - its.at);
        its.at = now;
        boolean enough = its.saved >= each;
        its.saved -= enough ? each : 0;
        return enough;
    }

    /** Whether the account is told that this was too many: once a second. */
    boolean tells(String account) {
        Account its = accounts.get(account);
        long now = clock.getAsLong();
        if (its.told && now - its.toldAt < SECOND) {
            return false;
        }
        its.told = true;
        its.toldAt = now;
        return true;
    }
}
