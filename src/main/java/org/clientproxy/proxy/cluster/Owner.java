package org.clientproxy.proxy.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests that this node owns, each with a copy at one other node. A copy stays where it is until its holder leaves: if
 * it moved while owner and both holders live, there would be two copies for a moment, and two who take over.
 */
final class Owner {
    private static final class Own {
        final long number;
        long deadline;
        byte[] body;

        @Nullable
        Life holder;

        boolean acknowledged;
        // It waits for its first copy, and nothing of it has been sent, so nobody counts on it yet.
        boolean unsent;
        // The holder has been asked to forget it, for another place is better.
        boolean leaves;

        Own(long number, long deadline, byte[] body) {
            this.number = number;
            this.deadline = deadline;
            this.body = body;
        }

        void lose() {
            holder = null;
            acknowledged = false;
            leaves = false;
        }

        Command put() {
            return new Command(Command.Kind.PUT, number, deadline, body, 0);
        }
    }

    private final Outgoing.Sender sender;
    private final Turns turns = new Turns();
    private final Map<Long, Own> owned = new LinkedHashMap<>();
    // Handed over, until the new owner has put its copy here: whoever dies of the two, the other one has it.
    private final Map<Long, Own> given = new HashMap<>();
    private final Set<Own> unplaced = new LinkedHashSet<>();
    private final Map<Life, Outgoing> others = new HashMap<>();
    private final Predicate<Life> isLeaving;
    private final Predicate<Life> hasStream;
    private final BooleanSupplier serves;
    private final Consumer<Command> stranded;
    private boolean acts;
    private long lastNumber;

    /**
     * @param hasStream whether a life, not this one, has the right to a stream, so that it can answer
     * @param serves whether this node has the right to a stream; else it hands over what it owns to whoever has
     * @param stranded gets what was {@linkplain #pass passed on} to somebody who is gone and may not have got it
     */
    Owner(
            Outgoing.Sender sender,
            Predicate<Life> isLeaving,
            Predicate<Life> hasStream,
            BooleanSupplier serves,
            Consumer<Command> stranded) {
        this.sender = sender;
        this.serves = serves;
        this.isLeaving = isLeaving;
        this.hasStream = hasStream;
        this.stranded = stranded;
    }

    Turns turns() {
        return turns;
    }

    long put(long deadline, byte[] body) {
        Own own = new Own(++lastNumber, deadline, body);
        owned.put(own.number, own);
        Life holder = acts ? holderOf(own) : null;
        own.unsent = !acts || holder != null;
        if (holder == null) {
            unplaced.add(own);
            if (!acts) {
                turns.present().awaitPlace();
            }
        } else {
            own.holder = holder;
            to(holder).add(own.put());
        }
        return own.number;
    }

    void replace(long number, long deadline, byte[] body) {
        Own own = owned.get(number);
        if (own == null) {
            return;
        }
        own.deadline = deadline;
        own.body = body;
        if (own.holder != null && !own.leaves) {
            to(own.holder).add(new Command(Command.Kind.REPLACE, number, deadline, body, 0));
        }
    }

    void settle(long number) {
        Own own = owned.remove(number);
        if (own != null) {
            unplaced.remove(own);
            if (own.holder != null) {
                Command.Kind kind = own.leaves ? Command.Kind.FORGET : Command.Kind.SETTLE;
                to(own.holder).add(Command.of(kind, number));
            } else {
                turns.present().isBare();
            }
        }
    }

    void endTurn(Runnable barrier, long now) {
        for (Outgoing other : others.values()) {
            other.complete(turns.present(), now);
        }
        turns.end(barrier);
    }

    /** The other one gets this with the next batch. */
    void pass(Life to, Command command) {
        to(to).add(command);
    }

    /** All to whom something can be {@linkplain #pass passed on}; a copy. */
    List<Life> others() {
        return List.copyOf(others.keySet());
    }

    /** What another node left is this node's from now on; to be placed. */
    long adopt(long deadline, byte[] body) {
        Own own = new Own(++lastNumber, deadline, body);
        owned.put(own.number, own);
        unplaced.add(own);
        return own.number;
    }

    /** The same of what another one has handed over, which gets the copy. */
    long adopt(Backup.Taken handed) {
        Own own = new Own(++lastNumber, handed.deadline(), handed.body());
        owned.put(own.number, own);
        own.holder = handed.from();
        to(handed.from()).add(new Command(Command.Kind.PUT, own.number, own.deadline, own.body, handed.number()));
        return own.number;
    }

    /** The copy of what was handed over under this number is here. */
    void arrived(long number) {
        given.remove(number);
    }

    /** Nothing is sent, and nothing is placed, before the next view is acted in. */
    void pause() {
        acts = false;
        others.values().forEach(Outgoing::shut);
    }

    /**
     * This node acts in a view. What was sent to those that are in it still is sent again; what was held by the others has to be placed
     * anew, and whoever waited for them waits for that.
     *
     * @param lives of the other members
     * @return what was handed over to somebody who is gone and had not put its copy here, so that nobody else has it
     */
    List<Backup.Taken> act(Collection<Life> lives, long now) {
        acts = true;
        for (Life gone : List.copyOf(others.keySet())) {
            if (!lives.contains(gone)) {
                lose(gone, now);
            }
        }
        for (Life life : lives) {
            others.computeIfAbsent(life, any -> new Outgoing(life, sender)).open(now);
        }
        place(now);
        List<Backup.Taken> back = new ArrayList<>();
        for (Own own : List.copyOf(given.values())) {
            Life holder = own.holder;
            if (holder != null && !lives.contains(holder)) {
                given.remove(own.number);
                back.add(new Backup.Taken(holder, own.number, own.deadline, own.body));
            }
        }
        return back;
    }

