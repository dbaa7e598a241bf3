package org.clientproxy.proxy.pending;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourceHealth;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RetrySet;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.proxy.stats.AttemptCounters;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request's attempt has ended, and what is done then: answer, attempt again, or nothing. The whole table of
 * failover stands here ({@code docs/protocol.md}). Whoever gets null instead of an ending leaves the request waiting. Used on
 * the loop only.
 */
public final class Decisions implements Adjustable {
    /** How long a bounced request waits for the presence that says whether its resource has left (200 ms). */
    private static final long BOUNCE_WAIT_NANOS = Duration.ofMillis(200).toNanos();

    /** A {@code service-unavailable} within this time of sending comes from a server that did not find the session. */
    private static final long UNDELIVERED_NANOS = Duration.ofSeconds(2).toNanos();

    private final StreamLoop loop;
    private final Attempts attempts;
    private final Graces graces;
    private final AttemptTimeouts timeouts;
    private final WaitingRules waiting;
    private final AttemptCounters counters;
    private RetrySet retrySet;
    private List<Condition> retryOn;
    private ResourceHealth health = ResourceHealth.IGNORED;

    Decisions(
            StreamLoop loop,
            Attempts attempts,
            Graces graces,
            AttemptTimeouts timeouts,
            WaitingRules waiting,
            AttemptCounters counters,
            ProxySettings settings) {
        this.waiting = waiting;
        this.loop = loop;
        this.attempts = attempts;
        this.graces = graces;
        this.timeouts = timeouts;
        this.counters = counters;
        this.retrySet = settings.retrySet();
        this.retryOn = settings.get(WorkerKeys.RETRY_ON);
    }

    @Override
    public void adjust(ProxySettings now) {
        attempts.adjust(now);
        waiting.adjust(now);
        graces.adjust(now.leaveGrace().toNanos());
        timeouts.adjust(now);
        retrySet = now.retrySet();
        retryOn = now.get(WorkerKeys.RETRY_ON);
    }

    /** Says who hears how resources do. To be called once, before the first request. */
    void tell(ResourceHealth hears) {
        health = hears;
    }

    /**
     * What a reply is to the request that it spells; it never throws. Null where the request came back and waits for the
     * presence that explains it, or did before this second reply, which is nobody's.
     *
     * <p>It was read whole; a result has at most one child, and an error has an {@code <error/>} (RFC 6120 §8.2.3, §8.3.1);
     * how old or odd that error is otherwise, is its sender's matter. The error is read here, and nowhere else on the way of a
     * stanza.
     *
     * @param key under which it came; null where it can only be that of the present attempt
     */
    public @Nullable Ending onReply(PendingRequest pending, @Nullable String key, Stanza reply) {
        boolean overtakes = key != null && pending.turnTo(key);
        Ending ending = onReply(pending, reply);
        if (overtakes && ending == Ending.REPLY) {
            counters.overtaken();
        }
        return ending;
    }

    private @Nullable Ending onReply(PendingRequest pending, Stanza reply) {
        if (pending.state() == RequestState.BOUNCED) {
            return null;
        }
        if (pending.state() != RequestState.SENT) {
            // It has its answer, and is open still because the way there failed.
            return Ending.REPLY;
        }
        StanzaError error = "result".equals(reply.type()) || reply.isTruncated() ? null : StanzaXml.errorOf(reply);
        Condition condition = error == null ? null : error.condition();
        if (pending.isReverse()) {
            // There is nobody else to be asked, so whatever it says is the answer.
            return replied(pending, reply, error);
        }
        health.replied(Objects.requireNonNull(pending.resource()), condition);
        boolean bounce = condition == Condition.SERVICE_UNAVAILABLE || condition == Condition.RECIPIENT_UNAVAILABLE;
        boolean refuses = condition != null && retryOn.contains(condition);
        if (bounce && pending.hasOthers()) {
            // Others have the request, so it does not wait until it is known what this one says.
            pending.busy();
            return refuses ? Ending.BUSY : Ending.RETURNED;
        }
        if (bounce) {
            long now = loop.nanoTime();
            boolean notFound = condition == Condition.SERVICE_UNAVAILABLE;
            pending.bounced(new Bounce(reply, notFound, notFound && pending.age(now) <= UNDELIVERED_NANOS, now));
            return isListed(pending) ? null : Ending.GONE;
        }
        if (refuses) {
            pending.refused();
            return Ending.BUSY;
        }
        return replied(pending, reply, error);
    }

