package org.clientproxy.proxy.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One step of a random run. Its numbers mean something only in the state in which it is taken, so a run from which steps are taken
 * out is a run too.
 */
record SimStep(Kind kind, int a, int b) {
    /** What can happen, and how often: in a wild run, and in one where no more than one node fails at a time. */
    enum Kind {
        REQUEST(150, 140),
        RETRY(20, 30),
        REPLY(110, 110),
        NEWS(20, 20),
        FLUSH(100, 110),
        DELIVER(340, 310),
        TICK(100, 110),
        TIME(70, 70),
        /** Messages are lost, or doubled. */
        LOSE(8, 0),
        DOUBLE(15, 10),
        STREAM_ENDS(10, 10),
        VIEW(30, 60),
        /** Any node is killed, frozen, cut off, started, thawed, joined again, or leaves, whatever the state of the others. */
        KILL(6, 0),
        START(25, 0),
        FREEZE(8, 0),
        THAW(25, 0),
        CUT(6, 0),
        HEAL(18, 0),
        LEAVE(2, 0),
        /** One of these, but only when no request is without its copy. */
        FAULT(0, 40);

        private final int wild;
        private final int tame;

        Kind(int wild, int tame) {
            this.wild = wild;
            this.tame = tame;
        }
    }

    static List<SimStep> run(Random random, boolean wild, int length) {
        List<SimStep> steps = new ArrayList<>();
        int all = 0;
        for (Kind kind : Kind.values()) {
            all += wild ? kind.wild : kind.tame;
        }
        while (steps.size() < length) {
            int at = random.nextInt(all);
            for (Kind kind : Kind.values()) {
                at -= wild ? kind.wild : kind.tame;
                if (at < 0) {
                    steps.add(new SimStep(kind, random.nextInt(1 << 16), random.nextInt(1 << 16)));
                    break;
                }
            }
        }
        return steps;
    }

    @Override
    public String toString() {
        return "(" + kind + " " + a + " " + b + ")";
    }
}
