package org.clientproxy.proxy.stats;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts what became of the questions which features sessions have: on the loop, read by any thread. */
public final class FeatureCounters {
    /** What an answer was worth. */
    public enum Answer {
        /** The hash in the presence stands for it, so it counts for every session that says so. */
        VERIFIED,
        /** There is no hash that could be checked, so it counts for that session alone. */
        UNVERIFIED,
        /** The hash in the presence stands for something else, so it counts for that session alone. */
        DIFFERENT,
        /** Nothing in it counts. */
        WORTHLESS,
        /** It was an error, or none came in time. */
        FAILED
    }

    private final LoopCounter queries = new LoopCounter();
    private final Map<Answer, LoopCounter> answers = new EnumMap<>(Answer.class);

    FeatureCounters() {
        for (Answer answer : Answer.values()) {
            answers.put(answer, new LoopCounter());
        }
    }

    public void asked() {
        queries.increment();
    }

    public void answered(Answer answer) {
        count(answer).increment();
    }

    /** How many questions were asked. */
    public long queries() {
        return queries.get();
    }

    /** How many answers were worth this. */
    public long answers(Answer answer) {
        return count(answer).get();
    }

    private LoopCounter count(Answer answer) {
        return Objects.requireNonNull(answers.get(answer));
    }
}
