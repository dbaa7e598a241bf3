package org.clientproxy.proxy.pool;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * The resources that are gone though no server says so, found by this: they do not answer a probe. For a server that lets us see
 * who is there does not report the end of a session that has sent its presence to us alone. Used on the loop only.
 */
final class SilentResources {
    /** How often one resource may come under suspicion: its own answers may be the errors that look like a server's. */
    private static final Duration PAUSE = Duration.ofMinutes(10);

    /** One probe in this time serves all that come under suspicion in it. */
    private static final Duration BETWEEN_PROBES = Duration.ofSeconds(1);

    private final StreamLoop loop;
    private final ResourcePool pool;
    private Duration timeout;
    private final Runnable probe;
    private final Consumer<List<PooledResource>> gone;
    private final Set<StreamLoop.Timeout> timers = new HashSet<>();
    private long probedAt;
    private boolean probing;
    private boolean sweeping;
    private long sweptAt;

    /**
     * @param timeout how long a resource has to answer
     * @param probe sends a probe
     * @param gone takes those that have not answered
     */
    SilentResources(
            StreamLoop loop, ResourcePool pool, Duration timeout, Runnable probe, Consumer<List<PooledResource>> gone) {
        this.loop = loop;
        this.pool = pool;
        this.timeout = timeout;
        this.probe = probe;
        this.gone = gone;
        this.probedAt = loop.nanoTime() - BETWEEN_PROBES.toNanos();
    }

    /** From now on a resource has so long to answer. */
    void adjust(Duration nextTimeout) {
        timeout = nextTimeout;
    }

    /** A request came back from the resource as from a server that does not find it, and no presence explains that. */
    void suspect(PooledResource resource) {
        long now = loop.nanoTime();
        if (!resource.isListed() || !resource.isConfirmed() || !resource.suspected(now, PAUSE.toNanos())) {
            return;
        }
        pool.suspect(resource);
        long wait = Math.max(0, probedAt + BETWEEN_PROBES.toNanos() - now);
        if (wait == 0) {
            probe();
        } else if (!probing) {
            probing = true;
            schedule(this::probe, wait);
        }
        schedule(() -> judge(resource, now), wait + timeout.toNanos());
    }

    /** A probe has been sent that every resource is to answer. */
    void sweep() {
        if (!sweeping) {
            sweeping = true;
            sweptAt = loop.nanoTime();
            schedule(this::endSweep, timeout.toNanos());
        }
    }

    /** Whether somebody has not answered yet whom a probe was sent for to learn that. */
    boolean isAwaited() {
        return sweeping && !silent().isEmpty();
    }

    /** Nobody is asked any more: the stream is down, or the subscription has ended. */
    void clear() {
        timers.forEach(StreamLoop.Timeout::cancel);
        timers.clear();
        probing = false;
        sweeping = false;
    }

    private void probe() {
        probing = false;
        probedAt = loop.nanoTime();
        probe.run();
    }

    /** Any available presence, and its leaving, has freed it from the suspicion that began then. */
    private void judge(PooledResource resource, long since) {
        if (resource.isSuspectSince(since)) {
            gone.accept(List.of(resource));
        }
    }

    private void endSweep() {
        List<PooledResource> silent = silent();
        sweeping = false;
        if (!silent.isEmpty()) {
            gone.accept(silent);
        }
    }

    private List<PooledResource> silent() {
        return pool.all().stream()
                .filter(resource -> resource.isConfirmed() && !resource.isSeenSince(sweptAt))
                .toList();
    }

    private void schedule(Runnable task, long nanos) {
        StreamLoop.@Nullable Timeout[] own = new StreamLoop.Timeout[1];
        StreamLoop.Timeout timer = loop.schedule(
                () -> {
                    timers.remove(own[0]);
                    task.run();
                },
                nanos);
        own[0] = timer;
        timers.add(timer);
    }
}
