package org.clientproxy.stream;

import java.util.concurrent.Executor;

/**
 * The one thread on which everything of one connection happens, and its clock. A connection keeps its loop over every
 * reconnect, so what runs on it needs no lock.
 */
public interface StreamLoop extends Executor {
    /** Whether the calling thread is this loop's. */
    boolean inLoop();

    /** A monotonic clock, in nanoseconds from an arbitrary origin. */
    long nanoTime();

    /** Runs the task on the loop after the delay, in nanoseconds. */
    Timeout schedule(Runnable task, long delayNanos);

    /** A task that was scheduled. */
    interface Timeout {
        /** Keeps the task from running, if it has not begun. To be called on the loop. */
        void cancel();
    }
}