    private void lose(Life gone, long now) {
        Outgoing lost = to(gone);
        strand(lost);
        // The present turn is not complete, but may rest on it already.
        lost.complete(turns.present(), now);
        lost.parts().forEach(part -> {
            part.turn().closed();
            part.turn().awaitPlace();
            for (Command command : part.commands()) {
                if (command.kind() == Command.Kind.SETTLE) {
                    part.turn().isBare();
                }
            }
        });
        for (Own own : owned.values()) {
            if (gone.equals(own.holder)) {
                own.lose();
                unplaced.add(own);
            }
        }
        others.remove(gone);
    }

    /**
     * Puts right what should be otherwise.
     *
     * @param handedOver gets the numbers of what was handed over
     */
    void tick(long now, List<Long> handedOver) {
        if (!acts) {
            return;
        }
        boolean handsOver = handsOver();
        if (handsOver || others.keySet().stream().anyMatch(isLeaving)) {
            for (Own own : List.copyOf(owned.values())) {
                if (own.holder == null || !own.acknowledged || own.leaves) {
                    continue;
                }
                if (handsOver && hasStream.test(own.holder)) {
                    to(own.holder).add(Command.of(Command.Kind.HAND_OVER, own.number));
                    owned.remove(own.number);
                    given.put(own.number, own);
                    handedOver.add(own.number);
                } else if (handsOver || isLeaving.test(own.holder)) {
                    own.leaves = true;
                    own.acknowledged = false;
                    to(own.holder).add(Command.of(Command.Kind.FORGET, own.number));
                }
            }
        }
        for (Outgoing other : others.values()) {
            other.repeat(now - ClusterNode.REPEAT_NANOS, now);
        }
        place(now);
    }

    private boolean handsOver() {
        return !serves.getAsBoolean() && others.keySet().stream().anyMatch(hasStream);
    }

    /** Each that is at no other node gets a place at one, if there is one. */
    void place(long now) {
        for (Own own : List.copyOf(unplaced)) {
            Life holder = holderOf(own);
            if (holder != null) {
                own.holder = holder;
                unplaced.remove(own);
                to(holder).add(own.put());
            } else {
                // It goes out without one.
                own.unsent = false;
            }
        }
        // Where nobody waited for it, what is between two turns waits: this may be in the middle of one.
        Turns.Turn waits = turns.placed();
        others.values().forEach(other -> other.complete(waits, now));
        turns.release();
    }

    /** Sends again what this one has not acknowledged. */
    void repeat(Life to, long now) {
        Outgoing other = others.get(to);
        if (other != null) {
            other.repeat(now, now);
        }
    }

    /** @return false where the other one holds something to be another's than this node's */
    boolean answered(Life from, List<Sessions.Results> results, long now) {
        Outgoing other = others.get(from);
        if (other == null) {
            return true;
        }
        results.forEach(other::answered);
        for (Outgoing.Batch batch = other.nextAnswered(now); batch != null; batch = other.nextAnswered(now)) {
            if (!Outgoing.isGranted(batch)) {
                return false;
            }
            batch.commands.forEach(command -> granted(from, command));
            batch.parts.forEach(part -> part.turn().closed());
        }
        turns.release();
        return true;
    }

    private void granted(Life from, Command command) {
        Own own = owned.get(command.number());
        if (own != null && from.equals(own.holder)) {
            if (command.kind() == Command.Kind.PUT) {
                own.acknowledged = true;
                own.unsent = false;
            } else if (command.kind() == Command.Kind.FORGET) {
                own.lose();
                unplaced.add(own);
            }
        }
    }

    private Outgoing to(Life life) {
        Outgoing other = others.get(life);
        if (other == null) {
            throw new IllegalStateException("no member: " + life);
        }
        return other;
    }

    /** What is going to be handed over lies at once where it goes: while a copy moves, nobody else has one. */
    private @Nullable Life holderOf(Own own) {
        return Rendezvous.choose(own.number, others.keySet(), handsOver() ? hasStream : isLeaving.negate());
    }

    private void strand(Outgoing lost) {
        for (Command command : lost.unacknowledged()) {
            if (command.kind().isPassedOn()) {
                stranded.accept(command);
            }
        }
    }

    /** All that is owned is another's, or forgotten. */
    void drop() {
        others.values().forEach(this::strand);
        owned.clear();
        unplaced.clear();
        others.clear();
        turns.drop();
        given.clear();
        acts = false;
    }

    int size() {
        return owned.size();
    }

    /** How many that others may count on have no acknowledged copy. */
    int unprotected() {
        int count = turns.bare();
        for (Own own : owned.values()) {
            count += own.acknowledged || own.unsent ? 0 : 1;
        }
        return count;
    }

    boolean isEmpty() {
        return owned.isEmpty()
                && given.isEmpty()
                && turns.size() == 0
                && others.values().stream().allMatch(Outgoing::isEmpty);
    }
}
