package org.clientproxy.proxy.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code sticky}: the same resource for the same key, by rendezvous hashing: a key changes its resource only when that one
 * leaves, or a new one wins. The key is the one that a route has set for the request, else its conversation: the requester's
 * account and the address that it used. Keeps nothing about anybody.
 */
final class Sticky implements Choice {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    @Override
    public @Nullable PooledResource choose(List<PooledResource> resources, Wish wish, Eligibility eligible) {
        Long own = wish.choiceRules().sticky();
        long seed = own != null ? own : conversation(wish);
        PooledResource best = null;
        long bestScore = 0;
        for (PooledResource resource : resources) {
            long score = hash(resource.key(), seed);
            if (isBetter(resource, score, best, bestScore) && eligible.allows(resource, wish)) {
                best = resource;
                bestScore = score;
            }
        }
        return best;
    }

    /** Whoever is avoided comes after all others. */
    private static boolean isBetter(
            PooledResource resource, long score, @Nullable PooledResource best, long bestScore) {
        return best == null || (resource.isAvoided() == best.isAvoided() ? score > bestScore : best.isAvoided());
    }

    private static long conversation(Wish wish) {
        return hash(wish.addressUsed().key(), seed(wish.requester().bareKey()));
    }

    /** The hash of a key, over which each resource is hashed. */
    static long seed(String key) {
        return hash(key, FNV_OFFSET);
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
