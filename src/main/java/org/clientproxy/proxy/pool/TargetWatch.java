package org.clientproxy.proxy.pool;

import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;

/**
 * How the proxy knows who of the target is there: it takes what the target says and keeps the pool true. Used on the loop only.
 */
public interface TargetWatch extends Adjustable {
    /** As {@code proxy.subscribe} says. */
    static TargetWatch of(
            ProxySettings settings, StreamLoop loop, ResourcePool pool, PoolListener listener, PresenceSender sender) {
        return settings.subscribe()
                ? new TargetSubscription(settings, loop, pool, listener, sender)
                : new DirectedPresences(
                        settings,
                        loop,
                        pool,
                        listener,
                        sender,
                        new KnownResources(
                                settings.dataDir().resolve(settings.name() + ".resources"), settings.target(), loop));
    }

    /** Stanzas flow: whoever is there must be learnt anew, for no server tells unasked. */
    void streamReady();

    /** No stanza flows any more. */
    void streamDown();

    /** The proxy is stopping: the target hears that it is unavailable. */
    void stop();

    /** A presence of the account or of one of its sessions. */
    void receive(TargetPresence presence);

    /** More is known of those who are there: whoever waited for that looks again. */
    void wakeWaiting();

    /**
     * A request came back from the resource as from a server that does not find it, though it is in the pool: whether it is
     * there is found out, if that is possible.
     */
    void suspect(PooledResource resource);

    /** What the target said may have gone past this process: whoever is there is asked to say so again. */
    void presencesMissed();

    /** Why nobody of the target is known to be there, and what an operator can do, in words. */
    String whyNobody();
}
