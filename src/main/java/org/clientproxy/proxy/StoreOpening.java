package org.clientproxy.proxy;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.clientproxy.proxy.journal.JournalStore;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pending.RestoreLimits;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a proxy begins with its store: opens the kind that is configured, and takes in what an earlier process left there. */
final class StoreOpening {
    private static final Logger LOG = LoggerFactory.getLogger(StoreOpening.class);

    private final ProxySettings settings;
    private final InstantSource clock;

    StoreOpening(ProxySettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Opens the store, which locks its directory until it is closed. */
    PendingStore open(StreamLoop loop) {
        Path directory = settings.dataDir().resolve(settings.name() + ".pending");
        if (settings.pending() == PendingKind.FILE) {
            return JournalStore.open(directory, loop, clock, JournalStore.SEGMENT_OCTETS);
        }
        if (JournalStore.isUsed(directory)) {
            LOG.warn(
                    "requests of an earlier run are in {} and get no answer with proxy.pending=memory; start once with"
                            + " proxy.pending=file, or remove the directory",
                    directory);
        }
        return PendingStore.MEMORY;
    }

    /** Takes in the requests that an earlier process left without an answer. */
    void restore(PendingStore store, PendingRequests pendingRequests, StreamLoop loop) {
        RestoreLimits limits = new RestoreLimits(settings, clock);
        List<RestoredRequest> left = store.load(limits);
        if (left.isEmpty() && store.leftOver() == 0) {
            return;
        }
        LOG.info(
                "{} requests of an earlier run are pending still; {} have expired, and for {} there is no room"
                        + " (proxy.max-pending, proxy.max-pending-size): their requesters are told as soon as the server is"
                        + " reached",
                left.size(),
                limits.expired(),
                limits.tooMany());
        loop.execute(() -> pendingRequests.restore(
                left, limits.closedKeys(), clock, settings.replyTimeout().toNanos()));
    }
}
