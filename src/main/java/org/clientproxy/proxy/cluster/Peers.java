package org.clientproxy.proxy.cluster;

/**
 * The engine, as the protocol sees it. It delivers views ({@link ClusterNode#viewDelivered}) and messages ({@link
 * ClusterNode#received}) on the loop. The protocol bears messages that are lost, doubled or overtaken; an engine that loses few is
 * faster, for what is lost is repeated after {@link ClusterNode#REPEAT_NANOS} only.
 */
public interface Peers {
    /** Sends the octets, which are not changed any more. Does not wait, and does not throw: what cannot be sent is lost. */
    void send(Member to, byte[] octets);

    /**
     * This process has found that what the others hold is not what it believed, which the protocol excludes. It leaves the view and
     * joins it again, as the same member.
     */
    void rejoin();
}
