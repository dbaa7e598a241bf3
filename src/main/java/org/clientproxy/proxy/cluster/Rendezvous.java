package org.clientproxy.proxy.cluster;

import java.util.Collection;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which of several nodes holds the copy of a request: the one with the highest hash of both. So what a node owned is spread over all
 * others evenly when it leaves, and the place of a copy does not depend on who else came or went.
 */
final class Rendezvous {
    /** @return null where none of them suits */
    static @Nullable Life choose(long number, Collection<Life> among, Predicate<Life> suits) {
        Life best = null;
        long highest = 0;
        for (Life life : among) {
            long score = mixed(number * 100 + life.node());
            if (suits.test(life) && (best == null || score > highest)) {
                best = life;
                highest = score;
            }
        }
        return best;
    }

    /** The finishing steps of SplittableRandom, which spread each bit over all. */
    private static long mixed(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    private Rendezvous() {}
}
