package org.clientproxy.proxy;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.clientproxy.proxy.answer.LocalAnswers;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pool.PoolListener;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.presence.RelayedLeaves;
import org.clientproxy.proxy.presence.RelayedPresence;
import org.clientproxy.proxy.presence.ServicePresence;
import org.clientproxy.proxy.presence.ShownPresence;
import org.clientproxy.proxy.routes.AccessRules;
import org.clientproxy.proxy.routes.Drain;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.PresenceCounters;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/** The parts of one proxy that its presence among users stands on, as far as {@code proxy.presence} wants them. */
final class PresenceParts {
    /** How long a stop waits for the disk, in seconds. */
    private static final long CLOSE_SECONDS = 5;

    /** Null: no presence is passed on. */
    final @Nullable RelayedPresence relay;

    /** Null: users do not see whether the service is there. */
    final @Nullable ServicePresence service;

    private final @Nullable ExecutorService writer;

    PresenceParts(
            ProxySettings settings,
            ComponentStream stream,
            ResourcePool pool,
            PendingRequests pendingRequests,
            AccessRules access,
            LocalAnswers answers,
            PresenceCounters counters,
            InstantSource clock,
            List<Adjustable> adjustables) {
        this.relay = settings.uses(PresenceUse.RELAY) ? new RelayedPresence(settings, stream, counters) : null;
        if (relay != null) {
            adjustables.add(relay);
        }
        if (!settings.uses(PresenceUse.SERVICE)) {
            this.service = null;
            this.writer = null;
            return;
        }
        this.writer = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, settings.name() + "-subscribers");
            thread.setDaemon(true);
            return thread;
        });
        this.service = ServicePresence.open(
                settings,
                stream,
                access::allows,
                () -> current(pool, pendingRequests, answers),
                clock,
                counters,
                writer);
        adjustables.add(service);
    }

    private static @Nullable ShownPresence current(
            ResourcePool pool, PendingRequests pendingRequests, LocalAnswers answers) {
        if (!pool.isConfirmed()) {
            return null;
        }
        return pendingRequests.isPaused()
                ? ShownPresence.UNAVAILABLE
                : ShownPresence.of(pool.choosable(), answers.caps());
    }

    /** As an operator sees it; null: it is off. */
    ProxyStatus.@Nullable Presence status() {
        if (service == null && relay == null) {
            return null;
        }
        ShownPresence shown = service == null ? null : service.told();
        return new ProxyStatus.Presence(
                shown == null ? null : shown.word(),
                service == null ? 0 : service.size(),
                relay == null ? 0 : relay.size());
    }

    /** Whoever hears of the pool: this one, and those whose presence is passed on. */
    PoolListener hearing(PoolListener first, ResourcePool pool, StreamLoop loop) {
        return relay == null ? first : new RelayedLeaves(first, relay, pool, loop);
    }

    void join(ComponentStream stream, Drain drain) {
        if (relay != null) {
            stream.addStreamListener(relay);
            drain.tell(relay);
        }
        if (service != null) {
            stream.addStreamListener(service);
            drain.tell(service);
        }
    }

    /** Waits until the disk has what is to be kept. Not on the loop. */
    void close() {
        if (writer != null) {
            writer.shutdown();
            try {
                writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
