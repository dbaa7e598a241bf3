package org.clientproxy.proxy.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The batches for one other life, numbered from 1. They are sent again until they are acknowledged. While as many are under way as
 * may be, whatever turns are completed makes one batch together: a message costs much more than what is in it.
 */
final class Outgoing {
    /** So many batches may be under way: while one is read, the next is made. */
    private static final int UNDER_WAY = 2;

    /** Sends a batch, or sends it again. */
    @FunctionalInterface
    interface Sender {
        void send(Life to, long sequence, List<Command> commands);
    }

    /** What one turn has in a batch. */
    record Part(Turns.Turn turn, List<Command> commands) {}

    /** One of them. */
    static final class Batch {
        final List<Part> parts;
        final List<Command> commands;
        private final long sequence;
        private long sentAt;
        private boolean @Nullable [] results;

        private Batch(long sequence, List<Part> parts) {
            this.sequence = sequence;
            this.parts = parts;
            this.commands = commandsOf(parts.stream());
        }
    }

    private final Life to;
    private final Sender sender;
    private final Deque<Batch> batches = new ArrayDeque<>();
    // Complete, and of no batch yet.
    private List<Part> waiting = new ArrayList<>();
    private List<Command> next = new ArrayList<>();
    private long sequence;
    private boolean open;

    Outgoing(Life to, Sender sender) {
        this.to = to;
        this.sender = sender;
    }

    /** The command goes with the present turn. */
    void add(Command command) {
        next.add(command);
    }

    /**
     * What was added is complete, and goes with the next batch.
     *
     * @param turn that waits for it
     */
    void complete(Turns.Turn turn, long now) {
        if (!next.isEmpty()) {
            turn.opened();
            waiting.add(new Part(turn, next));
            next = new ArrayList<>();
            sendNext(now);
        }
    }

    /** What the other one may not have: what waits, and what it has not acknowledged. */
    List<Command> unacknowledged() {
        List<Command> all = commandsOf(Stream.concat(
                batches.stream().filter(batch -> batch.results == null).flatMap(batch -> batch.parts.stream()),
                waiting.stream()));
        all.addAll(next);
        return all;
    }

    private static List<Command> commandsOf(Stream<Part> parts) {
        List<Command> all = new ArrayList<>();
        parts.forEach(part -> all.addAll(part.commands()));
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
                if (batch.results == null && batch.sentAt - before <= 0) {
                    send(batch, now);
                }
            }
            sendNext(now);
        }
    }

    private void sendNext(long now) {
        if (open && !waiting.isEmpty() && batches.size() < UNDER_WAY) {
            Batch batch = new Batch(++sequence, waiting);
            waiting = new ArrayList<>();
            batches.add(batch);
            send(batch, now);
        }
    }

    private void send(Batch batch, long now) {
        batch.sentAt = now;
        sender.send(to, batch.sequence, batch.commands);
    }

    /** One of the batches has these results; nothing happens where it had some already. */
    void answered(Sessions.Results answered) {
        for (Batch batch : batches) {
            if (batch.sequence == answered.sequence() && batch.results == null) {
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
        sendNext(now);
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

    /** What turns wait for, in order. */
    Stream<Part> parts() {
        return Stream.concat(batches.stream().flatMap(batch -> batch.parts.stream()), waiting.stream());
    }

    boolean isEmpty() {
        return batches.isEmpty() && waiting.isEmpty() && next.isEmpty();
    }
}
