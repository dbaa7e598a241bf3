package org.clientproxy.proxy.pending;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for a resource. The accounts of their requesters take turns, and each account's requests keep their
 * order; so whoever sends many waits behind their own requests. A request that a resource does not suit is passed over for it.
 *
 * <p>Those of one {@link WaitingKind} are in one line, and only the first of each line is looked at. So a look costs as much as
 * there are kinds, nearly always one, however many wait; adding and taking out cost the same at any length. Used on the loop
 * only, but for {@link #size()}.
 */
final class WaitingRequests {
    /** What one account waits for in one line, in the order in which it came. */
    static final class Own {
        private final Account account;
        private final Line line;
        private final Set<PendingRequest> requests = new LinkedHashSet<>();

        private Own(Account account, Line line) {
            this.account = account;
            this.line = line;
        }

        private PendingRequest first() {
            return requests.iterator().next();
        }
    }

    private static final class Account {
        private final String name;
        private final Collection<Own> lines = new ArrayList<>(1);
        private long lastTurn;
        private int waiting;

        private Account(String name) {
            this.name = name;
        }
    }

    /** Those of one kind. */
    private static final class Line {
        private final WaitingKind kind;
        // Who has waited for the next turn for the longest comes first.
        private final Set<Own> accounts = new LinkedHashSet<>();

        private Line(WaitingKind kind) {
            this.kind = kind;
        }
    }

    private final Jid target;
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<WaitingKind, Line> lines = new LinkedHashMap<>();
    private long turns;
    private volatile int size;

    /** @param target the account whose sessions are the resources */
    WaitingRequests(Jid target) {
        this.target = target;
    }

    /** How many wait. Any thread. */
    int size() {
        return size;
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** How many requests of this account wait. */
    int of(String account) {
        Account waits = accounts.get(account);
        return waits == null ? 0 : waits.waiting;
    }

    boolean contains(PendingRequest pending) {
        return pending.waitsAmong != null;
    }

    /** Nothing happens where it waits already. */
    void add(PendingRequest pending) {
        if (contains(pending)) {
            return;
        }
        Line line = lines.computeIfAbsent(WaitingKind.of(pending, target), Line::new);
        Account account = accounts.computeIfAbsent(pending.account(), Account::new);
        if (account.waiting++ == 0) {
            account.lastTurn = ++turns;
        }
        Own own = own(account, line);
        own.requests.add(pending);
        pending.waitsAmong = own;
        count(1);
    }

    private static Own own(Account account, Line line) {
        for (Own own : account.lines) {
            if (own.line == line) {
                return own;
            }
        }
        Own own = new Own(account, line);
        account.lines.add(own);
        line.accounts.add(own);
        return own;
    }

    /** Nothing happens where it does not wait. */
    void remove(PendingRequest pending) {
        Own own = pending.waitsAmong;
        if (own == null) {
            return;
        }
        pending.waitsAmong = null;
        own.requests.remove(pending);
        own.account.waiting--;
        if (own.requests.isEmpty()) {
            own.account.lines.remove(own);
            own.line.accounts.remove(own);
        }
        if (own.account.waiting == 0) {
            accounts.remove(own.account.name);
        }
        if (own.line.accounts.isEmpty()) {
            lines.remove(own.line.kind);
        }
        count(-1);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes it.
    private void count(int more) {
        size += more;
    }

    /**
     * The request whose turn it is of those that a resource suits; null where it suits none. It waits still, and its account has
     * had its turn: the next one is another account's, if one waits.
     *
     * @param suited is asked of the first of each kind
     */
    @Nullable
    PendingRequest next(Predicate<PendingRequest> suited) {
        Own best = null;
        for (Line line : lines.values()) {
            Own own = line.accounts.iterator().next();
            boolean sooner = best == null || own.account.lastTurn < best.account.lastTurn;
            if (sooner && suited.test(own.first())) {
                best = own;
            }
        }
        if (best == null) {
            return null;
        }
        Account account = best.account;
        account.lastTurn = ++turns;
        for (Own own : account.lines) {
            own.line.accounts.remove(own);
            own.line.accounts.add(own);
        }
        return best.first();
    }

    /** All of them, account by account; none is to be added or taken out meanwhile. */
    void forEach(Consumer<PendingRequest> each) {
        for (Line line : lines.values()) {
            for (Own own : line.accounts) {
                own.requests.forEach(each);
            }
        }
    }
}
