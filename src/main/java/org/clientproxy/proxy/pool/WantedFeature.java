package org.clientproxy.proxy.pool;

/**
 * The feature that a request wants of its resource.
 *
 * @param namespace the namespace of the request's child
 * @param required whether only a resource that announces it is chosen; otherwise such a one comes first
 * @param until how long the request waits for a resource of which it is not known yet whether it announces it, in nanoseconds of
 *     the loop's clock; {@value #NOT_WAITING} where it has not begun to wait
 */
public record WantedFeature(String namespace, boolean required, long until) {
    /** It has not begun to wait. */
    public static final long NOT_WAITING = Long.MIN_VALUE;

    public WantedFeature(String namespace, boolean required) {
        this(namespace, required, NOT_WAITING);
    }

    /** The same, required. */
    WantedFeature asRequired() {
        return new WantedFeature(namespace, true, until);
    }

    /** The same of a request that waits until then. */
    public WantedFeature waitingUntil(long time) {
        return new WantedFeature(namespace, required, time);
    }

    /** Whether the request waits, or has waited. */
    public boolean isWaiting() {
        return until != NOT_WAITING;
    }
}
