package org.clientproxy.proxy;

import java.time.Duration;
import java.util.Collection;
import java.util.function.LongSupplier;

/** Who is asked whether he is there, for the reference model: one that is suspect, or all when the subscription is renewed. */
final class ModelSuspicions {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long PAUSE = Duration.ofMinutes(10).toNanos();

    private final LongSupplier clock;
    private final Runnable asks;
    private final long confirmTimeout;
    private long probed;
    private long probeDue;
    private long sweptAt;
    private long sweepDue;

    /**
     * @param confirmTimeout how long each has to answer
     * @param asks is run when they are asked whether they are there
     */
    ModelSuspicions(LongSupplier clock, long confirmTimeout, Runnable asks) {
        this.clock = clock;
        this.asks = asks;
        this.confirmTimeout = confirmTimeout;
        this.probed = clock.getAsLong() - SECOND;
    }

    /** A request came back from it, and nothing explains that; false where it is not suspected again so soon. */
    boolean suspect(ModelResource resource) {
        long now = now();
        if (resource.suspectedAt != 0 && now - resource.suspectedAt < PAUSE) {
            return false;
        }
        resource.suspect = true;
        resource.suspectedAt = now;
        noteProbe();
        if (probed + SECOND <= now) {
            probed = now;
            resource.judgedAt = now + confirmTimeout;
            asks.run();
        } else {
            probeDue = probed + SECOND;
            resource.judgedAt = probeDue + confirmTimeout;
        }
        return true;
    }

    /** All are asked. */
    void sweep() {
        if (sweepDue == 0) {
            sweptAt = now();
            sweepDue = sweptAt + confirmTimeout;
        }
    }

    /** Nobody is asked any more. */
    void clear(Collection<ModelResource> resources) {
        noteProbe();
        sweepDue = 0;
        probeDue = 0;
        resources.forEach(each -> {
            each.suspect = false;
            each.judgedAt = 0;
        });
    }

    private void noteProbe() {
        if (probeDue != 0 && probeDue <= now()) {
            probed = probeDue;
            probeDue = 0;
        }
    }

    /** The next moment at which somebody may leave for having said nothing; 0: none. */
    long nextDue(Collection<ModelResource> resources) {
        long next = sweepDue;
        for (ModelResource resource : resources) {
            next = ModelOpen.sooner(next, resource.suspect ? resource.judgedAt : 0);
        }
        return next;
    }

    /** Whether it leaves at this moment, for it was suspect and has said nothing. */
    boolean isJudged(ModelResource resource, long now) {
        return resource.suspect && resource.judgedAt == now;
    }

    /** Whether the time is over at this moment that all had; once. */
    boolean isSwept(long now) {
        boolean over = sweepDue == now;
        sweepDue = over ? 0 : sweepDue;
        return over;
    }

    /** Whether it has said nothing since all were asked. */
    boolean isSilent(ModelResource resource) {
        return resource.confirmed && resource.since < sweptAt;
    }

    private long now() {
        return clock.getAsLong();
    }

    @Override
    public String toString() {
        return "sweep=" + sweepDue;
    }
}
