package org.clientproxy.proxy.features;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.clientproxy.proxy.caps.CapsHash;
import org.jspecify.annotations.Nullable;

/**
 * The features that hashes stand for, as verified: {@value #MOST} of them, without the one that was asked for least lately when
 * there is another. Used on the loop only.
 */
final class KnownCaps {
    static final int MOST = 1000;

    private final Map<CapsHash, Set<String>> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CapsHash, Set<String>> eldest) {
            return size() > MOST;
        }
    };

    /** Null where it is not known what the hash stands for. */
    @Nullable
    Set<String> find(CapsHash hash) {
        return known.get(hash);
    }

    void add(CapsHash hash, Set<String> features) {
        known.put(hash, features);
    }

    int size() {
        return known.size();
    }
}
