package org.clientproxy.proxy;

import org.clientproxy.proxy.ModelRequest.Must;
import org.clientproxy.proxy.settings.WorkerKeys;

/** How a request leaves an attempt, and what is remembered of that, for the reference model. */
final class ModelMoves {
    private final ModelOpen open;
    private final ModelFate fate;
    private final ModelClosedKeys closed;

    ModelMoves(ModelOpen open, ModelFate fate, ModelClosedKeys closed) {
        this.open = open;
        this.fate = fate;
        this.closed = closed;
    }

    /** Its present attempt is over; whether a late reply may still come is remembered. */
    void leaves(ModelRequest request, boolean again) {
        if (request.now != null && !isReplied(request)) {
            closed.add(request.now.key(), open.now());
        }
        if (again) {
            request.endsNow();
            request.bounce = null;
            request.must = null;
        } else {
            request.others.forEach(each -> closed.add(each.key(), open.now()));
        }
    }

    /** It waits for the pool, or for room, which nobody sees. */
    void waits(ModelRequest request) {
        leaves(request, true);
        if (request.waitsSince == 0) {
            request.waitsSince = open.now();
            // Who is about to be looked at waits as well, and who ceased to lately may have waited still.
            long others = open.all().stream()
                    .filter(other -> other != request
                            && (open.isWaiting(other) || other.must == Must.ATTEMPT || fate.mayHaveLeft(other)))
                    .count();
            long before = open.leftQueueIn(ModelRules.NOTICED);
            request.mayHaveFoundFull = others + before >= open.settings.get(WorkerKeys.MAX_QUEUED);
        }
    }

    /** It waits for what somebody announces where it did not: from now on, or from when its time in the queue was over. */
    void learns(ModelRequest request) {
        if (request.learnsUntil == 0) {
            long confirm = open.settings.confirmTimeout().toNanos();
            long queued = request.waitsSince + open.queueTimeout;
            boolean lately =
                    open.queueTimeout > 0 && request.waitsSince != 0 && open.now() - queued <= ModelRules.NOTICED;
            request.learnsUntil = open.now() + confirm;
            request.learnsAtLeastUntil = lately ? Math.min(queued, open.now()) + confirm : request.learnsUntil;
        }
    }

    /** The present attempt is over at this time, and the last of the others takes its place. */
    void fallBack(ModelRequest request, long at) {
        if (!isReplied(request)) {
            closed.add(request.now.key(), at);
        }
        request.endsNow();
        request.must = null;
        request.reply = null;
        request.turnTo(request.others.get(request.others.size() - 1));
        request.now.presentSince = open.now();
        if (open.isPast(request.now.graceEnd)) {
            // A session that has taken its place gets it from then on, for nobody else has it.
            request.now.graceEnd = request.isGet() && fate.isBack(request) ? at : 0;
        }
        looks(request, open.now());
    }

    /** One of the others is over, for its resource has left. */
    void drop(ModelRequest request, ModelAttempt other) {
        request.others.remove(other);
        request.ended.add(other.at);
        closed.add(other.key(), other.graceEnd);
        // Where its last session was replaced meanwhile, nobody has it any more.
        if (request.isGet() && request.others.isEmpty() && fate.isBack(request) && request.now.graceEnd == 0) {
            request.now.graceEnd = other.graceEnd;
        }
    }

    /** It has its present attempt from now on, and is looked at when that is late, or late again. */
    void looks(ModelRequest request, long now) {
        request.askableSince = 0;
        request.lookBy = Math.max(request.now.sentAt, now) + open.attemptTimeout + ReferenceModel.TOLERANCE;
    }

    /** Whether a reply under this key could be mistaken: 1 yes, -1 no, 0 both are right. */
    int taken(String key) {
        boolean taken = open.all().stream()
                .anyMatch(request -> request.attempts().stream().anyMatch(each -> key.equals(each.key())));
        // A refusal may have moved its request on already, which nobody sees, and then its key is free again.
        boolean refused = open.all().stream()
                .anyMatch(request -> request.must == Must.BUSY && request.now != null && key.equals(request.now.key()));
        if (refused) {
            return 0;
        }
        long more = open.all().stream()
                .mapToLong(request -> (fate.mayHaveLeft(request) ? 1 : 0)
                        + request.others.stream().filter(fate::isDropped).count())
                .sum();
        return taken ? 1 : closed.taken(key, more);
    }

    private static boolean isReplied(ModelRequest request) {
        return request.bounce != null
                || request.must == Must.REPLY
                || request.must == Must.BUSY
                || request.errors.contains("bad-reply");
    }
}
