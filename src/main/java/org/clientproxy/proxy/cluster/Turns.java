package org.clientproxy.proxy.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** The turns of the loop whose stanzas wait until what they rest on is acknowledged, in order. */
final class Turns {
    /** One of them, or the present one, which is not complete. */
    static final class Turn {
        private int open;
        private boolean awaitsPlace;
        private int bare;
        private Runnable barrier = () -> {};

        /** A batch of it is to be acknowledged. */
        void opened() {
            open++;
        }

        /** A batch of it was, or need not be any more. */
        void closed() {
            open--;
        }

        /** A record of it is at no other node, and must be before the turn is over. */
        void awaitPlace() {
            awaitsPlace = true;
        }

        /** A request of it was settled at a holder that is gone, or at none: its answer is at no other node until it is written. */
        void isBare() {
            bare++;
        }

        private boolean isOver() {
            return open == 0 && !awaitsPlace;
        }
    }

    private final Deque<Turn> waiting = new ArrayDeque<>();
    private Turn present = new Turn();

    /** The turn that is not complete. */
    Turn present() {
        return present;
    }

    /** The present turn is complete. */
    void end(Runnable barrier) {
        present.barrier = barrier;
        waiting.add(present);
        present = new Turn();
        release();
    }

    /** Lets go what need not wait any more. */
    void release() {
        for (Turn first = waiting.peek(); first != null && first.isOver(); first = waiting.peek()) {
            waiting.remove();
            first.barrier.run();
        }
    }

    /**
     * Records are placed now: no turn waits for a place any more.
     *
     * @return the first that did, or the present one: it is to wait for their acknowledgement, and with it all after it
     */
    Turn placed() {
        Turn first = present;
        for (Iterator<Turn> latestFirst = waiting.descendingIterator(); latestFirst.hasNext(); ) {
            Turn turn = latestFirst.next();
            first = turn.awaitsPlace ? turn : first;
            turn.awaitsPlace = false;
        }
        present.awaitsPlace = false;
        return first;
    }

    /** How many settled requests have lost their holder while their answers wait. */
    int bare() {
        int count = present.bare;
        for (Turn turn : waiting) {
            count += turn.bare;
        }
        return count;
    }

    int size() {
        return waiting.size();
    }

    /** They are never passed. */
    void drop() {
        waiting.clear();
        present = new Turn();
    }
}
