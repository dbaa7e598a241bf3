package org.clientproxy.proxy;

import java.util.ArrayList;
import java.util.List;
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
     */
    public record Resource(
            Jid jid,
            @Nullable String show,
            int priority,
            boolean available,
            boolean retired,
            int pending,
            ResourceCounters counters) {
        /** How it is, in words with commas between: what keeps new requests from it, and what it says of itself. */
        public String state() {
            List<String> words = new ArrayList<>();
            if (retired) {
                words.add("retired");
            } else if (!available) {
                words.add("not confirmed");
            }
            if (show != null) {
                words.add(show);
            }
            return words.isEmpty() ? "available" : String.join(", ", words);
        }

        /** On the loop. */
        static Resource of(PooledResource pooled) {
            return new Resource(
                    pooled.jid(),
                    pooled.show(),
                    pooled.priority(),
                    pooled.isChoosable(),
                    pooled.isRetired(),
                    pooled.load(),
                    pooled.counters());
        }
    }
}
