package org.clientproxy.proxy;

import java.time.Duration;
import java.util.List;
import org.clientproxy.proxy.ModelRequest.Must;
import org.clientproxy.proxy.settings.RetrySet;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** The tables of what may become of a request, for the reference model: when, whereto, and with which answer. */
final class ModelRules {
    /** So late the model may notice that a request waits. */
    static final long NOTICED = Duration.ofMillis(135).toNanos();

    private final ModelOpen open;
    private final ModelPool pool;
    private final ModelFate fate;
    private final ModelChoices choices;

    ModelRules(ModelOpen open, ModelPool pool, ModelFate fate, ModelChoices choices) {
        this.open = open;
        this.pool = pool;
        this.fate = fate;
        this.choices = choices;
    }

    /** When something must become of it at the latest if nothing comes. */
    long due(ModelRequest request) {
        long due = request.deadline;
        // What is not known before its deadline makes nothing due any more.
        if (open.isWaiting(request) && !open.isPast(due) && choices.isKnown(request)) {
            long queued = open.queueTimeout > 0 ? request.waitsSince + open.queueTimeout : 0;
            due = ModelOpen.sooner(due, Math.max(queued, request.learnsUntil));
        }
        if (request.bounce != null) {
            boolean held = pool.isSuspect(request.at()) && !request.isFormerSession();
            long looked = Math.max(request.bounceLimit, request.bouncedAt + ReferenceModel.BOUNCE_WAIT);
            due = held ? due : ModelOpen.sooner(due, looked);
        }
        for (ModelAttempt other : request.others) {
            due = ModelOpen.sooner(due, pool.contains(other.at) ? 0 : other.graceEnd);
        }
        boolean grace = request.now != null && !(fate.isBack(request) && !choices.mayTryAgain(request));
        return ModelOpen.sooner(due, grace ? request.now.graceEnd : 0);
    }

    /** Whether it may be refused with this condition, for nobody can take it. */
    private boolean isRefused(ModelRequest request, String condition) {
        if (!choices.isKnown(request)) {
            return false;
        }
        if (condition.equals("too-many-queued")) {
            // Others of this very moment may wait already, and what is free is theirs.
            long mayWait = open.all().stream()
                    .filter(other -> other != request && (open.isWaiting(other) || mayAttempt(other)))
                    .count();
            return open.queueTimeout > 0
                    && request.waitsSince == 0
                    && mayWait >= open.settings.get(WorkerKeys.MAX_QUEUED);
        }
        // At its deadline it is too late, though there may be room in this very moment.
        if (!choices.isNobody(request) && !open.isPast(request.deadline)) {
            return false;
        }
        boolean learnt = !choices.isLearning(request)
                || request.learnsUntil != 0 && open.isPast(request.learnsAtLeastUntil - NOTICED);
        boolean waited = open.queueTimeout == 0 || open.hasWaited(request, NOTICED);
        if (choices.isLearning(request)
                && !request.tried.isEmpty()
                && request.waitsSince != 0
                && request.mayHaveFoundFull) {
            // As many as may waited when it was tried again, so it waited for this alone.
            long confirm = open.settings.confirmTimeout().toNanos();
            boolean alone = open.isPast(request.waitsSince + confirm - NOTICED);
            learnt |= alone;
            waited |= alone;
        }
        boolean over = learnt && waited || open.isPast(request.deadline);
        boolean between = pool.isSweptBehind()
                && List.of("all-busy", "no-capable-resource").contains(condition);
        return over && (between || condition.equals(refusal(request)));
    }

    /** With which condition it is refused where nobody can take it. */
    private String refusal(ModelRequest request) {
        if (!choices.suited(request).isEmpty()) {
            return "all-busy";
        }
        if (!request.tried.isEmpty()) {
            return "resource-gone";
        }
        return choices.unasked(request).isEmpty() ? "no-resource" : "no-capable-resource";
    }

