package org.clientproxy.proxy;

import java.util.ArrayList;
import java.util.List;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.TargetWatch;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamState;
import org.jspecify.annotations.Nullable;

/** Why no request would find a resource now, and what an operator can do about it. Used on the loop only. */
final class Readiness {
    private final ComponentStream stream;
    private final ResourcePool pool;
    private final TargetWatch subscription;
    private final PendingRequests pending;

    Readiness(ProxyParts parts) {
        this.stream = parts.stream;
        this.pool = parts.pool;
        this.subscription = parts.subscription;
        this.pending = parts.pendingRequests;
    }

    /** In words; null: a request would find a resource, or goes to another node. */
    @Nullable
    String trouble() {
        if (pending.isPaused()) {
            return "new requests are refused, as an operator wishes; resume the proxy";
        }
        if (stream.state() != StreamState.READY) {
            if (stream.isStandby()) {
                return null;
            }
            return "who is there is not known while there is no stream to the server; that comes first";
        }
        if (pool.size() > 0) {
            return null;
        }
        List<PooledResource> there =
                pool.all().stream().filter(PooledResource::isConfirmed).toList();
        return there.isEmpty() ? subscription.whyNobody() : whyNone(there);
    }

    private static String whyNone(List<PooledResource> there) {
        long retired = there.stream().filter(PooledResource::isRetired).count();
        List<String> reasons = new ArrayList<>();
        if (retired > 0) {
            reasons.add(retired + " retired (restore them)");
        }
        if (retired < there.size()) {
            reasons.add(there.size() - retired + " being asked whether they are there");
        }
        return "of the sessions that are there none can be chosen: " + String.join(", ", reasons);
    }
}
