package org.clientproxy.proxy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.settings.ProxySettings;

/** The keys that were lately closed without a reply, for the reference model: of both directions, for they have one memory. */
final class ModelClosedKeys {
    /** So late the model may have noticed that a key was closed. */
    private static final long NOTICED = Duration.ofMillis(150).toNanos();

    private final Map<String, Long> closed = new HashMap<>();
    private final LongSupplier clock;
    private final long memory;
    private final int most;

    ModelClosedKeys(LongSupplier clock, ProxySettings settings) {
        this.clock = clock;
        this.memory = settings.replyTimeout().toNanos();
        this.most = settings.maxPending();
    }

    static String key(String... parts) {
        return String.join("\n", parts);
    }

    /** It was closed at this time. */
    void add(String key, long at) {
        closed.put(key, at);
    }

    /**
     * Whether a reply under this key could be mistaken: 1 yes, -1 no, 0 both are right.
     *
     * @param more how many keys may have been closed in this very moment
     */
    int taken(String key, long more) {
        long now = clock.getAsLong();
        closed.values().removeIf(at -> now - at > memory + ReferenceModel.TOLERANCE);
        Long at = closed.get(key);
        // The memory is bounded; where it is full, all keys count as taken.
        return at != null ? now - at < memory - NOTICED ? 1 : 0 : closed.size() + more >= most ? 0 : -1;
    }
}