    /** Whether it may go to a resource now, or go on waiting for one. */
    boolean mayAttempt(ModelRequest request) {
        return open.isWaiting(request)
                        && !open.isPast(request.deadline)
                        && !choices.of(request).isEmpty()
                || request.must == Must.ATTEMPT
                        && (!choices.isKnown(request)
                                || open.queueTimeout > 0
                                || mayLearn(request)
                                || !choices.of(request).isEmpty())
                || request.must == Must.BUSY
                        && open.isLeft(request)
                        && pool.isConfirmed()
                        && !choices.others(request, true).isEmpty()
                || (fate.isGone(request) || fate.isReplaced(request) || fate.maySlowlyBeReplaced(request))
                        && choices.mayTryAgain(request);
    }

    /** Whether it may wait for what somebody announces. */
    boolean mayLearn(ModelRequest request) {
        long until = request.learnsUntil;
        return choices.isLearning(request) && (until == 0 || !open.isPast(until + ReferenceModel.TOLERANCE));
    }

    /**
     * Whether another resource may be asked beside the one that is slow.
     *
     * @param hopeful whether those that may have left leave room; the request need not be late yet where it is false
     */
    boolean mayAskAnother(ModelRequest request, boolean hopeful) {
        return open.attemptTimeout > 0
                && request.now != null
                && request.must == null
                && request.bounce == null
                && (!hopeful || open.isPast(request.now.sentAt + open.attemptTimeout))
                && (request.isGet() || open.settings.retrySet() == RetrySet.ALWAYS)
                && open.isLeft(request)
                && pool.isConfirmed()
                && !choices.others(request, hopeful).isEmpty();
    }

    /** Whether this may be its answer. */
    boolean mayAnswer(ModelRequest request, Stanza sent) {
        if (request.must == Must.REPLY) {
            return isPassedOn(sent, request.reply);
        }
        String condition = ModelReply.application(sent);
        if (request.must == Must.ERROR) {
            return request.errors.contains(condition);
        }
        if (request.must == Must.BUSY) {
            boolean moves = open.isLeft(request)
                    && (pool.isConfirmed() && !choices.others(request, false).isEmpty()
                            || open.queueTimeout > 0
                                    && !choices.somebody(request).isEmpty());
            boolean passedOn = !moves && isPassedOn(sent, request.reply);
            return request.others.isEmpty() && (passedOn || isRefused(request, condition));
        }
        if (request.must == Must.ATTEMPT) {
            return isRefused(request, condition);
        }
        boolean waits = open.queueTimeout > 0 || request.learnsUntil != 0;
        if (open.isWaiting(request) && waits && choices.isKnown(request)) {
            // It may have been learnt in the very moment of the deadline.
            boolean late = open.isPast(request.deadline) && (choices.isLearning(request) || open.queueTimeout == 0);
            return isRefused(request, condition) || late && condition.equals("reply-timeout");
        }
        boolean expired = request.must == null && open.isPast(request.deadline);
        if (expired && condition.equals("reply-timeout")) {
            return true;
        }
        if (fate.isGone(request)) {
            // Somebody may have had room, or it was not known who is there, until this very moment.
            boolean nobody = open.queueTimeout == 0
                    && choices.isKnown(request)
                    && !choices.isLearning(request)
                    && choices.isNobody(request);
            boolean over = condition.equals("resource-gone") && (nobody || !choices.mayTryAgain(request));
            return fate.isAlone(request) && (over || isRefused(request, condition));
        }
        if ((fate.isReplaced(request) || fate.maySlowlyBeReplaced(request)) && choices.mayTryAgain(request)) {
            return fate.isAlone(request) && isRefused(request, condition);
        }
        boolean wasSuspect = request.now != null && pool.isSuspect(request.at());
        boolean waited = open.isPast(request.bouncedAt + ReferenceModel.BOUNCE_WAIT);
        boolean bounced = request.bounce != null && (expired || waited);
        boolean passedOn = bounced && isPassedOn(sent, request.bounce);
        if (passedOn && request.notFound && request.now != null) {
            pool.suspect(request.at());
        }
        return passedOn && (expired || !wasSuspect);
    }

    private static boolean isPassedOn(Stanza sent, @Nullable Stanza reply) {
        return reply != null && ModelWire.isReaddressed(sent, reply);
    }
}
