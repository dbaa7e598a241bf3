package org.clientproxy.proxy;

import java.util.List;
import org.clientproxy.proxy.ModelRequest.Must;
import org.jspecify.annotations.Nullable;

/** What must have become of each request when a step is over, for the reference model; some of it shows nowhere. */
final class ModelSettling {
    private final ModelOpen open;
    private final ModelPool pool;
    private final ModelFate fate;
    private final ModelChoices choices;
    private final ModelRules rules;
    private final ModelMoves moves;
    private final ModelBlame blame;
    private final ModelHints hints;

    ModelSettling(
            ModelOpen open,
            ModelPool pool,
            ModelFate fate,
            ModelChoices choices,
            ModelRules rules,
            ModelMoves moves,
            ModelBlame blame,
            ModelHints hints) {
        this.open = open;
        this.pool = pool;
        this.fate = fate;
        this.choices = choices;
        this.rules = rules;
        this.moves = moves;
        this.blame = blame;
        this.hints = hints;
    }

    /** Says what has not become of a request that had to; null: all has. */
    @Nullable
    String owes() {
        for (ModelRequest request : open.all()) {
            String owed = owes(request);
            if (owed != null) {
                return owed;
            }
        }
        return null;
    }

    private @Nullable String owes(ModelRequest request) {
        settleAttempts(request);
        String slow = open.attemptTimeout > 0 ? settleLate(request) : null;
        if (slow != null || request.must == Must.BUSY && isDone(request)) {
            return slow;
        }
        long due = rules.due(request);
        boolean overdue = due != 0 && due + ReferenceModel.TOLERANCE <= open.now();
        if (open.isWaiting(request) && overdue && request.learnsUntil == 0 && rules.mayLearn(request)) {
            moves.learns(request);
            return null;
        }
        boolean waits = open.isWaiting(request) && pool.isConfirmed() && !overdue;
        if (waits && !choices.of(request, false).isEmpty()) {
            return "waits though there is room: " + request + " in " + pool;
        }
        if (request.must == null && !overdue) {
            return null;
        }
        boolean none = choices.of(request, false).isEmpty();
        // What is tried again may have begun to wait before the pool was known, when as many may wait as do.
        boolean room = request.waitsSince != 0 || !request.tried.isEmpty() || !open.isQueueFull();
        boolean mayQueue = open.queueTimeout > 0 && !open.hasWaited(request, -ReferenceModel.TOLERANCE) && room;
        boolean mayWait = !pool.isConfirmed() || none && (!choices.isKnown(request) || mayQueue);
        boolean mayLearn = none && rules.mayLearn(request);
        // A doubt that ended in the moment of the grace may have let it wait for those who have yet to show up.
        boolean awaits = fate.isGone(request)
                && request.now != null
                && open.isHarmless(request)
                && open.isLeft(request)
                && !choices.isKnown(request)
                && !hints.isOpen(request.now.key(), request.stanza);
        if (!awaits && (!rules.mayAttempt(request) || !mayWait && !mayLearn)) {
            return "nothing came of " + request + " at " + open.now() + " in " + pool;
        }
        moves.waits(request);
        if (!awaits && !mayWait) {
            moves.learns(request);
        }
        return null;
    }

    /**
     * Something has changed in the middle of a step: a place was taken, or somebody is ejected. Whoever finds nobody then need not
     * be given what gets free later in the same moment.
     */
    void changed() {
        for (ModelRequest request : open.attemptTimeout > 0 ? open.all() : List.<ModelRequest>of()) {
            if (request.askableSince != 0 && !isAskable(request)) {
                request.askableSince = 0;
            }
        }
    }

    private boolean isAskable(ModelRequest request) {
        return open.isServedFirst() && rules.mayAskAnother(request, false);
    }

    /** What becomes of its open attempts when graces are over, and shows nowhere. */
    private void settleAttempts(ModelRequest request) {
        for (ModelAttempt other : List.copyOf(request.others)) {
            boolean inTurn = fate.mayBeOver(request, other) && !hints.isOpen(other.key(), request.stanza);
            if (isOver(other) && (fate.isDropped(other) || inTurn)) {
                moves.drop(request, other);
            }
        }
        if (request.now == null || request.must != null || request.bounce != null || !isOver(request.now)) {
            return;
        }
        if (!pool.contains(request.at()) && !request.others.isEmpty() && !mustMove(request)) {
            moves.fallBack(request, request.now.graceEnd);
        }
        // Who found no place when its grace was over is looked at again when it is late only, though one may be free
        // since.
        if (fate.isBack(request) && isOver(request.now) && !couldMove(request)) {
            request.now.graceEnd = 0;
        }
    }

    private boolean couldMove(ModelRequest request) {
        return choices.couldTryAgain(request) && (request.others.isEmpty() || open.isServedFirst());
    }

    private boolean mustMove(ModelRequest request) {
        return open.isHarmless(request)
                && pool.isConfirmed()
                && !choices.others(request, false).isEmpty()
                && open.isLeft(request)
                && open.isServedFirst();
    }

    private boolean isOver(ModelAttempt attempt) {
        return attempt.graceEnd != 0 && attempt.graceEnd + ReferenceModel.TOLERANCE <= open.now();
    }

    /** What is late: somebody else is asked, and whoever is late is blamed. */
    private @Nullable String settleLate(ModelRequest request) {
        for (ModelAttempt attempt : request.attempts()) {
            // Of one that was set aside it is noticed when the present one is looked at.
            long more = ReferenceModel.TOLERANCE + (attempt == request.now ? 0 : 3 * open.attemptTimeout);
            if (blame.isUnjustlySpared(request, attempt, more)) {
                return "not blamed: " + attempt + " of " + request + " at " + open.now() + " in " + pool;
            }
        }
        if (request.now == null || request.must != null || request.bounce != null) {
            return null;
        }
        if (fate.maySlowlyBeReplaced(request) && !hints.isOpen(request.now.key(), request.stanza)) {
            moves.waits(request);
            if (open.queueTimeout == 0 && choices.isKnown(request) && rules.mayLearn(request)) {
                moves.learns(request);
            }
            return null;
        }
        boolean askable = isAskable(request);
        request.askableSince = !askable ? 0 : request.askableSince == 0 ? open.now() : request.askableSince;
        if (request.lookBy > open.now()) {
            return null;
        }
        if (askable && request.askableSince <= request.lookBy - open.attemptTimeout) {
            return "nobody else was asked in time: " + request + " at " + open.now() + " in " + pool;
        }
        moves.looks(request, open.now());
        return null;
    }

    /** Whether that its resource cannot take it has ended without a word; where others have it, it waits for those. */
    private boolean isDone(ModelRequest request) {
        boolean mustMove = open.isLeft(request)
                && pool.isConfirmed()
                && !choices.others(request, false).isEmpty()
                && open.isServedFirst();
        if (mustMove) {
            return false;
        }
        if (!request.others.isEmpty()) {
            moves.fallBack(request, open.now());
            return true;
        }
        boolean waits = open.isLeft(request)
                && open.queueTimeout > 0
                && !choices.somebody(request).isEmpty();
        if (waits) {
            moves.waits(request);
        }
        return waits;
    }
}
