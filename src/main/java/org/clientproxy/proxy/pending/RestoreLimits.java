package org.clientproxy.proxy.pending;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.clientproxy.proxy.settings.ProxySettings;

/**
 * Decides which requests of an earlier process are pending again: those whose time is not over, as many as there is room
 * for, the latest first. Of the others the requesters are told. Used once, on the thread that starts the proxy.
 */
public final class RestoreLimits implements PendingStore.Restoring {
    private final ProxySettings settings;
    private final long nowMillis;
    private final List<String> closedKeys = new ArrayList<>();
    private long octets;
    private int taken;
    private int expired;
    private int tooMany;

    public RestoreLimits(ProxySettings settings, InstantSource clock) {
        this.settings = settings;
        this.nowMillis = clock.millis();
    }

    @Override
    public boolean takesUp(RestoredRequest stored) {
        if (!stored.request().toJid().sameDomain(settings.domain())) {
            throw new IllegalArgumentException("there are pending requests to "
                    + stored.request().to() + " in proxy.data-dir, and proxy.domain is " + settings.domain()
                    + "; start with that domain once more, or move " + settings.name()
                    + ".pending away from there: they get no answer then");
        }
        long restMillis = stored.deadlineMillis() - nowMillis;
        long cost = stored.heapOctets();
        if (restMillis > 0 && taken < settings.maxPending() && octets + cost <= settings.maxPendingSize()) {
            taken++;
            octets += cost;
            return true;
        }
        if (restMillis > 0) {
            tooMany++;
        } else {
            expired++;
        }
        // One more than are remembered, so that it is known that there were more.
        if (!stored.waiting()
                && restMillis > -settings.replyTimeout().toMillis()
                && closedKeys.size() <= settings.maxPending()) {
            closedKeys.add(stored.key());
            closedKeys.addAll(stored.others().keySet());
        }
        return false;
    }

    /** The keys under which a reply may still come to a request that is not taken up. */
    public List<String> closedKeys() {
        return closedKeys;
    }

    /** How many were not taken up because their time was over. */
    public int expired() {
        return expired;
    }

    /** How many were not taken up because there was no room for them. */
    public int tooMany() {
        return tooMany;
    }
}
