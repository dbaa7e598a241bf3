package org.clientproxy.proxy;

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
     * @param retired whether it gets no new requests on an operator's word
     * @param pending how many requests are pending at it
     * @param capacity how many it may have at a time; 0: any number
     */
    public record Resource(
            Jid jid,
            @Nullable String show,
            int priority,
            boolean available,
            boolean retired,
            int pending,
            int capacity,
            ResourceCounters counters) {
        /** On the loop. */
        static Resource of(PooledResource pooled) {
            return new Resource(
                    pooled.jid(),
                    pooled.show(),
                    pooled.priority(),
                    pooled.isChoosable(),
                    pooled.isRetired(),
                    pooled.load(),
                    pooled.capacity(),
                    pooled.counters());
        }
    }
}
