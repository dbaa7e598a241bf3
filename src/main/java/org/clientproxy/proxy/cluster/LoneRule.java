package org.clientproxy.proxy.cluster;

import org.clientproxy.proxy.cluster.ClusterRules.Lone;
import org.jspecify.annotations.Nullable;

/**
 * When one of two nodes goes on without the other, where there can be no majority of one; and whether what it has may be out of date
 * then. Node 1 goes on after a while in any case, so the other one must not think that it was there all the
 * time when it was not: a pause of its own, or a view in which it was alone, is enough for doubt.
 */
final class LoneRule {
    private final ClusterRules rules;
    private final Member self;
    private @Nullable View lone;
    private long loneSince;
    private boolean otherEnded;
    private boolean wasLone;
    private long lastSeen;
    private long pausedUntil;

    LoneRule(ClusterRules rules, Member self, long now) {
        this.rules = rules;
        this.self = self;
        this.lastSeen = now;
        this.pausedUntil = now;
    }

    /**
     * This process runs at that time. Where it did not for a while, the other one may have gone on without it; the engine says so
     * within some time.
     */
    void runsAt(long now) {
        if (now - lastSeen > rules.silentAfter().toNanos() / 2) {
            pausedUntil = now + 2 * rules.silentAfter().toNanos();
        }
        lastSeen = now;
    }

    /** A view is here in which this node may be alone. */
    void viewDelivered(View view, long now) {
        wasLone |= lone != null;
        lone = rules.nodes() == 2 && view.members().size() == 1 && rules.lone() != Lone.STOP ? view : null;
        loneSince = now;
        otherEnded = false;
    }

    /** The other node's process has surely ended. */
    void ended(int node) {
        otherEnded |= lone != null && node != self.node();
    }

    /** It acts, so whatever it has is not out of date now. */
    void acts() {
        wasLone = false;
        lone = null;
    }

    /** Whether it goes on alone now. */
    boolean goesOnAt(long now) {
        if (lone == null) {
            return false;
        }
        return rules.lone() == Lone.CONTINUE
                || otherEnded
                || isFirst() && now - loneSince >= 2 * rules.silentAfter().toNanos();
    }

    /** Whether what it has may be out of date when it goes on alone. */
    boolean isInDoubtAt(long now) {
        return rules.lone() == Lone.FIRST
                && !isFirst()
                && (isInDoubt() || now - loneSince >= rules.silentAfter().toNanos());
    }

    /** Whether what it has may be out of date when it meets another process of the other node than before. */
    boolean isInDoubtIn(View view, @Nullable View acted) {
        return rules.nodes() == 2
                && rules.lone() == Lone.FIRST
                && !isFirst()
                && isInDoubt()
                && acted != null
                && acted.members().size() == 2
                && !view.members().containsAll(acted.members());
    }

    private boolean isInDoubt() {
        return wasLone || lastSeen - pausedUntil < 0;
    }

    private boolean isFirst() {
        return self.node() == 1;
    }
}
