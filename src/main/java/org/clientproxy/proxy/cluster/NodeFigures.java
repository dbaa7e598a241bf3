package org.clientproxy.proxy.cluster;

import java.util.ArrayList;
import java.util.List;
import org.clientproxy.proxy.cluster.ClusterRules.Streams;

/** What a node can say of itself and of the others at this moment. On the loop. */
public final class NodeFigures {
    private final Member self;
    private final ClusterRules rules;
    private final Membership membership;
    private final Members members;
    private final Replication replication;
    private final Owner owner;
    private final StreamRight right;
    private final Inbox inbox;

    NodeFigures(
            Member self,
            ClusterRules rules,
            Membership membership,
            Members members,
            Replication replication,
            StreamRight right,
            Inbox inbox) {
        this.self = self;
        this.rules = rules;
        this.membership = membership;
        this.members = members;
        this.replication = replication;
        this.owner = replication.owner();
        this.right = right;
        this.inbox = inbox;
    }

    /** Whether this node acts: all members of a view with a majority have agreed on what each of them knows. */
    public boolean isActing() {
        return membership.acts();
    }

    /** Whether others have a stream, as they should, and this one, which acts, should have none. */
    public boolean isStandby() {
        return membership.acts()
                && rules.streams() != Streams.ALL
                && !right.isMine()
                && members.lives().stream().anyMatch(members::hasStream);
    }

    /** The numbers of the nodes that have the right to a stream, as far as this one has heard, in order. */
    public List<Integer> streams() {
        List<Integer> all = new ArrayList<>();
        for (Life other : members.lives()) {
            if (members.hasStream(other)) {
                all.add(other.node());
            }
        }
        if (right.isMine()) {
            all.add(self.node());
        }
        all.sort(null);
        return all;
    }

    /** How many requests it owns. */
    public int owned() {
        return owner.size();
    }

    /** How many requests the others own, as they have told last: at the latest a second ago. */
    public int ownedElsewhere() {
        return members.owned();
    }

    /** How many requests of others it has copies of. */
    public int held() {
        return replication.held();
    }

    /** How many of its requests have no acknowledged copy, though they have been forwarded, or were another's. */
    public int unprotected() {
        return owner.unprotected();
    }

    /** How many turns wait for their acknowledgement. */
    public int turns() {
        return owner.turns().size();
    }

    /** How many messages were passed over since they were meant in another view than the present one, or by a life that is over. */
    public long fenced() {
        return inbox.fenced();
    }

    /** How many messages could not be read. */
    public long unreadable() {
        return inbox.unreadable();
    }

    /** Whether no node of the view has any request without an acknowledged copy, as far as it has said. */
    public boolean isRedundant() {
        return membership.acts() && owner.unprotected() == 0 && members.areRedundant();
    }
}
