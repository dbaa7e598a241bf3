package org.clientproxy.proxy.pending;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The correlation keys that were lately closed without a reply: one that comes after all must not answer a new request
 * under the same key. Of each key only a hash is kept, 28 octets in all, so that long addresses take no memory here; where two
 * keys have one hash, a request goes out under a fresh id without need. Bounded: where there were more such keys than it can
 * hold, it says so of every key until the time of those that it forgot is over. Used on one loop only.
 */
final class ClosedKeys {
    private static final int SMALLEST = 16;
    private static final int NONE = -1;

    private int capacity;
    private long memoryNanos;
    // Nobody who chooses ids can foresee which keys share a hash.
    private final long seed = ThreadLocalRandom.current().nextLong() | 1;
    // A ring of the keys in their order, and chains through it of those in one place of the table, the youngest first.
    // So the
    // oldest one is the last of its chain. Both have a power of two as their size.
    private long[] hashes = new long[SMALLEST];
    private long[] untils = new long[SMALLEST];
    private int[] older = new int[SMALLEST];
    private int[] table = emptyTable(SMALLEST);
    private int oldest;
    private int size;
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

    /** From now on it holds so many, each that is added then for so long. */
    void adjust(int nextCapacity, long nextMemoryNanos) {
        capacity = nextCapacity;
        memoryNanos = nextMemoryNanos;
    }

    void add(String key, long now) {
        expire(now);
        while (size >= capacity) {
            // One that is older may be held for longer, where the time was made shorter in between.
            if (!forgot || untils[oldest] - forgottenUntil > 0) {
                forgottenUntil = untils[oldest];
            }
            forgot = true;
            removeOldest();
        }
        if (size == hashes.length) {
            resize(2 * size);
        }
        put(hash(key), now + memoryNanos);
    }

    /** Whether the key was, or may have been, closed without a reply not long ago. */
    boolean contains(String key, long now) {
        expire(now);
        if (forgot || size == 0) {
            return forgot;
        }
        long hash = hash(key);
        for (int i = table[place(hash)]; i != NONE; i = older[i]) {
            if (hashes[i] == hash) {
                return true;
            }
        }
        return false;
    }

    private void expire(long now) {
        while (size > 0 && untils[oldest] - now <= 0) {
            removeOldest();
        }
        if (size == 0 && hashes.length > SMALLEST) {
            resize(SMALLEST);
        }
        if (forgot && forgottenUntil - now <= 0) {
            forgot = false;
        }
    }

    private void put(long hash, long until) {
        int at = oldest + size++ & hashes.length - 1;
        int place = place(hash);
        hashes[at] = hash;
        untils[at] = until;
        older[at] = table[place];
        table[place] = at;
    }

    private void removeOldest() {
        int place = place(hashes[oldest]);
        int before = NONE;
        int at = table[place];
        while (at != oldest) {
            before = at;
            at = older[at];
        }
        if (before == NONE) {
            table[place] = NONE;
        } else {
            older[before] = NONE;
        }
        oldest = oldest + 1 & hashes.length - 1;
        size--;
    }

    private void resize(int to) {
        long[] hashesBefore = hashes;
        long[] untilsBefore = untils;
        int from = oldest;
        int count = size;
        hashes = new long[to];
        untils = new long[to];
        older = new int[to];
        table = emptyTable(to);
        oldest = 0;
        size = 0;
        for (int i = 0; i < count; i++) {
            int at = from + i & hashesBefore.length - 1;
            put(hashesBefore[at], untilsBefore[at]);
        }
    }

    private static int[] emptyTable(int places) {
        int[] table = new int[places];
        Arrays.fill(table, NONE);
        return table;
    }

    private int place(long hash) {
        return (int) (hash >>> 32) & table.length - 1;
    }

    /** Four characters at a time are mixed in with a secret factor; the end is the finalizer of MurmurHash3. */
    private long hash(String key) {
        int length = key.length();
        long hash = seed + length;
        int i = 0;
        for (; i + 4 <= length; i += 4) {
            long four = key.charAt(i)
                    | (long) key.charAt(i + 1) << 16
                    | (long) key.charAt(i + 2) << 32
                    | (long) key.charAt(i + 3) << 48;
            hash = mix(hash, four);
        }
        for (; i < length; i++) {
            hash = mix(hash, key.charAt(i));
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }

    private long mix(long hash, long more) {
        long mixed = (hash ^ more) * seed;
        return mixed ^ mixed >>> 32;
    }
}
