package org.clientproxy.proxy.presence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * Whose presence went to whom. Bounded in all and for each account; where there is no room, those make some that came before the
 * stream last broke, for the server may have had nobody to tell of their end. On the loop, but for {@link #size()}.
 */
final class RelayTable {
    /** So many sessions and addresses each account may have. */
    static final int MOST_OF_ACCOUNT = 20;

    // In the order in which they came.
    private final Map<String, RelayedSession> sessions = new LinkedHashMap<>();
    private final Map<String, List<RelayedSession>> byAccount = new HashMap<>();
    private final Map<String, ResourcePlace> places = new HashMap<>();
    private int most;
    private int stream;
    private volatile int size;

    /** Any thread. */
    int size() {
        return size;
    }

    void limit(int sessionsInAll) {
        most = sessionsInAll;
    }

    /** A stream is ready: what comes is known to end with it. */
    void nextStream() {
        stream++;
    }

    @Nullable
    RelayedSession find(Jid requester, Jid addressUsed) {
        return sessions.get(RelayedSession.key(requester, addressUsed));
    }

    /** The session, which is new where it was not known; null where there is no room for it. */
    @Nullable
    RelayedSession enter(Jid requester, Jid addressUsed) {
        RelayedSession known = find(requester, addressUsed);
        if (known != null) {
            return known;
        }
        List<RelayedSession> others = byAccount.getOrDefault(requester.bareKey(), List.of());
        boolean room = others.size() < MOST_OF_ACCOUNT || forget(firstOld(others));
        room = room && (sessions.size() < most || forget(firstOld(sessions.values())));
        if (!room) {
            return null;
        }
        RelayedSession added = new RelayedSession(requester, addressUsed, stream);
        sessions.put(RelayedSession.key(requester, addressUsed), added);
        byAccount
                .computeIfAbsent(requester.bareKey(), key -> new ArrayList<>(1))
                .add(added);
        size = sessions.size();
        return added;
    }

    /** The first one, if it came before the stream last broke. */
    private @Nullable RelayedSession firstOld(Iterable<RelayedSession> from) {
        for (RelayedSession first : from) {
            return first.stream() == stream ? null : first;
        }
        return null;
    }

    private boolean forget(@Nullable RelayedSession session) {
        if (session != null) {
            told(session, null, 0);
            shown(session, null, 0);
            remove(session);
        }
        return session != null;
    }

    /** From now on this resource has its presence; null: nobody has. */
    void told(RelayedSession session, @Nullable Jid resource, long now) {
        unlink(session.told);
        session.told = link(session, resource, now);
    }

    /** From now on it has this resource's presence; null: nobody's. */
    void shown(RelayedSession session, @Nullable Jid resource, long now) {
        unlink(session.shown);
        session.shown = link(session, resource, now);
    }

    private RelayedSession.@Nullable Link link(RelayedSession session, @Nullable Jid resource, long now) {
        if (resource == null) {
            return null;
        }
        ResourcePlace place = places.computeIfAbsent(resource.key(), key -> new ResourcePlace(resource));
        RelayedSession.Link link = new RelayedSession.Link(session, place, now);
        place.add(link);
        return link;
    }

    private void unlink(RelayedSession.@Nullable Link link) {
        if (link != null) {
            link.place().remove(link);
            if (link.place().isEmpty()) {
                places.remove(link.place().resource().key(), link.place());
            }
        }
    }

    /** Forgets it where nobody has anything of it any more. */
    void removeIfIdle(RelayedSession session) {
        if (session.told == null && session.shown == null) {
            remove(session);
        }
    }

    private void remove(RelayedSession session) {
        if (sessions.remove(RelayedSession.key(session.requester(), session.addressUsed()), session)) {
            size = sessions.size();
            byAccount.computeIfPresent(session.requester().bareKey(), (key, all) -> {
                all.remove(session);
                return all.isEmpty() ? null : all;
            });
        }
    }

    /** The session of a resource has ended: what was linked with it before this time is void. Null: nothing was. */
    @Nullable
    ResourcePlace end(Jid resource, long before) {
        ResourcePlace place = places.remove(resource.key());
        if (place != null) {
            place.end(before);
        }
        return place;
    }

    /** All sessions; a copy. */
    List<RelayedSession> all() {
        return List.copyOf(sessions.values());
    }
}
