package org.clientproxy.stream;

import org.jspecify.annotations.Nullable;

/** Hears of the changes of a stream's state, on its loop. */
@FunctionalInterface
public interface StreamListener {
    /**
     * The stream has left {@code before} and is now in {@code now}. It must not block.
     *
     * @param reason why the stream went down or could not be opened, in words for an operator: given with {@link
     *     StreamState#DISCONNECTED}, unless that was wished for; null with every other change
     */
    void onState(StreamState before, StreamState now, @Nullable String reason);
}
