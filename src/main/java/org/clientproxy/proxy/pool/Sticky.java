package org.clientproxy.proxy.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code sticky}: the same resource for the same requester, by rendezvous hashing: a requester changes its resource only when
 * that one leaves, or a new one wins. Keeps nothing about anybody.
 */
final class Sticky implements Choice {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    @Override
    public @Nullable PooledResource choose(List<PooledResource> resources, Wish wish, Eligibility eligible) {
        long seed = hash(wish.requester().key(), FNV_OFFSET);
        PooledResource best = null;
        long bestScore = 0;
        for (PooledResource resource : resources) {
            long score = hash(resource.key(), seed);
            if ((best == null || score > bestScore) && eligible.allows(resource, wish)) {
                best = resource;
                bestScore = score;
            }
        }
        return best;
    }

    /** FNV-1a with the finalizer of MurmurHash3, which spreads addresses that differ in their last letter only. */
    private static long hash(String text, long seed) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }
}
