package org.clientproxy.proxy.pending;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.stream.StreamLoop;

/**
 * The time that requests at a resource which left have to be answered still: one timer for each such resource, however many
 * requests are pending there. Used on the loop only.
 */
final class Graces {
    private final StreamLoop loop;
    private long nanos;
    private final Consumer<PooledResource> over;
    private final Map<PooledResource, StreamLoop.Timeout> running = new HashMap<>();

    /**
     * @param nanos how long it lasts
     * @param over hears when it is over at a resource
     */
    Graces(StreamLoop loop, long nanos, Consumer<PooledResource> over) {
        this.loop = loop;
        this.nanos = nanos;
        this.over = over;
    }

    /** Those that begin from now on last so long. */
    void adjust(long nextNanos) {
        nanos = nextNanos;
    }

    void begin(PooledResource resource) {
        running.put(
                resource,
                loop.schedule(
                        () -> {
                            running.remove(resource);
                            over.accept(resource);
                        },
                        nanos));
    }

    /** Nothing happens at its end; nor here, where there is none. */
    void end(PooledResource resource) {
        StreamLoop.Timeout timeout = running.isEmpty() ? null : running.remove(resource);
        if (timeout != null) {
            timeout.cancel();
        }
    }

    boolean isRunning(PooledResource resource) {
        return running.containsKey(resource);
    }
}
