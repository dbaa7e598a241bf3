package org.clientproxy.proxy;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.apache.camel.spi.Registry;
import org.clientproxy.proxy.journal.JournalStore;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pending.RestoreLimits;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a proxy begins with its store: opens the kind that is configured, and takes in what an earlier process left there. */
final class StoreOpening {
    private static final Logger LOG = LoggerFactory.getLogger(StoreOpening.class);

    private final Registry registry;
    private final ProxySettings settings;
    private final InstantSource clock;

    StoreOpening(Registry registry, ProxySettings settings, InstantSource clock) {
        this.registry = registry;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Opens the store: somebody else's, where there is one in the registry, else the one that is configured, which locks its
     * directory until it is closed.
     */
    PendingStore open(ComponentStream stream) {
        StreamLoop loop = stream.loop();
        PendingStore.Opening own =
                registry.lookupByNameAndType(settings.name() + "-pending-store", PendingStore.Opening.class);
        if (own != null) {
            LOG.info("the bean {}-pending-store keeps pending requests, whatever proxy.pending says", settings.name());
            return own.open(loop, clock);
        }
        if (settings.pending() == PendingKind.CLUSTER) {
            return provided(stream);
        }
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

    private PendingStore provided(ComponentStream stream) {
        try {
            return ServiceLoader.load(PendingStore.Provider.class, StoreOpening.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(provider -> provider.kind() == settings.pending())
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("proxy.pending=cluster has nobody who does it"))
                    .open(settings, stream, clock);
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new IllegalArgumentException(
                    "proxy.pending=cluster needs org.jgroups:jgroups on the class path, which is in lib of the distribution ("
                            + e + ")",
                    e);
        }
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
