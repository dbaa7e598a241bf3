package org.clientproxy.proxy;

import java.util.ArrayList;
import java.util.List;
import org.clientproxy.proxy.settings.WorkerKeys;

/** Who may get a request, for the reference model; which of them does is the proxy's to say. */
final class ModelChoices {
    private final ModelOpen open;
    private final ModelPool pool;
    private final ModelFate fate;

    ModelChoices(ModelOpen open, ModelPool pool, ModelFate fate) {
        this.open = open;
        this.pool = pool;
        this.fate = fate;
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
        List<String> able = new ArrayList<>(choices);
        able.removeIf(each -> !pool.features().announces(each, request.feature));
        return pool.preferred(able.isEmpty() ? choices : able);
    }

    /** Whether somebody may announce what it must have, of whom that is not known yet. */
    boolean isLearning(ModelRequest request) {
        return pool.features().isRequired()
                && request.feature != null
                && (unasked(request).stream().anyMatch(pool.features()::isLearning) || isLearningInItsPlace(request));
    }

    /** The same of whoever has taken the place of the session that had it last. */
    private boolean isLearningInItsPlace(ModelRequest request) {
        if (!request.isFormerSession()) {
            return false;
        }
        String last = request.tried.get(request.tried.size() - 1);
        return pool.choosable().contains(last) && pool.features().isLearning(last);
    }

    /** Whether it is known who is there of those that may have it: who has what it wants has the time to show up. */
    boolean isKnown(ModelRequest request) {
        boolean gathers = pool.features().isRequired() && request.feature != null && pool.isGathering();
        return pool.isKnown() && !gathers;
    }

    /** Whether it may go to this one. Others may have left, so that one of the first choice has room, and may not have. */
    boolean allow(ModelRequest request, String resource, boolean others) {
        return others
                ? others(request, true).contains(resource)
                        || others(request, false).contains(resource)
                : of(request, true).contains(resource) || of(request, false).contains(resource);
    }

    /**
     * Those that have not had it and may get it.
     *
     * @param hopeful whether those that may have left count as such
     */
    List<String> others(ModelRequest request, boolean hopeful) {
        List<String> others = suited(request);
        others.removeIf(each -> isFull(each, request, hopeful));
        return preferred(others, request);
    }

    /** Those that it may go to: with room, or with room if others have left that may have. */
    List<String> of(ModelRequest request) {
        return of(request, true);
    }

    /** @param hopeful whether those that may have left count as such */
    List<String> of(ModelRequest request, boolean hopeful) {
        List<String> others = others(request, hopeful);
        if (!others.isEmpty() || !request.isFormerSession()) {
            return others;
        }
        List<String> choices = pool.choosable();
        choices.remove(request.requester.key());
        choices.removeIf(each -> isFull(each, request, hopeful));
        String last = request.tried.get(request.tried.size() - 1);
        choices.removeIf(each -> !each.equals(last) && request.tried.contains(each));
        return preferred(able(choices, request), request);
    }

    /** Whether it may be tried again, or wait for that. */
    boolean mayTryAgain(ModelRequest request) {
        boolean somebody = fate.isAlone(request)
                ? !pool.isKnown()
                        || open.queueTimeout > 0
                        || isLearning(request)
                        || !of(request).isEmpty()
                : pool.isConfirmed() && !others(request, true).isEmpty();
        return open.isHarmless(request) && open.isLeft(request) && somebody;
    }

    /** Whether the resource has as many others as it may have at a time. */
    private boolean isFull(String resource, ModelRequest but, boolean hopeful) {
        int key = open.settings.get(WorkerKeys.MAX_PENDING_PER_RESOURCE);
        int wishes = pool.wishes(resource);
        int most = key == 0 || wishes == 0 ? key + wishes : Math.min(key, wishes);
        if (most == 0) {
            return false;
        }
        long load = 0;
        for (ModelRequest other : open.all()) {
            boolean left = hopeful && fate.mayHaveLeft(other);
            for (ModelAttempt attempt : other.attempts()) {
                boolean own = other == but && attempt == but.now;
                boolean over =
                        hopeful && (left && attempt == other.now || attempt != other.now && fate.isDropped(attempt));
                load += !own && !over && attempt.at.equals(resource) ? 1 : 0;
            }
        }
        return load >= most;
    }
}