    private static Ending replied(PendingRequest pending, Stanza reply, @Nullable StanzaError error) {
        pending.replied();
        boolean readable = "result".equals(reply.type()) ? reply.children() <= 1 : error != null;
        return readable && !reply.isTruncated() ? Ending.REPLY : Ending.BAD_REPLY;
    }

    /** What has ended at the time that was set for the request; null where it waits on, until {@link #nextLook}. */
    @Nullable
    Ending onDeadline(PendingRequest pending, long now) {
        PooledResource resource = pending.resource();
        if (pending.state() == RequestState.BOUNCED) {
            if (resource == null || !resource.isListed() || pending.isAtFormerSession()) {
                return Ending.GONE;
            }
            // Others came back from it before: it is being found out whether it is there.
            return resource.isSuspect() && pending.deadline - now > 0 ? null : Ending.BOUNCED;
        }
        blame(pending, now);
        if (pending.deadline - now <= 0) {
            return Ending.EXPIRED;
        }
        if (pending.state() == RequestState.WAITING) {
            return waiting.isOver(pending, now) && waiting.isKnown(pending) ? Ending.CONFIRMED : null;
        }
        // What follows was offered before, and the route did not take it. A resource that is not listed for another
        // reason than
        // that it left may be there, and what is pending at it keeps its deadline.
        if (resource != null && !resource.isListed() && pending.isGone()) {
            return Ending.GONE;
        }
        if (isReplaced(pending)) {
            return Ending.REPLACED;
        }
        return mayAskAnother(pending) ? Ending.SLOW : null;
    }

    /** When it is to be looked at a request that waits on, on the loop's clock. */
    long nextLook(PendingRequest pending, long now) {
        return switch (pending.state()) {
            case BOUNCED -> earlier(pending.deadline, now + BOUNCE_WAIT_NANOS);
            case WAITING ->
                waiting.isOver(pending, now) ? pending.deadline : earlier(pending.deadline, waiting.until(pending));
            default -> timeouts.nextLook(pending);
        };
    }

    /** When there has been time for the presence that explains why a request came back, on the loop's clock. */
    long explainedAt(PendingRequest pending, Bounce bounce) {
        return earlier(pending.deadline, bounce.at() + BOUNCE_WAIT_NANOS);
    }

    /** What has ended for a request at a resource, the grace of which is over; null where it waits on. */
    @Nullable
    Ending onGraceOver(PendingRequest pending, PooledResource resource) {
        if (pending.state() == RequestState.BOUNCED) {
            // It is explained by the time that it has for that.
            return null;
        }
        if (!resource.isListed()) {
            pending.gone();
            return Ending.GONE;
        }
        return pending.isAtFormerSession() ? Ending.REPLACED : null;
    }

    /** Whether a request that waits may be sent: what is over is not, and of what an earlier process left there may be no content. */
    boolean maySend(PendingRequest pending, long now) {
        return pending.deadline - now > 0;
    }

    /** Whether an ending that waited for its turn may happen still: the resource may have left again, or nobody else be there. */
    boolean holds(PendingRequest pending, Ending ending) {
        return ending != Ending.REPLACED || isReplaced(pending);
    }

    /** What is done with a request whose attempt has come to this end. */
    public Decision decide(PendingRequest pending, Ending ending) {
        if (pending.isAnswered()) {
            // The ending came late: whatever it says, there is nothing left to be done.
            return Decision.DROP;
        }
        return switch (ending) {
            case REPLY, FAILED -> Decision.PASS_ON;
            case BAD_REPLY -> error(pending, ProxyErrors.BAD_REPLY);
            case BOUNCED -> passBounce(pending);
            case GONE -> gone(pending);
            case BUSY -> busy(pending);
            case RETURNED -> mayMoveOn(pending) ? Decision.RETRY : Decision.WAIT;
            case SLOW -> mayAskAnother(pending) ? Decision.RETRY : Decision.WAIT;
            case REPLACED -> Decision.RETRY;
            case EXPIRED -> expired(pending);
            case STOPPED -> error(pending, ProxyErrors.STOPPING);
            case NOT_TAKEN_UP -> error(pending, ProxyErrors.NOT_TAKEN_UP);
            case CONFIRMED -> Decision.ATTEMPT;
        };
    }

