package org.clientproxy.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.jspecify.annotations.Nullable;

/** Who may get a request, for the reference model; which of them does is the proxy's to say. */
final class ModelChoices {
    private final ModelOpen open;
    private final ModelPool pool;
    private final ModelFate fate;
    private final ModelHints hints;

    ModelChoices(ModelOpen open, ModelPool pool, ModelFate fate, ModelHints hints) {
        this.open = open;
        this.pool = pool;
        this.fate = fate;
        this.hints = hints;
    }

    /** Those whom it suits and who have not had it, with room for it or without. */
    List<String> suited(ModelRequest request) {
        return able(unasked(request), request);
    }

    /** Those who have not had it, whatever they announce. */
    List<String> unasked(ModelRequest request) {
        List<String> there = pool.choosable();
        there.remove(request.requester.key());
        there.removeAll(request.tried);
        return there;
    }

    private List<String> able(List<String> there, ModelRequest request) {
        if (pool.features().isRequired()) {
            there.removeIf(each -> !pool.features().announces(each, request.feature));
        }
        return there;
    }

    /** Those of them that are asked first: who announces what it wants, and of those who is not avoided. */
    private List<String> preferred(List<String> choices, ModelRequest request) {
        return pool.preferred(wanted(choices, request));
    }

    /** Those of them who announce what it wants; all where nobody does. */
    private List<String> wanted(List<String> choices, ModelRequest request) {
        List<String> able = new ArrayList<>(choices);
        able.removeIf(each -> !pool.features().announces(each, request.feature));
        return able.isEmpty() ? choices : able;
    }

    /**
     * Among whom it is given to one, avoided or not.
     *
     * @param withRoom those who have room for it
     * @param all the same, whether they have or not
     * @param isRoomEverywhere whether nobody who can be chosen at all is full
     */
    record Among(List<String> withRoom, List<String> all, boolean isRoomEverywhere) {}

    /**
     * Among whom it is given to this one when it goes out.
     *
     * @param others whether only somebody may get it who has not had it
     * @param beside whether it stays where it is as well
     */
    Among among(ModelRequest request, String chosen, boolean others, boolean beside) {
        List<String> again = others ? somebody(request) : suitedAgain(request);
        List<String> withRoom = suited(request);
        withRoom.removeIf(each -> isFull(each, request, this::isOver));
        if (withRoom.isEmpty()) {
            withRoom = new ArrayList<>(again);
            withRoom.removeIf(each -> isFull(each, request, this::isOver));
        }
        List<String> all = request.tried.contains(chosen) ? again : suited(request);
        if (pool.features().announces(chosen, request.feature)) {
            all.removeIf(each -> !pool.features().announces(each, request.feature));
        }
        boolean isRoom =
                pool.choosable().stream().noneMatch(each -> isFull(each, beside ? null : request, this::isOver));
        return new Among(wanted(withRoom, request), all, isRoom);
    }

    /** Those whom it suits, with the sessions that have taken the places of those that ended with it. */
    private List<String> suitedAgain(ModelRequest request) {
        return able(again(request), request);
    }

    private List<String> again(ModelRequest request) {
        List<String> there = pool.choosable();
        there.remove(request.requester.key());
        there.removeAll(request.triedElsewhere());
        return there;
    }

    /** Whether somebody may announce what it must have, of whom that is not known yet. */
    boolean isLearning(ModelRequest request) {
        return pool.features().isRequired()
                && request.feature != null
                && (unasked(request).stream().anyMatch(pool.features()::isLearning) || isLearningInItsPlace(request));
    }

    /** The same of whoever has taken the place of a session that ended with it. */
    private boolean isLearningInItsPlace(ModelRequest request) {
        return again(request).stream().anyMatch(pool.features()::isLearning);
    }

    /** Whether it is known who is there of those that may have it: who has what it wants has the time to show up. */
    boolean isKnown(ModelRequest request) {
        boolean gathers = pool.features().isRequired() && request.feature != null && pool.isGathering();
        return pool.isKnown() && !gathers;
    }

    /** Whether it may go to this one now. */
    boolean allow(ModelRequest request, String resource, boolean others) {
        return (others ? others(request, this::isOver) : of(request, this::isOver)).contains(resource);
    }

