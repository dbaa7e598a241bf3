package org.clientproxy.stream;

/** Hears of the changes of a stream's state, on its loop. */
@FunctionalInterface
public interface StreamListener {
    /** The stream has left {@code before} and is now in {@code now}. It must not block. */
    void onState(StreamState before, StreamState now);
}
