package org.clientproxy.proxy.cluster;

import java.util.List;

/**
 * Hears what the other nodes make of this one. Called on the loop, within a call of {@link ClusterNode}, which it may call
 * again, but for {@link ClusterNode#viewDelivered}, {@link ClusterNode#received} and {@link ClusterNode#tick}.
 */
public interface ClusterListener {
    /**
     * A request of another node that is this one's from now on.
     *
     * @param number by which this node replaces and settles it
     * @param deadline in nanoseconds of this node's clock: the original one
     * @param body what its owner put last
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them, and nobody changes it.
    record Taken(long number, long deadline, byte[] body) {}

    /** These were pending at a node that left, and are pending here from now on. */
    void takenOver(List<Taken> taken);

    /**
     * So many answers of a node that left were settled here not long before: it has written them, or they are lost. Most of them it
     * has.
     */
    default void perhapsUnwritten(int answers) {
        // Nothing can be done about it.
    }

    /** These are pending at another node from now on: they are dropped here without an answer. */
    void handedOver(List<Long> numbers);

    /**
     * A reply has come that may be to a request that is pending here.
     *
     * @param named whether it says that the request was sent by this process
     * @return whether it is, and has ended it; where it is not, and names another process, nothing happens
     */
    boolean reply(byte[] stanza, boolean named);

    /** Another node has read this, and it is this one's business. Those of one node come in the order in which it read them. */
    void stanza(byte[] stanza);

    /** Nodes that were there are gone: what the server had told them alone is lost. */
    void othersGone();

    /**
     * The others have gone on without this node. All that is pending here is theirs, or forgotten: it is dropped without an answer, and
     * so are the stanzas that wait for a barrier, which is never passed. The stream is to be closed.
     */
    void beganAnew();

    /** A majority agrees that this node opens its stream. It holds until {@link #streamRevoked} or {@link ClusterNode#streamEnded}. */
    void streamGranted();

    /** The stream is to be closed, or not to be opened any more. A second call means nothing. */
    void streamRevoked();
}
