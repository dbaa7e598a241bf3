package org.clientproxy.proxy.stats;

import java.util.List;

/**
 * What a node of a cluster is at some moment.
 *
 * @param node its number
 * @param nodes how many are configured
 * @param members the numbers of the nodes that it sees, its own included, in order
 * @param streams the numbers of those that have the right to a stream, in order
 * @param acting whether it has a majority, and agreed with it
 * @param standby whether another node has the stream, as it should be
 * @param redundant whether it acts, and no node that it sees has any request without a copy, as far as it has said
 * @param owned how many requests it owns
 * @param held how many copies of others' requests it has
 * @param unprotected how many of those that it owns have been forwarded, or were another's, and have no copy elsewhere
 * @param turns how many turns of its loop wait for the others
 * @param takenOver how many requests of others it has taken over so far
 * @param fenced how many messages it has passed over so far, for they were of another view
 * @param unreadable how many messages it could not read so far
 */
public record ClusterFigures(
        int node,
        int nodes,
        List<Integer> members,
        List<Integer> streams,
        boolean acting,
        boolean standby,
        boolean redundant,
        int owned,
        int held,
        int unprotected,
        int turns,
        long takenOver,
        long fenced,
        long unreadable) {
    public ClusterFigures {
        members = List.copyOf(members);
        streams = List.copyOf(streams);
    }

    /** Those of a node that has not joined the others yet. */
    public static ClusterFigures none(int node, int nodes) {
        return new ClusterFigures(node, nodes, List.of(), List.of(), false, false, false, 0, 0, 0, 0, 0, 0, 0);
    }
}
