package org.clientproxy.proxy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.jspecify.annotations.Nullable;

/** Who is ejected, as it is specified, for the reference model. */
final class ModelEjections {
    private static final long LONGEST = Duration.ofMinutes(10).toNanos();
    private static final long PING_LIMIT = Duration.ofSeconds(10).toNanos();

    private static final class Health {
        private int timeouts;
        private long answerableSince;
        private long time;
        private long outAt;
        private long dueAt;
        private long wasOut;
        private long backAt;
        private long silentAt;

        @Nullable
        private String ping;
    }

    private final Map<String, Health> all = new HashMap<>();
    // The longest first.
    private final List<String> out = new ArrayList<>();
    private final ModelPool pool;
    private final LongSupplier clock;
    private final ProxySettings settings;
    private final long first;
    private boolean ready;
    private long readyAt;

    ModelEjections(ModelPool pool, LongSupplier clock, ProxySettings settings) {
        this.pool = pool;
        this.clock = clock;
        this.settings = settings;
        this.first = settings.get(WorkerKeys.EJECT_TIME).toNanos();
    }

    boolean isOut(String resource) {
        return out.contains(resource);
    }

    void up() {
        ready = true;
        readyAt = now();
    }

    void down() {
        tick();
        ready = false;
        all.values().forEach(health -> health.ping = null);
    }

    /** @param anew whether it was not there, or not seen since the stream broke */
    void came(String resource, boolean anew) {
        Health health = all.computeIfAbsent(resource, each -> new Health());
        if (anew) {
            health.answerableSince = now();
            health.timeouts = 0;
        }
    }

    void left(String resource) {
        all.remove(resource);
        out.remove(resource);
    }

    /** Whether it can be blamed for what was sent to it then and not answered. */
    boolean isAnswerable(String resource, long sentAt) {
        Health health = all.get(resource);
        return health != null && sentAt >= health.answerableSince;
    }

    void timedOut(String resource) {
        failed(resource);
    }

    void replied(String resource, ModelReply kind) {
        if (kind.isOneOf(settings.get(WorkerKeys.EJECT_ON))) {
            failed(resource);
        } else if (!kind.isBounce() && all.containsKey(resource)) {
            all.get(resource).timeouts = 0;
        }
    }

    private void failed(String resource) {
        int after = settings.get(WorkerKeys.EJECT_AFTER);
        Health health = all.get(resource);
        if (after == 0 || health == null) {
            return;
        }
        health.timeouts++;
        List<String> choosable = pool.choosable();
        if (health.timeouts >= after && choosable.contains(resource) && held() + 1 <= choosable.size() - 1) {
            boolean healthy = health.wasOut == 0 || now() - health.backAt >= health.wasOut;
            health.time = healthy ? first : longer(health);
            health.outAt = now();
            health.dueAt = now() + health.time;
            out.add(resource);
            // The same as where it is retired.
            pool.lookAgain();
        }
    }

    private long longer(Health health) {
        return Math.min(2 * health.time, Math.max(first, LONGEST));
    }

    /** Where too many are out, the longest out returns early. */
    void keepHalf() {
        while (!pool.isGathering() && held() > pool.choosable().size()) {
            comesBack(out.stream().filter(pool::isServing).findFirst().orElseThrow(), false);
        }
    }

    private long held() {
        return out.stream().filter(pool::isServing).count();
    }

    private void comesBack(String resource, boolean suspect) {
        Health health = Objects.requireNonNull(all.get(resource));
        out.remove(resource);
        health.wasOut = now() - health.outAt;
        health.backAt = now();
        health.answerableSince = now();
        health.timeouts = 0;
        health.ping = null;
        if (suspect) {
            pool.suspect(resource);
        }
        pool.lookAgain();
    }

    /** An operator wants it in the choice. */
    void restored(String resource) {
        Health health = Objects.requireNonNull(all.get(resource));
        health.timeouts = 0;
        health.wasOut = 0;
        if (out.remove(resource)) {
            health.answerableSince = now();
            health.ping = null;
        }
    }

    /** A ping goes to it; null where it may. */
    @Nullable
    String pinged(String resource, String id) {
        tick();
        Health health = all.get(resource);
        if (!ready || !isOut(resource) || health == null || health.ping != null || now() < health.dueAt) {
            return "a ping that is not due to " + resource;
        }
        health.ping = id;
        health.silentAt = now() + PING_LIMIT;
        return null;
    }

    void answered(String resource, String id, ModelReply kind) {
        tick();
        Health health = all.get(resource);
        if (health != null && isOut(resource) && id.equals(health.ping)) {
            comesBack(resource, kind.isBounce());
        }
    }

    /** What is still owed when a step is over; null: nothing. */
    @Nullable
    String owes() {
        tick();
        for (String resource : out) {
            Health health = Objects.requireNonNull(all.get(resource));
            if (ready && health.ping == null && Math.max(readyAt, health.dueAt) + ReferenceModel.TOLERANCE <= now()) {
                return "no ping to " + resource;
            }
        }
        return out.size() > all.size() / 2
                        && !pool.isGathering()
                        && pool.choosable().isEmpty()
                        && held() > 0
                ? "everybody is out"
                : null;
    }

    /** Whose ping was not answered is out for longer. */
    private void tick() {
        for (String resource : out) {
            Health health = Objects.requireNonNull(all.get(resource));
            if (health.ping != null && health.silentAt <= now()) {
                health.ping = null;
                health.time = longer(health);
                health.dueAt = health.silentAt + health.time;
            }
        }
    }

    private long now() {
        return clock.getAsLong();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("out=").append(out);
        all.forEach((name, health) -> text.append(' ').append(name).append(':').append(health.timeouts));
        return text.toString();
    }
}
