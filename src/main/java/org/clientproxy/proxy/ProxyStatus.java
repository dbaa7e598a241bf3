package org.clientproxy.proxy;

import java.util.ArrayList;
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
 * @param pending how many requests are pending
 * @param queued how many of them wait for a resource
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
        int queued,
        List<Resource> resources,
        List<RecentError> errors) {

    /**
     * One resource of the pool.
     *
     * @param available whether it may be chosen
     * @param avoided whether it gets new requests only when there is nobody else, for its {@code show}
     * @param retired whether it gets no new requests on an operator's word
     * @param ejected why its time-outs keep it from new requests, and until when; null: they do not
     * @param timeouts how many requests in a row have timed out at it
     * @param pending how many requests are pending at it
     * @param capacity how many it may have at a time; 0: any number
     * @param features what it announces; null where nobody asks, by {@code proxy.features} or {@code proxy.answer}
     */
    public record Resource(
            Jid jid,
            @Nullable String show,
            int priority,
            boolean available,
            boolean avoided,
            boolean retired,
            @Nullable String ejected,
            int timeouts,
            int pending,
            int capacity,
            ResourceCounters counters,
            @Nullable Features features) {
        /** How it is, in words with commas between: what keeps new requests from it, and what it says of itself. */
        public String state() {
            List<String> words = new ArrayList<>();
            if (retired) {
                words.add("retired");
            }
            if (ejected != null) {
                words.add("ejected: " + ejected);
            }
            if (!retired && ejected == null && !available) {
                words.add("not confirmed");
            }
            if (capacity > 0 && pending >= capacity) {
                words.add("full");
            }
            if (show != null) {
                words.add(avoided ? show + " (asked last)" : show);
            }
            return words.isEmpty() ? "available" : String.join(", ", words);
        }

        /** On the loop. */
        static Resource of(PooledResource pooled, long now, boolean features) {
            return new Resource(
                    pooled.jid(),
                    pooled.show(),
                    pooled.priority(),
                    pooled.isChoosable(),
                    pooled.isAvoided(),
                    pooled.isRetired(),
                    pooled.ejectedWhy(now),
                    pooled.timeouts(),
                    pooled.load(),
                    pooled.capacity(),
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
