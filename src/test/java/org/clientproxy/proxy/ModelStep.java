package org.clientproxy.proxy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * One step of a random run. Its numbers mean something only in the state in which it is taken (the how-manieth of the
 * requests in flight, say), so a run from which steps are taken out is a run too.
 */
record ModelStep(Kind kind, int a, int b, int c, int d) {
    /** What can happen, and how often of all times. */
    enum Kind {
        REQUEST(225),
        REPLY(180),
        /** A session of the target asks a requester. */
        ASK(90),
        /** The requester answers. */
        ANSWER(80),
        FORGERY(60),
        PRESENCE(130),
        /** A session says what it can. */
        ANNOUNCE(60),
        TIME(120),
        BREAK(15),
        READY(30),
        NOISE(30),
        REFUSED(12),
        /** A bounce at a time that matters, and the leave that explains it. */
        BOUNCE(25),
        /** A requester writes to the proxy host. */
        MESSAGE(0, 120),
        /** A session of the target writes to somebody. */
        WRITE(0, 100),
        /** A server gives a message back, or somebody in its name. */
        RETURN(0, 50),
        /** A user sends presence to the proxy host. */
        USER(0, 90),
        /** A session of the target sends presence to a user. */
        SHOW(0, 60),
        /** An operator pauses or resumes the proxy, or retires or restores a resource. */
        OPERATE(20),
        DRAIN(1),
        STOP(2),
        /** The run is over: whatever is pending ends, and the stream too. */
        FINISH(0);

        private final int weight;
        private final int weightAmongTalk;

        Kind(int weight) {
            this(weight, weight);
        }

        Kind(int weight, int weightAmongTalk) {
            this.weight = weight;
            this.weightAmongTalk = weightAmongTalk;
        }

        private int weight(boolean talk) {
            return talk ? weightAmongTalk : weight;
        }
    }

    /** @param talk whether there are messages and presences of users among them */
    static List<ModelStep> run(Random random, boolean talk) {
        int all =
                Arrays.stream(Kind.values()).mapToInt(kind -> kind.weight(talk)).sum();
        List<ModelStep> steps = new ArrayList<>();
        steps.add(of(Kind.READY, random));
        int length = 5 + random.nextInt(90);
        while (steps.size() < length) {
            int at = random.nextInt(all);
            for (Kind kind : Kind.values()) {
                at -= kind.weight(talk);
                if (at < 0) {
                    steps.add(of(kind, random));
                    break;
                }
            }
        }
        steps.add(of(Kind.FINISH, random));
        return steps;
    }

    private static ModelStep of(Kind kind, Random random) {
        return new ModelStep(
                kind,
                random.nextInt(1 << 16),
                random.nextInt(1 << 16),
                random.nextInt(1 << 16),
                random.nextInt(1 << 16));
    }

    @Override
    public String toString() {
        return "(" + kind + " " + a + " " + b + " " + c + " " + d + ")";
    }
}
