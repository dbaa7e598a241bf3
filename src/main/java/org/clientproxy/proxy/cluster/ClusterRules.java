package org.clientproxy.proxy.cluster;

import java.time.Duration;

/**
 * What all nodes of a cluster have been told alike, but for {@link #streams} of a witness.
 *
 * @param nodes how many are configured, witnesses included: a majority is of them
 * @param silentAfter after which time a silent node is taken for gone by the engine
 * @param window how many turns of the loop may wait for their acknowledgement before reading pauses
 */
public record ClusterRules(int nodes, Streams streams, Lone lone, Duration silentAfter, int window) {
    /** Which nodes have a stream to the server. */
    public enum Streams {
        /** One at a time. */
        ONE,
        /** Each. */
        ALL,
        /** All but this one, which is a witness: it holds copies and counts for the majority. */
        NONE
    }

    /** What one of two nodes does that sees the other one no more. */
    public enum Lone {
        /** It serves no more. */
        STOP,
        /** It goes on where the other's process has surely ended, or, after twice {@link #silentAfter}, where it is node 1. */
        FIRST,
        /** It goes on. Cut off from each other both do, and requests may be answered twice. */
        CONTINUE
    }

    int majority() {
        return nodes / 2 + 1;
    }
}
