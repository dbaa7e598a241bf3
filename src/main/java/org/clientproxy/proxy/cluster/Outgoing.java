package org.clientproxy.proxy.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The batches for one other life, numbered from 1. They are sent again until they are acknowledged, and never more of them
 * than the other one remembers.
 */
final class Outgoing {
    /** Sends a batch, or sends it again. */
    @FunctionalInterface
    interface Sender {
        void send(Life to, long sequence, List<Command> commands);
    }

    /** One of them. */
    static final class Batch {
        final List<Command> commands;
        final Turns.Turn turn;
        private final long sequence;
        private boolean sent;
        private long sentAt;
        private boolean @Nullable [] results;

        private Batch(long sequence, List<Command> commands, Turns.Turn turn) {
            this.sequence = sequence;
            this.commands = commands;
            this.turn = turn;
        }
    }

    private final Life to;
    private final Sender sender;
    private final Deque<Batch> batches = new ArrayDeque<>();
    private List<Command> next = new ArrayList<>();
    private long sequence;
    private boolean open;

    Outgoing(Life to, Sender sender) {
        this.to = to;
        this.sender = sender;
    }

    /** The command goes with the next batch. */
    void add(Command command) {
        next.add(command);
    }

    /**
     * What was added is a batch.
     *
     * @param turn that waits for it
     */
    void complete(Turns.Turn turn, long now) {
        if (!next.isEmpty()) {
            turn.opened();
            batches.add(new Batch(++sequence, next, turn));
            next = new ArrayList<>();
            sendNew(now);
        }
    }

    /** What the other one may not have: what waits, and what it has not acknowledged. */
    List<Command> unacknowledged() {
        List<Command> all = new ArrayList<>();
        for (Batch batch : batches) {
            if (batch.results == null) {
                all.addAll(batch.commands);
            }
        }
        all.addAll(next);
        return all;
    }

    /** From now on it may be sent, and what was sent before is sent again. */
    void open(long now) {
        open = true;
        repeat(now, now);
    }

    /** Nothing is sent until it is opened again. */
    void shut() {
        open = false;
    }

    /** Sends again what was sent before that time and is not acknowledged, and whatever may be sent. */
    void repeat(long before, long now) {
        if (open) {
            for (Batch batch : batches) {
                if (batch.sent && batch.results == null && batch.sentAt - before <= 0) {
                    send(batch, now);
                }
            }
            sendNew(now);
        }
    }

    private void sendNew(long now) {
        int place = 0;
        for (Batch batch : batches) {
            if (!open || place++ == Sessions.REMEMBERED) {
                return;
            }
            if (!batch.sent) {
                send(batch, now);
            }
        }
    }

    private void send(Batch batch, long now) {
        batch.sent = true;
        batch.sentAt = now;
        sender.send(to, batch.sequence, batch.commands);
    }

    /** One of the batches has these results; nothing happens where it had some already. */
    void answered(Sessions.Results answered) {
        for (Batch batch : batches) {
            if (batch.sequence == answered.sequence() && batch.sent && batch.results == null) {
                batch.results = answered.values();
            }
        }
    }

    /** The first batch, if it has its results; it is taken away. */
    @Nullable
    Batch nextAnswered(long now) {
        Batch first = batches.peek();
        if (first == null || first.results == null) {
            return null;
        }
        batches.remove();
        sendNew(now);
        return first;
    }

    /** Whether all of it is so. */
    static boolean isGranted(Batch batch) {
        boolean[] results = batch.results;
        if (results == null || results.length != batch.commands.size()) {
            return false;
        }
        for (boolean result : results) {
            if (!result) {
                return false;
            }
        }
        return true;
    }

    /** Those that are not acknowledged, in order. */
    Iterable<Batch> batches() {
        return batches;
    }

    boolean isEmpty() {
        return batches.isEmpty() && next.isEmpty();
    }
}
