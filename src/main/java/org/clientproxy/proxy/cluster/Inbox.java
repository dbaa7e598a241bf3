package org.clientproxy.proxy.cluster;

import java.util.Objects;
import org.clientproxy.proxy.cluster.Message.Word;

/**
 * What the others say to this node. Words are heard whatever the view; all else only in the view in which this node acts, from its
 * members and for its present life, so that one who comes from another time changes nothing.
 */
final class Inbox {
    private final Membership membership;
    private final Members members;
    private final Replication replication;
    private final StreamRight right;
    private final Peers peers;
    private long unreadable;
    private long fenced;

    Inbox(Membership membership, Members members, Replication replication, StreamRight right, Peers peers) {
        this.membership = membership;
        this.members = members;
        this.replication = replication;
        this.right = right;
        this.peers = peers;
    }

    void received(Member from, byte[] octets, long now) {
        Message message = Wire.decode(octets, now);
        if (message instanceof Word word && word.life().member().equals(from)) {
            membership.heard(word, now);
        } else if (message == null || message instanceof Word) {
            unreadable++;
        } else if (!membership.actsIn(message.view()) || members.lifeOf(from) == null) {
            fenced++;
        } else {
            heardInView(from, message, now);
        }
    }

    private void heardInView(Member from, Message message, long now) {
        if (message instanceof Message.Batch batch) {
            if (isMine(batch.to()) && members.has(batch.from())) {
                replication.accept(batch, now);
            } else {
                fenced++;
            }
        } else if (message instanceof Message.Answers answers) {
            if (!isMine(answers.to())) {
                fenced++;
            } else if (!replication.owner().answered(answers.from(), answers.results(), now)) {
                // Somebody else answers what this node was about to: it is the one who does not know.
                membership.beginAnew();
                peers.rejoin();
            }
        } else if (message instanceof Message.State state) {
            if (members.stands(from, state.standing())) {
                replication.owner().repeat(Objects.requireNonNull(members.lifeOf(from)), now);
            }
            right.look(now);
        } else if (message instanceof Message.Ask ask) {
            right.asked(from, ask);
        } else if (message instanceof Message.Grant grant) {
            right.granted(from, grant);
        }
    }

    private boolean isMine(Life addressed) {
        return addressed.equals(membership.life());
    }

    /** How many messages could not be read. */
    long unreadable() {
        return unreadable;
    }

    /** How many messages were passed over since they were meant in another view than the present one, or by a life that is over. */
    long fenced() {
        return fenced;
    }
}
