package org.clientproxy.proxy.presence;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.clientproxy.xmpp.Jid;

/** What a resource of the target has to do with requesters' presence, until its session ends. On the loop. */
final class ResourcePlace {
    private final Jid resource;
    private final Set<RelayedSession.Link> links = new LinkedHashSet<>();
    private boolean ended;
    private long endedBefore;

    ResourcePlace(Jid resource) {
        this.resource = resource;
    }

    Jid resource() {
        return resource;
    }

    void add(RelayedSession.Link link) {
        links.add(link);
    }

    void remove(RelayedSession.Link link) {
        links.remove(link);
    }

    boolean isEmpty() {
        return links.isEmpty();
    }

    /** Its session has ended: what was before this time is void. A server may say so after the next session has begun. */
    void end(long before) {
        ended = true;
        endedBefore = before;
    }

    boolean isEnded(long since) {
        return ended && since - endedBefore < 0;
    }

    /** Takes some of its links out. */
    List<RelayedSession.Link> take(int most) {
        List<RelayedSession.Link> taken = new ArrayList<>();
        for (RelayedSession.Link link : links) {
            if (taken.size() == most) {
                break;
            }
            taken.add(link);
        }
        taken.forEach(links::remove);
        return taken;
    }
}
