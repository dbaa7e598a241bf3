package org.clientproxy.proxy;

import java.util.List;
import org.clientproxy.proxy.pool.AnnouncedFeatures;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.stats.RecentError;
import org.clientproxy.proxy.stats.ResourceCounters;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * One proxy at one moment, for an operator: it names addresses.
 *
 * @param confirmed whether it is known who is in the pool
 * @param paused whether new requests are refused on an operator's word
 * @param lastFailure why the stream last went down, or null
 * @param resources the pool, in the order of coming
 * @param errors the last ones, the newest first
 */
public record ProxyStatus(
        Jid domain,
        Jid target,
        StreamState stream,
        @Nullable String lastFailure,
        boolean confirmed,
        boolean paused,
        int pending,
        List<Resource> resources,
        List<RecentError> errors) {

    /**
     * One resource of the pool.
     *
     * @param available whether it may be chosen
     * @param retired whether it gets no new requests on an operator's word
     * @param features what it announces; null where nobody asks, by {@code proxy.features=off}
     */
    public record Resource(
            Jid jid,
            @Nullable String show,
            int priority,
            boolean available,
            boolean retired,
            int pending,
            ResourceCounters counters,
            @Nullable Features features) {
        /** On the loop. */
        static Resource of(PooledResource pooled, boolean features) {
            return new Resource(
                    pooled.jid(),
                    pooled.show(),
                    pooled.priority(),
                    pooled.isChoosable(),
                    pooled.isRetired(),
                    pooled.load(),
                    pooled.counters(),
                    features ? Features.of(pooled.features()) : null);
        }
    }

    /**
     * What a resource announces that it can.
     *
     * @param known how that is known, in words: {@code unknown yet}, {@code none}, {@code verified} or {@code of this session
     *     only}
     * @param namespaces in the order of letters
     */
    public record Features(String known, List<String> namespaces) {
        private static Features of(AnnouncedFeatures announced) {
            String known =
                    switch (announced.knowledge()) {
                        case UNKNOWN -> "unknown yet";
                        case NONE -> "none";
                        case VERIFIED -> "verified";
                        case SESSION -> "of this session only";
                    };
            return new Features(known, announced.namespaces().stream().sorted().toList());
        }
    }
}
