package org.clientproxy.proxy.stats;

/**
 * What a node of a cluster is at some moment.
 *
 * @param members how many nodes it sees, itself included
 * @param acting whether it has a majority, and agreed with it
 * @param standby whether another node has the stream, as it should be
 * @param owned how many requests it owns
 * @param held how many copies of others' requests it has
 * @param unprotected how many of those that it owns have no copy elsewhere
 * @param turns how many turns of its loop wait for the others
 * @param takenOver how many requests of others it has taken over so far
 * @param fenced how many messages it has passed over so far, for they were of another view
 */
public record ClusterFigures(
        int members,
        boolean acting,
        boolean standby,
        int owned,
        int held,
        int unprotected,
        int turns,
        long takenOver,
        long fenced) {}
