package org.clientproxy.proxy.jgroups;

import java.util.List;
import java.util.Set;
import org.clientproxy.proxy.pending.PendingStore.Holder;

/**
 * Notices when presences may have gone to the connection of another node: of one that stands still, or that was away and has just
 * come back, for there are servers that give each of several connections a share.
 */
final class AstrayPresences {
    /** So long after another node came the server knows, too, that its old connection is closed. */
    private static final long AFTER_JOIN_NANOS = 500_000_000L;

    /** How often nobody is asked for while a node is missing whose connection may be open still. */
    private static final long WHILE_MISSING_NANOS = 2_000_000_000L;

    private final int nodes;
    private Set<Integer> members = Set.of();
    private boolean joined;
    private long at;

    /** @param nodes how many there should be */
    AstrayPresences(int nodes) {
        this.nodes = nodes;
    }

    /** These nodes see each other from now on. */
    void viewDelivered(List<Integer> present, long now) {
        if (!members.containsAll(present)) {
            joined = true;
            at = now;
        }
        members = Set.copyOf(present);
    }

    /** To be called from time to time, while this node acts. */
    void look(long now, Holder holder) {
        if (joined && now - at >= AFTER_JOIN_NANOS) {
            joined = false;
            at = now;
            holder.askWhoIsThere(true);
        } else if (!joined && members.size() < nodes && now - at >= WHILE_MISSING_NANOS) {
            at = now;
            holder.askWhoIsThere(false);
        }
    }
}
