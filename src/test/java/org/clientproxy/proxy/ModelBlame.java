package org.clientproxy.proxy;

import org.jspecify.annotations.Nullable;

/** Which resources are to be blamed for being late, and which the proxy blames, for the reference model. */
final class ModelBlame {
    private final ModelOpen open;
    private final ModelPool pool;
    private @Nullable String wrong;

    ModelBlame(ModelOpen open, ModelPool pool) {
        this.open = open;
        this.pool = pool;
    }

    /** The proxy says that the resource has not replied in time. */
    void blamed(String resource) {
        ModelAttempt found = null;
        boolean known = pool.contains(resource);
        for (ModelRequest request : open.all()) {
            for (ModelAttempt attempt : request.attempts()) {
                boolean late =
                        open.isPast(open.attemptTimeout > 0 ? attempt.sentAt + open.attemptTimeout : request.deadline);
                boolean may = late
                        && !attempt.blamed
                        && attempt.at.equals(resource)
                        && (attempt != request.now || request.bounce == null && request.must == null)
                        && (!known || pool.ejections().isAnswerable(resource, attempt.sentAt));
                if (may && (found == null || attempt.sentAt < found.sentAt)) {
                    found = attempt;
                }
            }
        }
        if (found == null) {
            wrong = resource + " is blamed for nothing: " + open.all() + " in " + pool;
        } else {
            found.blamed = true;
            pool.ejections().timedOut(resource);
        }
    }

    /** Says which resource was blamed for nothing; null: none was. */
    @Nullable
    String wrong() {
        return wrong;
    }

    /** Whether the resource is not blamed, though its time is over by more than this. */
    boolean isUnjustlySpared(ModelRequest request, ModelAttempt attempt, long more) {
        // One that was set aside is looked at when it is the present one again.
        long late = Math.max(attempt.sentAt + open.attemptTimeout, attempt.presentSince);
        long end = open.attemptTimeout > 0 ? late + more : request.deadline;
        return !attempt.blamed
                && (attempt != request.now || request.bounce == null && request.must == null)
                && end <= open.now()
                && (!pool.contains(attempt.at) || pool.ejections().isAnswerable(attempt.at, attempt.sentAt))
                && !takesBlameOf(attempt)
                && pool.contains(attempt.at);
    }

    /** It may be this one that its resource was blamed for, and not the one that it was taken to be. */
    private boolean takesBlameOf(ModelAttempt attempt) {
        for (ModelRequest other : open.all()) {
            for (ModelAttempt each : other.attempts()) {
                if (each.blamed && each.at.equals(attempt.at)) {
                    each.blamed = false;
                    attempt.blamed = true;
                    return true;
                }
            }
        }
        return false;
    }
}
