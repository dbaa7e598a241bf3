package org.clientproxy.proxy.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * The copies that this node holds of others' requests, each with who may answer: its owner, nobody any more, or this node. All
 * changes of it happen here, one after the other, so that an owner's answer and a take-over exclude each other whatever either of
 * them believes of the view.
 */
final class Backup {
    enum State {
        /** The owner may answer it. */
        HELD,
        /** The owner has been told that it may. */
        SETTLED,
        /** This node has taken it over. */
        TAKEN
    }

    /** One request of an owner. What is settled or taken is kept without its body, as an answer to whoever asks late. */
    private static final class Copy {
        State state = State.HELD;
        long deadline;
        byte[] body;

        Copy(long deadline, byte[] body) {
            this.deadline = deadline;
            this.body = body;
        }

        void becomes(State next) {
            state = next;
            body = NOTHING;
        }
    }

    /** A request that is this node's from now on. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them, and nobody changes it.
    record Taken(Life from, long number, long deadline, byte[] body) {}

    private static final byte[] NOTHING = {};

    private final Map<Life, Map<Long, Copy>> owners = new HashMap<>();
    private final List<Taken> handed = new ArrayList<>();
    private final List<Command> passedOn = new ArrayList<>();
    private final LongConsumer arrived;
    private int held;

    /** @param arrived gets the numbers of requests that this node handed over, and of which it holds the copy from now on */
    Backup(LongConsumer arrived) {
        this.arrived = arrived;
    }

    /** Applies them in order, and says of each whether it is so. */
    boolean[] apply(Life owner, List<Command> commands) {
        Map<Long, Copy> copies = owners.computeIfAbsent(owner, any -> new HashMap<>());
        boolean[] results = new boolean[commands.size()];
        for (int i = 0; i < results.length; i++) {
            results[i] = apply(owner, copies, commands.get(i));
        }
        return results;
    }

    private boolean apply(Life owner, Map<Long, Copy> copies, Command command) {
        Copy copy = copies.get(command.number());
        Copy its = copy != null && copy.state == State.HELD ? copy : null;
        switch (command.kind()) {
            case PUT -> {
                if (copy != null) {
                    return false;
                }
                copies.put(command.number(), new Copy(command.deadline(), command.body()));
                held++;
                if (command.instead() != 0) {
                    arrived.accept(command.instead());
                }
                return true;
            }
            case REPLACE -> {
                if (its != null) {
                    its.deadline = command.deadline();
                    its.body = command.body();
                }
                return its != null;
            }
            case SETTLE -> {
                if (its != null) {
                    its.becomes(State.SETTLED);
                    held--;
                }
                return its != null;
            }
            case FORGET -> {
                if (its != null) {
                    copies.remove(command.number());
                    held--;
                }
                return copy == null || its != null;
            }
            case HAND_OVER -> {
                if (its != null) {
                    handed.add(take(owner, command.number(), its));
                }
                return its != null;
            }
            case REPLY, REPLY_TO_ALL, STANZA -> {
                passedOn.add(command);
                return true;
            }
        }
        throw new IllegalStateException(command.kind().name());
    }

    private Taken take(Life owner, long number, Copy copy) {
        Taken taken = new Taken(owner, number, copy.deadline, copy.body);
        copy.becomes(State.TAKEN);
        held--;
        return taken;
    }

    /** What was handed over since. */
    List<Taken> handedOver() {
        List<Taken> all = List.copyOf(handed);
        handed.clear();
        return all;
    }

    /** The stanzas that were passed on since, in their order. */
    List<Command> passedOn() {
        List<Command> all = List.copyOf(passedOn);
        passedOn.clear();
        return all;
    }

    /** Takes what is held for owners that are gone. */
    List<Taken> takeOver(Predicate<Life> isGone) {
        List<Taken> all = new ArrayList<>();
        owners.forEach((owner, copies) -> {
            if (isGone.test(owner)) {
                copies.forEach((number, copy) -> {
                    if (copy.state == State.HELD) {
                        all.add(take(owner, number, copy));
                    }
                });
            }
        });
        return all;
    }

    /**
     * How many answers were settled not long ago by owners that are gone: each of them was written, or is lost, and nobody can know
     * which.
     */
    int settled(Predicate<Life> isGone) {
        int count = 0;
        for (Map.Entry<Life, Map<Long, Copy>> one : owners.entrySet()) {
            if (isGone.test(one.getKey())) {
                count += (int) one.getValue().values().stream()
                        .filter(copy -> copy.state == State.SETTLED)
                        .count();
            }
        }
        return count;
    }

    /** Nobody can ask about these owners' requests any more. */
    void drop(Predicate<Life> isGone) {
        for (Iterator<Map.Entry<Life, Map<Long, Copy>>> all = owners.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Life, Map<Long, Copy>> one = all.next();
            if (isGone.test(one.getKey())) {
                one.getValue().values().forEach(copy -> held -= copy.state == State.HELD ? 1 : 0);
                all.remove();
            }
        }
    }

    /** The owner knows that these were settled or taken. */
    void told(Life owner, List<Long> numbers) {
        Map<Long, Copy> copies = owners.get(owner);
        if (copies != null) {
            numbers.forEach(
                    number -> copies.computeIfPresent(number, (any, copy) -> copy.state == State.HELD ? copy : null));
        }
    }

    /** How many requests of others are held. */
    int held() {
        return held;
    }
}
