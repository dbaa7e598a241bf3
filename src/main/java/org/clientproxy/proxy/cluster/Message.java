package org.clientproxy.proxy.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What nodes say to each other. Each message names the view in which it is meant. */
sealed interface Message {
    View.Id view();

    /**
     * What a member knows when a view comes, and what it is in it: the part of the agreement on the view that is its own.
     *
     * @param life what it is in this view
     * @param fresh whether this life has had no part in anything yet, so that it has nothing that could be out of date
     * @param acted the last view in which the process acted
     * @param joined the views with a majority to which the process has given its word since, in order
     * @param asks whether it lacks the word of whoever gets this
     */
    record Word(
            View.Id view,
            Life life,
            boolean fresh,
            @Nullable View acted,
            List<View> joined,
            Standing standing,
            boolean asks)
            implements Message {}

    /**
     * What a node is to the others, whatever the view.
     *
     * @param mayStream whether it is no witness
     * @param hasStream whether the right to the stream is its own
     * @param unprotected how many of those that it owns have no acknowledged copy
     */
    record Standing(boolean mayStream, boolean hasStream, boolean leaving, int owned, int unprotected) {
        /** Whether it owns nothing, and has handed over nothing that is not known to have come. */
        boolean isIdle() {
            return owned == 0 && unprotected == 0;
        }
    }

    /** The standing of a member has changed, or is told again. */
    record State(View.Id view, Standing standing) implements Message {}

    /** Commands of an owner, the whole of a turn for this one backup. */
    record Batch(View.Id view, Life from, Life to, long sequence, List<Command> commands) implements Message {}

    /** The results of batches. */
    record Answers(View.Id view, Life from, Life to, List<Sessions.Results> results) implements Message {}

    /**
     * May I open my stream?
     *
     * @param alone whether nobody else may have one then
     */
    record Ask(View.Id view, long number, boolean alone) implements Message {}

    /** You may. */
    record Grant(View.Id view, long number) implements Message {}
}
