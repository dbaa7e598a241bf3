package org.clientproxy.proxy;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * The correlation keys that were lately closed without a reply: one that comes after all must not answer a new request
 * under the same key. Bounded: where there were more such keys than it can hold, it says so of every key until the time
 * of those that it forgot is over. Used on one loop only.
 */
final class ClosedKeys {
    private record Closed(String key, long until) {}

    private final int capacity;
    private final long memoryNanos;
    private final ArrayDeque<Closed> inOrder = new ArrayDeque<>();
    private final Map<String, Long> untilByKey = new HashMap<>();
    private boolean forgot;
    private long forgottenUntil;

    /**
     * @param capacity how many keys are held
     * @param memoryNanos how long a key is held, in nanoseconds
     */
    ClosedKeys(int capacity, long memoryNanos) {
        this.capacity = capacity;
        this.memoryNanos = memoryNanos;
    }

    void add(String key, long now) {
        expire(now);
        if (inOrder.size() >= capacity) {
            Closed oldest = inOrder.remove();
            untilByKey.remove(oldest.key(), oldest.until());
            forgot = true;
            forgottenUntil = oldest.until();
        }
        long until = now + memoryNanos;
        inOrder.add(new Closed(key, until));
        untilByKey.put(key, until);
    }

    /** Whether the key was, or may have been, closed without a reply not long ago. */
    boolean contains(String key, long now) {
        expire(now);
        return forgot || untilByKey.containsKey(key);
    }

    private void expire(long now) {
        for (Closed oldest = inOrder.peek(); oldest != null && oldest.until() - now <= 0; oldest = inOrder.peek()) {
            inOrder.remove();
            untilByKey.remove(oldest.key(), oldest.until());
        }
        if (forgot && forgottenUntil - now <= 0) {
            forgot = false;
        }
    }
}
