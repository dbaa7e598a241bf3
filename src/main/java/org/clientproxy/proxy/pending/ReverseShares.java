package org.clientproxy.proxy.pending;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;

/**
 * The pending requests that sessions of the target have begun: how many there may be in all, of one session, and towards one
 * account, so that a session floods neither a requester nor us. They count among all that is pending, but in no account's share:
 * the target's sessions are no requesters, and take nothing from those of their domain. Used on the loop only, but for
 * {@link #size}.
 */
final class ReverseShares implements Adjustable {
    /** One part in so many of what may be pending is for them. */
    private static final int PART = 10;

    private final PendingShares all;
    private int most;
    private long mostOctets;
    private int mostOfOne;
    private final Map<String, Set<ReverseRequest>> bySession = new HashMap<>();
    private final Map<String, Integer> toAccount = new HashMap<>();
    private int held;
    private long octets;
    private volatile int size;

    /** @param all where they are counted, too */
    ReverseShares(ProxySettings settings, PendingShares all) {
        this.all = all;
        adjust(settings);
    }

    @Override
    public void adjust(ProxySettings now) {
        most = Math.max(1, now.maxPending() / PART);
        mostOctets = now.maxPendingSize() / PART;
        mostOfOne = now.maxPendingPerRequester();
    }

    /** How many there are. Any thread. */
    int size() {
        return size;
    }

    /** Why a further one is not taken in; null: it is. */
    @Nullable
    StanzaError refusal(ReverseRequest pending) {
        if (bySession.getOrDefault(pending.requester.key(), Set.of()).size() >= mostOfOne) {
            return ProxyErrors.TOO_MANY_OF_YOURS;
        }
        if (toAccount.getOrDefault(pending.askedAccount(), 0) >= mostOfOne) {
            return ProxyErrors.TOO_MANY_TO_ONE;
        }
        if (held >= most) {
            return ProxyErrors.TOO_MANY;
        }
        // What is large may come alone, else it could never come.
        if (held > 0 && octets + pending.size() > mostOctets) {
            return ProxyErrors.TOO_MUCH;
        }
        return all.refusal(pending.size());
    }

    /** It is pending from now on, and takes as much memory as is counted for it. */
    void take(ReverseRequest pending) {
        bySession
                .computeIfAbsent(pending.requester.key(), none -> new LinkedHashSet<>())
                .add(pending);
        toAccount.merge(pending.askedAccount(), 1, Integer::sum);
        count(1, pending.counted);
    }

    /** It is pending no more. */
    void giveBack(ReverseRequest pending) {
        bySession.computeIfPresent(pending.requester.key(), (session, its) -> {
            its.remove(pending);
            return its.isEmpty() ? null : its;
        });
        toAccount.computeIfPresent(pending.askedAccount(), (account, count) -> count > 1 ? count - 1 : null);
        count(-1, -pending.counted);
    }

    private void count(int requests, long more) {
        held += requests;
        size = held;
        octets += more;
        all.countInNoShare(requests, more);
    }

    /** Those that came from this session before this time, in nanoseconds of the loop's clock; a copy. */
    List<ReverseRequest> begunBy(Jid session, long before) {
        return bySession.isEmpty()
                ? List.of()
                : bySession.getOrDefault(session.key(), Set.of()).stream()
                        .filter(each -> each.startedAt - before < 0)
                        .toList();
    }
}
