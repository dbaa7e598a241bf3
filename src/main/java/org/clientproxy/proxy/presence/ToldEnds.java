package org.clientproxy.proxy.presence;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.clientproxy.xmpp.Jid;

/**
 * Whom the proxy has told that a resource has ended. A server tells them as well where the target's account has no subscription of
 * the proxy host, or the resource says goodbye itself. That comes a moment later, and would be heard twice. On the loop.
 */
final class ToldEnds {
    /** A server says all of an end at once; the proxy may have found out a little earlier. */
    static final Duration KEPT = Duration.ofSeconds(30);

    /** More than these are not known of; then somebody hears it twice, which does no harm. */
    static final int MOST = 10_000;

    // When, by the loop's clock, in the order in which they were told.
    private final Map<String, Long> ends = new LinkedHashMap<>();

    void add(RelayedSession session, Jid resource, long now) {
        Iterator<Long> oldest = ends.values().iterator();
        while (oldest.hasNext()) {
            long since = oldest.next();
            if (ends.size() < MOST && !isOver(since, now)) {
                break;
            }
            oldest.remove();
        }
        ends.put(key(session.requester(), session.addressUsed(), resource), now);
    }

    /** Forgets that this session was told of that end; true where it was, lately. */
    boolean remove(Jid requester, Jid addressUsed, Jid resource, long now) {
        Long since = ends.remove(key(requester, addressUsed, resource));
        return since != null && !isOver(since, now);
    }

    private static boolean isOver(long since, long now) {
        return now - since > KEPT.toNanos();
    }

    private static String key(Jid requester, Jid addressUsed, Jid resource) {
        return RelayedSession.key(requester, addressUsed) + '\n' + resource.key();
    }
}
