package org.clientproxy.proxy.jgroups;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once what an operator can look at, when a node has been without a majority for a while. */
final class NoMajority {
    private static final Logger LOG = LoggerFactory.getLogger(NoMajority.class);

    private static final long PATIENCE_NANOS = 15_000_000_000L;

    private final String name;
    private final int nodes;
    private long since;
    private boolean said;

    NoMajority(String name, int nodes, long now) {
        this.name = name;
        this.nodes = nodes;
        this.since = now;
    }

    /** To be called from time to time. */
    void look(boolean acts, int members, long now) {
        if (acts) {
            since = now;
            said = false;
        } else if (!said && now - since >= PATIENCE_NANOS) {
            said = true;
            LOG.warn(
                    "{}: this node sees {} of {} nodes and serves nothing without a majority; are others running,"
                            + " reachable as proxy.cluster.nodes says, and have they the same proxy.cluster.secret?",
                    name,
                    members,
                    nodes);
        }
    }
}
