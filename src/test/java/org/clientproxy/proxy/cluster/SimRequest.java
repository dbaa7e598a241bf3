package org.clientproxy.proxy.cluster;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request, and what has become of it in the eyes of the server. */
final class SimRequest {
    final int id;
    /** In nanoseconds of the world's clock. */
    final long deadline;
    /** How much later the deadline may be at whoever took it over, since copies travelled for that long. */
    long slack;

    boolean forwarded;
    /** Whom the id of its last attempt names. */
    @Nullable
    Member forwardedBy;
    /** Who has read its reply last. */
    @Nullable
    SimNode replyReadBy;
    /** Who has had its reply of others; what comes to one that is killed then is lost with it. */
    final Set<SimNode> replyCameTo = new LinkedHashSet<>();
    /** Some node has ended it by the reply, whatever became of the answer. */
    boolean replyTaken;

    /**
     * How often two nodes were parted that both go on alone, since a first time at which it had no answer: each time one more may have
     * been given, and none if the one that had it alone has begun anew.
     */
    int splits;

    int answers;
    /** Its answer was given up by a node that failed, or whose stream ended, after it had said that the request is settled. */
    boolean answerDropped;
    /** Its answer waited for a stream that ended, of a node that goes on. */
    boolean goneWithStream;
    /** The word that it is settled came to another node. */
    boolean settleArrived;

    SimRequest(int id, long deadline) {
        this.id = id;
        this.deadline = deadline;
    }

    byte[] body() {
        return ByteBuffer.allocate(4).putInt(id).array();
    }

    @Override
    public String toString() {
        return "request " + id + (forwarded ? " forwarded" : "") + " answers " + answers
                + (answerDropped ? " answer dropped" : "") + (settleArrived ? " settle arrived" : "");
    }
}
