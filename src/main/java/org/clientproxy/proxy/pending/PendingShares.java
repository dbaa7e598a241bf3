package org.clientproxy.proxy.pending;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.LoopCounts;
import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;

/**
 * Who may have how many requests pending, and how much memory they may take: all together, each account, and each domain.
 * When it gets tight, those who hold the most are refused first. Used on the loop only.
 *
 * <p>An account has a fixed share, and beyond a few it gets nothing more while it holds more than is free. So whoever floods
 * by n accounts leaves one part in n + 1 free. A domain alone may have nearly everything, for in a small installation all
 * requesters are of one domain. But the last part in {@value #PARTS} is for others, and so is twice as much as the others hold
 * already. So n domains that flood leave about one part in n + 1 free, and one that floods leaves room for the next.
 */
public final class PendingShares implements Adjustable {
    /** So many requests of one account or domain are never too many, unless all places are taken. */
    public static final int FEW = 16;

    /** One part in so many is not for a single domain. */
    static final int PARTS = 16;

    /** What one account or one domain holds. */
    static final class Share {
        private final String name;
        // The share of its domain; null in that of a domain.
        private final @Nullable Share domain;
        private int held;
        private long octets;

        private Share(String name, @Nullable Share domain) {
            this.name = name;
            this.domain = domain;
        }

        /** The account's address, folded: one string for all its requests. */
        String name() {
            return name;
        }
    }

    /**
     * One measure, requests or octets.
     *
     * @param all how much there is
     * @param perAccount how much one account may have
     * @param few what is not too much for one account or domain, unless nothing is free
     */
    private record Measure(long all, long perAccount, long few) {
        boolean hasRoom(long total, long more) {
            return total + more <= all;
        }

        boolean isTooMuchForAccount(long held, long more, long total) {
            // What is large may come alone, else it could never come.
            return held > 0 && held + more > perAccount || held >= few && held > all - total;
        }

        boolean isTooMuchForDomain(long held, long total) {
            long free = all - total;
            // Twice, so that what is free for the others lets them grow.
            return held >= few && held > free && free <= Math.max(all / PARTS, 2 * (total - held));
        }
    }

    private final IntSupplier elsewhere;
    private Measure number;
    private Measure memory;
    private final Map<String, Share> accounts = new HashMap<>();
    private final Map<String, Share> domains = new HashMap<>();
    private int held;
    // The octets in all; a row of one place, which others may read.
    private final LoopCounts octets = new LoopCounts(1);
    // Most requesters are of few domains, so that of the last one is asked for again.
    private @Nullable Share lastDomain;
    // Whoever is asked whether an account may have another request counts that request next.
    private @Nullable Share lastAccount;

    /** @param elsewhere how many requests are pending at other processes that share the limit of all */
    PendingShares(ProxySettings settings, IntSupplier elsewhere) {
        this.elsewhere = elsewhere;
        number = numberOf(settings);
        memory = memoryOf(settings);
    }

    /** What is held already stays: where it is more than the new limits allow, nothing is added to it. */
    @Override
    public void adjust(ProxySettings now) {
        number = numberOf(now);
        memory = memoryOf(now);
    }

    private static Measure numberOf(ProxySettings settings) {
        return new Measure(settings.maxPending(), settings.maxPendingPerRequester(), FEW);
    }

    private static Measure memoryOf(ProxySettings settings) {
        // Of the memory an account has the same part as of the number; one request of the largest size is never too
        // much.
        long few = (long) settings.stream().maxStanzaSize() + PendingSize.OBJECTS;
        double part = Math.min(1.0, (double) settings.maxPendingPerRequester() / settings.maxPending());
        return new Measure(settings.maxPendingSize(), Math.max(few, (long) (part * settings.maxPendingSize())), few);
    }

    /** How many octets are held in all. Any thread. */
    long octets() {
        return octets.get(0);
    }

    /** Why a further request of this account, which would take so many octets, is not taken in; null: it is. */
    @Nullable
    StanzaError refusal(String account, long more) {
        Share own = account(account);
        Share domain = own != null ? own.domain : domain(account);
        if (own != null) {
            if (number.isTooMuchForAccount(own.held, 1, held)) {
                return ProxyErrors.TOO_MANY_OF_YOURS;
            }
            if (memory.isTooMuchForAccount(own.octets, more, octets())) {
                return ProxyErrors.TOO_MUCH_OF_YOURS;
            }
        }
        if (domain != null) {
            if (number.isTooMuchForDomain(domain.held, held)) {
                return ProxyErrors.TOO_MANY_OF_DOMAIN;
            }
            if (memory.isTooMuchForDomain(domain.octets, octets())) {
                return ProxyErrors.TOO_MUCH_OF_DOMAIN;
            }
        }
        return refusal(more);
    }

    /** Why a further request that is in no account's share is not taken in; null: it is. */
    @Nullable
    StanzaError refusal(long more) {
        return !number.hasRoom((long) held + elsewhere.getAsInt(), 1)
                ? ProxyErrors.TOO_MANY
                : hasRoom(more) ? null : ProxyErrors.TOO_MUCH;
    }

    /** Counts so many more requests, with so much memory, that are in no account's share; fewer where negative. */
    void countInNoShare(int requests, long more) {
        held += requests;
        octets.add(0, more);
    }

    /** Whether so much more memory may be taken. */
    boolean hasRoom(long more) {
        return memory.hasRoom(octets(), more);
    }

    /** Counts a request of this account. */
    Share take(String account, long more) {
        Share share = account(account);
        if (share == null) {
            Share domain = domain(account);
            if (domain == null) {
                domain = new Share(domainOf(account), null);
                domains.put(domain.name, domain);
                lastDomain = domain;
            }
            share = new Share(account, domain);
            accounts.put(account, share);
        }
        add(share, 1, more);
        return share;
    }

    /** The request that has this share takes so much more memory. */
    void grow(Share share, long more) {
        add(share, 0, more);
    }

    /** Counts a request no more, with all the memory that was counted for it. */
    void giveBack(Share share, long less) {
        add(share, -1, -less);
        if (share.held == 0) {
            accounts.remove(share.name);
            lastAccount = null;
            Share domain = share.domain;
            if (domain != null && domain.held == 0) {
                domains.remove(domain.name);
                lastDomain = null;
            }
        }
    }

    private void add(Share share, int requests, long more) {
        share.held += requests;
        share.octets += more;
        if (share.domain != null) {
            share.domain.held += requests;
            share.domain.octets += more;
        }
        held += requests;
        octets.add(0, more);
    }

    /** The account's share; null where it holds nothing. */
    private @Nullable Share account(String account) {
        Share last = lastAccount;
        if (last == null || !last.name.equals(account)) {
            last = accounts.get(account);
            lastAccount = last;
        }
        return last;
    }

    /** The share of the account's domain; null where it holds nothing. */
    private @Nullable Share domain(String account) {
        Share last = lastDomain;
        if (last != null && isIn(last.name, account)) {
            return last;
        }
        Share domain = domains.get(domainOf(account));
        if (domain != null) {
            lastDomain = domain;
        }
        return domain;
    }

    private static boolean isIn(String domain, String account) {
        int at = account.length() - domain.length() - 1;
        return at >= -1 && account.endsWith(domain) && (at == -1 || account.charAt(at) == '@');
    }

    private static String domainOf(String account) {
        return account.substring(account.indexOf('@') + 1);
    }
}