    /** Whether nobody has room for it now. */
    boolean isNobody(ModelRequest request) {
        return of(request, this::isOver).isEmpty();
    }

    /** Whether this attempt is over. Where that shows nowhere, the proxy says so. */
    private boolean isOver(ModelRequest request, ModelAttempt attempt) {
        return mayBeOver(request, attempt) && !hints.isOpen(attempt.key(), request.stanza);
    }

    /**
     * Those that have not had it and may get it.
     *
     * @param hopeful whether those that may have left count as such
     */
    List<String> others(ModelRequest request, boolean hopeful) {
        return others(request, over(hopeful));
    }

    private List<String> others(ModelRequest request, BiPredicate<ModelRequest, ModelAttempt> over) {
        List<String> others = suited(request);
        others.removeIf(each -> isFull(each, request, over));
        if (others.isEmpty()) {
            others = somebody(request);
            others.removeIf(each -> isFull(each, request, over));
        }
        return preferred(others, request);
    }

    /** Those whom it suits and of whom none has had it: not they, nor a session that is there still or has it. */
    List<String> somebody(ModelRequest request) {
        List<String> there = pool.choosable();
        there.remove(request.requester.key());
        there.removeIf(each -> request.tried.contains(each) && !request.ended.contains(each));
        return able(there, request);
    }

    /** Those that it may go to: with room, or with room if others have left that may have. */
    List<String> of(ModelRequest request) {
        return of(request, true);
    }

    /** @param hopeful whether those that may have left count as such */
    List<String> of(ModelRequest request, boolean hopeful) {
        return of(request, over(hopeful));
    }

    private List<String> of(ModelRequest request, BiPredicate<ModelRequest, ModelAttempt> over) {
        List<String> choices = suited(request);
        choices.removeIf(each -> isFull(each, request, over));
        if (choices.isEmpty()) {
            // Of several sessions that have taken the places of those that ended with it, it may go to any.
            choices = suitedAgain(request);
            choices.removeIf(each -> isFull(each, request, over));
        }
        return preferred(choices, request);
    }

    private BiPredicate<ModelRequest, ModelAttempt> over(boolean hopeful) {
        return hopeful ? this::mayBeOver : (other, attempt) -> false;
    }

    /** Whether this attempt may be over already, which shows nowhere. */
    private boolean mayBeOver(ModelRequest request, ModelAttempt attempt) {
        return attempt == request.now ? fate.mayHaveLeft(request) : fate.mayBeOver(request, attempt);
    }

    /** Whether it may be tried again, or wait for that. */
    boolean mayTryAgain(ModelRequest request) {
        return tryAgain(request, over(true));
    }

    /** Whether it could when its grace was over: it may wait for somebody, or there was a place, and not only since. */
    boolean couldTryAgain(ModelRequest request) {
        boolean waits = fate.isAlone(request) && mayWait(request);
        return tryAgain(request, this::isOver) && (waits || open.isAsFullAs(request.now.graceEnd));
    }

    private boolean tryAgain(ModelRequest request, BiPredicate<ModelRequest, ModelAttempt> over) {
        boolean somebody = fate.isAlone(request)
                ? mayWait(request) || !of(request, over).isEmpty()
                : pool.isConfirmed() && !others(request, over).isEmpty();
        return open.isHarmless(request) && open.isLeft(request) && somebody;
    }

    private boolean mayWait(ModelRequest request) {
        return !isKnown(request) || pool.isKnownJustNow() || open.queueTimeout > 0 || isLearning(request);
    }

    /** Whether the resource has as many others as it may have at a time, but for attempts that are over. */
    private boolean isFull(String resource, @Nullable ModelRequest but, BiPredicate<ModelRequest, ModelAttempt> over) {
        int key = open.settings.get(WorkerKeys.MAX_PENDING_PER_RESOURCE);
        int wishes = pool.wishes(resource);
        int most = key == 0 || wishes == 0 ? key + wishes : Math.min(key, wishes);
        if (most == 0) {
            return false;
        }
        long load = 0;
        for (ModelRequest other : open.all()) {
            for (ModelAttempt attempt : other.attempts()) {
                boolean own = other == but && attempt == but.now;
                load += !own && attempt.at.equals(resource) && !over.test(other, attempt) ? 1 : 0;
            }
        }
        return load >= most;
    }
}