    private Decision expired(PendingRequest pending) {
        if (pending.waits() && waiting.queue() && waiting.isKnown(pending)) {
            // It is known that it waited in vain.
            return error(pending, waiting.refusal(pending));
        }
        blame(pending, loop.nanoTime());
        return error(pending, pending.state() == RequestState.HELD ? ProxyErrors.NOT_DECIDED : ProxyErrors.TIMEOUT);
    }

    /** Says once of each open attempt that its resource has not replied in time, where that is so; it may not be to blame. */
    private void blame(PendingRequest pending, long now) {
        PooledResource resource = pending.resource();
        if (timeouts.isLateNow(pending, now) && resource != null) {
            timedOut(resource, pending.age(now), now);
        }
        for (OtherAttempt other : pending.others()) {
            if (timeouts.isLateNow(other, now)) {
                timedOut(other.resource(), now - other.sentAt(), now);
            }
        }
    }

    private void timedOut(PooledResource resource, long age, long now) {
        if (resource.isAnswerableFor(age, now)) {
            health.timedOut(resource);
        }
    }

    private Decision gone(PendingRequest pending) {
        Bounce bounce = pending.bounce();
        boolean harmless = pending.isGet()
                || switch (retrySet) {
                    case NEVER -> false;
                    case UNDELIVERED -> bounce != null && bounce.undelivered();
                    case ALWAYS -> true;
                };
        if (harmless && mayGoOn(pending)) {
            return Decision.RETRY;
        }
        return pending.hasOthers() ? Decision.WAIT : error(pending, ProxyErrors.RESOURCE_GONE);
    }

    /** The resource did not take the request. Where nobody else can, now or after a wait in the queue, that is its answer. */
    private Decision busy(PendingRequest pending) {
        if (mayMoveOn(pending)) {
            counters.refused();
            return Decision.RETRY;
        }
        return pending.hasOthers() ? Decision.WAIT : Decision.PASS_ON;
    }

    /** The resource is there, so the error is its own word. */
    private Decision passBounce(PendingRequest pending) {
        Bounce bounce = Objects.requireNonNull(pending.bounce());
        PooledResource resource = Objects.requireNonNull(pending.resource());
        PooledResource unexplained = bounce.notFound() ? resource : null;
        if (retryOn.contains(bounce.condition()) && mayMoveOn(pending)) {
            counters.refused();
            return new Decision(Decision.Kind.RETRY, null, unexplained);
        }
        return new Decision(Decision.Kind.ANSWER, bounce.error(), unexplained);
    }

    private boolean mayMoveOn(PendingRequest pending) {
        return attempts.hasOther(pending)
                || !pending.hasOthers() && waiting.isWorthwhile(pending) && attempts.mayTryAgain(pending);
    }

    /**
     * Whether another resource may be asked beside those that are slow. A set may have been carried out, and that a resource is
     * slow proves nothing.
     */
    private boolean mayAskAnother(PendingRequest pending) {
        return pending.isOpen()
                && pending.state() == RequestState.SENT
                && pending.isLate()
                && (pending.isGet() || retrySet == RetrySet.ALWAYS)
                && attempts.hasOther(pending);
    }

    /** Whether the request may go out again though its present attempt is over. It waits for the pool only where nobody has it. */
    private boolean mayGoOn(PendingRequest pending) {
        return pending.hasOthers() ? attempts.hasOther(pending) : attempts.mayTryAgain(pending);
    }

    private static Decision error(PendingRequest pending, StanzaError error) {
        return Decision.answer(pending.request().error(error));
    }

    /**
     * Whether another session has taken the place of the one that was asked, the grace of that is over, and somebody may be
     * asked again. A set may have been carried out, and the session may be the same one after all.
     */
    private boolean isReplaced(PendingRequest pending) {
        PooledResource resource = pending.resource();
        return pending.isGet()
                && pending.state() != RequestState.BOUNCED
                && resource != null
                && resource.isListed()
                && pending.isAtFormerSession()
                && !graces.isRunning(resource)
                && (pending.hasOthers() ? attempts.hasOther(pending) : attempts.mayStartAgain(pending));
    }

    private static boolean isListed(PendingRequest pending) {
        PooledResource resource = pending.resource();
        return resource != null && resource.isListed();
    }

    static long earlier(long a, long b) {
        return a - b <= 0 ? a : b;
    }
}
