package org.clientproxy.proxy.cluster;

import org.clientproxy.proxy.cluster.ClusterRules.Streams;
import org.clientproxy.proxy.cluster.Message.Standing;

/** How this node stands, and what the others have been told of it. */
final class OwnStanding {
    private static final long REPEAT_NANOS = 1_000_000_000L;

    private final ClusterRules rules;
    private final Membership membership;
    private final StreamRight right;
    private final Owner owner;
    private final MessageSender sender;
    private boolean leaving;
    private Standing told = new Standing(false, false, false, 0, 0);
    private long toldAt;

    OwnStanding(ClusterRules rules, Membership membership, StreamRight right, Owner owner, MessageSender sender) {
        this.rules = rules;
        this.membership = membership;
        this.right = right;
        this.owner = owner;
        this.sender = sender;
    }

    Standing present() {
        return new Standing(
                rules.streams() != Streams.NONE, right.isMine(), leaving, owner.size(), owner.unprotected());
    }

    /** The node leaves from now on. */
    void leave() {
        leaving = true;
    }

    boolean isLeaving() {
        return leaving;
    }

    /** Tells the others, where this is news or they have not heard for a while. */
    void tell(long now) {
        boolean isNews = told.hasStream() != right.isMine()
                || told.leaving() != leaving
                || !right.isMine() && told.isIdle() != present().isIdle();
        if (isNews || now - toldAt >= REPEAT_NANOS) {
            tellAnew(now);
        }
    }

    /** Tells the others, whatever they have heard. */
    void tellAnew(long now) {
        told = present();
        toldAt = now;
        sender.sendToOthers(
                membership.present(), new Message.State(membership.present().id(), told));
    }
}
