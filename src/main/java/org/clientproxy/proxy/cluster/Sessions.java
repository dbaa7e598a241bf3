package org.clientproxy.proxy.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The batches of each owner as they come in: each is applied once, in the order of their numbers, and its results are kept for a
 * while and said again to whoever repeats it. So an acknowledgement that was lost is not a request that was settled twice.
 */
final class Sessions {
    /** So many batches are remembered, so an owner has no more of them unacknowledged. */
    static final int REMEMBERED = 32;

    /** What was answered to one batch. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them, and nobody changes it.
    record Results(long sequence, boolean[] values) {}

    private static final class Session {
        long last;
        final Deque<Results> results = new ArrayDeque<>();
        final Deque<List<Long>> over = new ArrayDeque<>();
        // Those that have overtaken others.
        final Map<Long, List<Command>> early = new HashMap<>();
    }

    private final Map<Life, Session> sessions = new HashMap<>();
    private final Backup backup;

    Sessions(Backup backup) {
        this.backup = backup;
    }

    /**
     * What is to be answered to the batch, and to those that waited for it: nothing where it waits for another one itself, or is
     * forgotten.
     */
    List<Results> accept(Life owner, long sequence, List<Command> commands) {
        Session session = sessions.computeIfAbsent(owner, any -> new Session());
        if (sequence > session.last && sequence <= session.last + REMEMBERED) {
            session.early.put(sequence, commands);
            while (session.early.containsKey(session.last + 1)) {
                apply(owner, session, session.early.remove(session.last + 1));
            }
        }
        return session.results.stream()
                .filter(result -> result.sequence() >= sequence)
                .toList();
    }

    private void apply(Life owner, Session session, List<Command> commands) {
        session.last++;
        session.results.add(new Results(session.last, backup.apply(owner, commands)));
        List<Long> over = new ArrayList<>();
        for (Command command : commands) {
            if (!command.kind().hasBody()) {
                over.add(command.number());
            }
        }
        session.over.add(over);
        if (session.results.size() > REMEMBERED) {
            session.results.remove();
            // It has got the results, or it would not have gone on.
            backup.told(owner, session.over.remove());
        }
    }

    /** All that is remembered for this owner, for one that may have missed it. */
    List<Results> remembered(Life owner) {
        Session session = sessions.get(owner);
        return session == null ? List.of() : List.copyOf(session.results);
    }

    void drop(Predicate<Life> isGone) {
        sessions.keySet().removeIf(isGone);
    }
}
