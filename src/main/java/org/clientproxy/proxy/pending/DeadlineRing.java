package org.clientproxy.proxy.pending;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue of deadlines on a monotonic clock, in nanoseconds: adding and removing cost the same however many there are.
 *
 * <p>A ring of buckets of about 16 ms each; what lies more than one turn ahead stays in its bucket until its turn comes. No
 * deadline is given early, and each late by two buckets at most. Used on one loop only.
 */
final class DeadlineRing<N extends DeadlineRing.Node<N>> {
    /** What can be queued, once at a time. The links are part of it, so nothing is allocated. */
    abstract static class Node<N extends Node<N>> {
        private @Nullable N previous;
        private @Nullable N next;
        private int bucket = -1;
        private long due;
    }

    private static final int BUCKET_BITS = 24;
    private static final int BUCKETS = 4096;

    private final List<@Nullable N> ring = new ArrayList<>();
    private long turned;
    private int size;

    /** @param now the present time */
    DeadlineRing(long now) {
        turned = now >> BUCKET_BITS;
        for (int i = 0; i < BUCKETS; i++) {
            ring.add(null);
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(N node, long due) {
        Node<N> links = node;
        if (links.bucket >= 0) {
            throw new IllegalStateException("queued already");
        }
        // The bucket after the deadline's, so that all in a bucket is due when the bucket is.
        long slot = Math.max((due >> BUCKET_BITS) + 1, turned + 1);
        links.bucket = (int) (slot & BUCKETS - 1);
        links.due = due;
        N head = ring.get(links.bucket);
        links.next = head;
        if (head != null) {
            ((Node<N>) head).previous = node;
        }
        ring.set(links.bucket, node);
        size++;
    }

    /** Takes it out; nothing happens where it is not in. */
    void remove(N node) {
        Node<N> links = node;
        if (links.bucket < 0) {
            return;
        }
        N before = links.previous;
        N after = links.next;
        if (before == null) {
            ring.set(links.bucket, after);
        } else {
            ((Node<N>) before).next = after;
        }
        if (after != null) {
            ((Node<N>) after).previous = before;
        }
        links.previous = null;
        links.next = null;
        links.bucket = -1;
        size--;
    }

    /** Takes out what is due, at most so many; what is left comes with the next call. */
    List<N> poll(long now, int max) {
        List<N> due = new ArrayList<>();
        long until = now >> BUCKET_BITS;
        while (turned < until && due.size() < max) {
            // After a long pause one turn of the ring passes every node.
            long slot = Math.max(turned + 1, until - BUCKETS + 1);
            N node = ring.get((int) (slot & BUCKETS - 1));
            while (node != null && due.size() < max) {
                N next = ((Node<N>) node).next;
                if (((Node<N>) node).due - now <= 0) {
                    remove(node);
                    due.add(node);
                }
                node = next;
            }
            if (node == null) {
                turned = slot;
            }
        }
        return due;
    }

    /** When a node with this deadline is given, on the same clock. */
    static long pollAt(long due) {
        return (due >> BUCKET_BITS) + 1 << BUCKET_BITS;
    }

    /** When to poll next, in nanoseconds from now; to be called where it is not empty. */
    long delay(long now) {
        for (long slot = turned + 1; slot < turned + BUCKETS; slot++) {
            for (N node = ring.get((int) (slot & BUCKETS - 1)); node != null; node = ((Node<N>) node).next) {
                if ((((Node<N>) node).due >> BUCKET_BITS) + 1 <= slot) {
                    return Math.max(0, (slot << BUCKET_BITS) - now);
                }
            }
        }
        return (long) BUCKETS << BUCKET_BITS - 1;
    }
}
