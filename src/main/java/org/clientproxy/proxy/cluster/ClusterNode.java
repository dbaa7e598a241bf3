package org.clientproxy.proxy.cluster;

import java.util.function.LongSupplier;

/**
 * One node's part in the protocol. Used on one thread, the loop. {@code docs/cluster.md} says what it promises.
 *
 * <p><b>Below</b> the engine calls {@link #viewDelivered}, {@link #received} and {@link #ended}, and the loop {@link #tick} every
 * 20 ms. <b>Above</b> the store of pending requests calls {@link #put}, {@link #replace} and {@link #settle}, and {@link #endTurn} when
 * what belongs together is complete; what the outbox got since the last turn goes to the socket when the barrier is passed.
 */
public final class ClusterNode {
    /** After which time a batch that is not acknowledged is sent again, in nanoseconds. */
    public static final long REPEAT_NANOS = 1_500_000_000L;

    /**
     * @param clock in nanoseconds of the loop
     */
    public ClusterNode(Member self, ClusterRules rules, LongSupplier clock, Peers peers, ClusterListener listener) {
        throw new UnsupportedOperationException();
    }

    // ---- The engine ----

    /** The engine has agreed on another view; one whose number is not greater than that of the last one is passed over. */
    public void viewDelivered(View view) {
        throw new UnsupportedOperationException();
    }

    /** A message of {@link Peers#send}; one that cannot be read is dropped and counted. */
    public void received(Member from, byte[] octets) {
        throw new UnsupportedOperationException();
    }

    /** The node's process has surely ended: its sockets have closed, and a connection to it is refused. Matters to two nodes only. */
    public void ended(int node) {
        throw new UnsupportedOperationException();
    }

    /** To be called every 20 ms: whatever should be otherwise is put right. */
    public void tick() {
        throw new UnsupportedOperationException();
    }

    // ---- The store ----

    /**
     * This node owns a further request.
     *
     * @param deadline in nanoseconds of the clock
     * @param body what whoever takes it over needs to know; not changed any more
     * @return its number
     */
    public long put(long deadline, byte[] body) {
        throw new UnsupportedOperationException();
    }

    /** The record of the request is another one from now on. */
    public void replace(long number, long deadline, byte[] body) {
        throw new UnsupportedOperationException();
    }

    /** The request has its answer, which waits for the barrier of this turn. Nothing happens where it is not this node's. */
    public void settle(long number) {
        throw new UnsupportedOperationException();
    }

    /**
     * What belongs together is complete.
     *
     * @param barrier is called once all that was put, replaced and settled up to now is acknowledged, after those of earlier turns: at
     *     once, if there is nothing to wait for. It is never called if the node begins anew before.
     */
    public void endTurn(Runnable barrier) {
        throw new UnsupportedOperationException();
    }

    /** Whether so many turns wait that no more should be read. */
    public boolean isWindowFull() {
        throw new UnsupportedOperationException();
    }

    // ---- The stream ----

    /** The stream has ended, or could not be opened: a majority is asked before it is tried again. */
    public void streamEnded() {
        throw new UnsupportedOperationException();
    }

    // ---- Leaving ----

    /**
     * The node is going to leave, and its stream is closed: it hands over what it owns, and what it holds for others they take away. It
     * may leave the engine's view when {@link #isEmpty}.
     */
    public void leave() {
        throw new UnsupportedOperationException();
    }

    /** Whether nothing is owned, held or waiting here. */
    public boolean isEmpty() {
        throw new UnsupportedOperationException();
    }

    // ---- Figures ----

    /** Whether this node acts: all members of a view with a majority have agreed on what each of them knows. */
    public boolean isActing() {
        throw new UnsupportedOperationException();
    }

    /** How many requests it owns. */
    public int owned() {
        throw new UnsupportedOperationException();
    }

    /** How many of them have no acknowledged copy. */
    public int unprotected() {
        throw new UnsupportedOperationException();
    }

    /** Whether no node of the view has any request without an acknowledged copy, as far as it has said. */
    public boolean isRedundant() {
        throw new UnsupportedOperationException();
    }
}
