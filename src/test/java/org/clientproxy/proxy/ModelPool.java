package org.clientproxy.proxy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/** The pool and the subscription as they are specified, for the reference model. */
final class ModelPool {
    /** How long after an {@code available} a leave may be another session's, and how long a probe's answer may take. */
    static final long WINDOW = Duration.ofMillis(1500).toNanos();

    private static final long HIDES = Duration.ofMillis(200).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long SUSPICIONS = Duration.ofMinutes(10).toNanos();

    /** Hears of what concerns the pending requests. */
    interface Listener {
        void left(String resource, boolean settle);

        /** The session has ended that had this address before this time. */
        void ended(String session, long before);

        void returned(String resource);

        /** Who waits may look again. */
        void confirmed();
    }

    private static final class Entry {
        private boolean avoided;
        private boolean confirmed;
        private boolean suspect;
        private boolean answer;
        private long since;
        private long seenAt;
        private long suspectedAt;
        private long judgedAt;
        private int wishes;
    }

    private final Map<String, Entry> resources = new LinkedHashMap<>();
    // How many probes had been sent when it left.
    private final Map<String, Integer> doubted = new LinkedHashMap<>();
    // Those of them that had answered a probe right before.
    private final Set<String> contradicted = new HashSet<>();
    private final Listener listener;
    private final ModelEjections ejections;
    private final ModelFeatures features;
    private final List<String> avoidShow;
    private boolean gathering;
    private final LongSupplier clock;
    private final long confirmTimeout;
    private boolean ready;
    private boolean subscribed;
    private boolean outstanding;
    private boolean mustProbe;
    private boolean confirmed;
    private long crossProbed;
    private int crossProbes;
    private long crossProbeDue;
    private long crossEndDue;
    private long suspectProbed;
    private long suspectProbeDue;
    private long sweptAt;
    private long sweepDue;

    ModelPool(Listener listener, LongSupplier clock, ProxySettings settings) {
        this.listener = listener;
        this.clock = clock;
        this.confirmTimeout = settings.confirmTimeout().toNanos();
        this.ejections = new ModelEjections(this, clock, settings);
        this.features = new ModelFeatures(clock, settings);
        this.avoidShow = settings.get(WorkerKeys.AVOID_SHOW);
        crossProbed = clock.getAsLong() - WINDOW;
        suspectProbed = clock.getAsLong() - SECOND;
    }

    boolean isReady() {
        return ready;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /** Whether somebody may be there who cannot be chosen. */
    boolean isInDoubt() {
        return !doubted.isEmpty()
                || resources.values().stream().anyMatch(each -> each.suspect)
                // The others have had no time to show up.
                || gathering
                        && choosable().isEmpty()
                        && resources.keySet().stream().anyMatch(each -> isServing(each) && ejections.isOut(each));
    }

    /** Whether it is known who is there, and who is not. */
    boolean isKnown() {
        return confirmed && !isInDoubt();
    }

    ModelEjections ejections() {
        return ejections;
    }

    ModelFeatures features() {
        return features;
    }

    /** Whether all who are there have the time to show up that they have after the stream is ready. */
    boolean isGathering() {
        return gathering;
    }

    /** Whether it can be chosen, unless it is ejected. */
    boolean isServing(String resource) {
        Entry entry = resources.get(resource);
        return entry != null && entry.confirmed && !entry.suspect;
    }

    /** Those of them that are asked first. */
    List<String> preferred(List<String> choices) {
        List<String> preferred = new ArrayList<>(choices);
        preferred.removeIf(each -> resources.get(each).avoided);
        return preferred.isEmpty() ? choices : preferred;
    }

    boolean contains(String resource) {
        return resources.containsKey(resource);
    }

    boolean isSuspect(String resource) {
        return contains(resource) && resources.get(resource).suspect;
    }

    /** How many requests its presence wishes at a time; 0: any number. */
    int wishes(String resource) {
        return contains(resource) ? resources.get(resource).wishes : 0;
    }

    List<String> choosable() {
        List<String> choosable = new ArrayList<>(resources.keySet());
        choosable.removeIf(each -> !isServing(each) || ejections.isOut(each));
        return choosable;
    }

    void up() {
        ready = true;
        subscribed = false;
        gathering = true;
        ejections.up();
    }

    void down() {
        ready = false;
        outstanding = false;
        confirmed = false;
        resources.values().forEach(each -> each.confirmed = false);
        gathering = false;
        endDoubts();
        ejections.down();
        features.down();
    }

    /** The proxy has said that it is unavailable. */
    void stop() {
        ready = false;
        gathering = false;
        ejections.keepHalf();
        endDoubts();
        ejections.keepHalf();
    }

    private void endDoubts() {
        doubted.clear();
        contradicted.clear();
        crossProbeDue = 0;
        crossEndDue = 0;
        stopAsking();
    }

    private void stopAsking() {
        noteProbe();
        sweepDue = 0;
        suspectProbeDue = 0;
        resources.values().forEach(each -> {
            each.suspect = false;
            each.judgedAt = 0;
        });
    }

    /** The confirm-timeout is over. */
    void confirmTimeout() {
        gathering = false;
        ejections.keepHalf();
        for (String resource : listed()) {
            if (!resources.get(resource).confirmed) {
                leave(resource, true);
            }
        }
        confirm();
    }

    /** A request came back from it, and nothing explains that. */
    void suspect(String resource) {
        Entry entry = resources.get(resource);
        long now = now();
        boolean lately = entry != null && entry.suspectedAt != 0 && now - entry.suspectedAt < SUSPICIONS;
        if (entry == null || !entry.confirmed || lately || !ready || !subscribed) {
            return;
        }
        entry.suspect = true;
        entry.suspectedAt = now;
        noteProbe();
        if (suspectProbed + SECOND <= now) {
            suspectProbed = now;
            entry.judgedAt = now + confirmTimeout;
        } else {
            suspectProbeDue = suspectProbed + SECOND;
            entry.judgedAt = suspectProbeDue + confirmTimeout;
        }
        ejections.keepHalf();
    }

    /** Those who are ejected come first: none returns in the place of others that leave together with it. */
    private List<String> listed() {
        List<String> listed = new ArrayList<>(resources.keySet());
        listed.sort(Comparator.comparing(each -> !ejections.isOut(each)));
        return listed;
    }

    private void noteProbe() {
        if (suspectProbeDue != 0 && suspectProbeDue <= now()) {
            suspectProbed = suspectProbeDue;
            suspectProbeDue = 0;
        }
    }

    /** The next moment at which it changes by itself; 0: none. */
    long nextDue() {
        long next = 0;
        List<Long> times = new ArrayList<>(List.of(crossProbeDue, crossEndDue, sweepDue));
        resources.values().forEach(each -> times.add(each.suspect ? each.judgedAt : 0));
        times.add(features.nextDue());
        for (long at : times) {
            next = next == 0 ? at : at == 0 ? next : Math.min(next, at);
        }
        return next;
    }

    void timeComes(long now) {
        features.timeComes(now);
        for (String resource : List.copyOf(resources.keySet())) {
            Entry entry = resources.get(resource);
            if (entry.suspect && entry.judgedAt == now) {
                leave(resource, true);
            }
        }
        if (sweepDue == now) {
            sweepDue = 0;
            for (String resource : listed()) {
                Entry entry = resources.get(resource);
                if (entry.confirmed && entry.seenAt < sweptAt) {
                    leave(resource, true);
                }
            }
        }
        if (crossEndDue == now) {
            crossEndDue = 0;
            forgetAsked();
        }
        if (crossProbeDue == now) {
            crossProbe(now);
        }
        lookAgain();
    }

    private void crossProbe(long now) {
        crossProbeDue = 0;
        forgetAsked();
        crossProbed = now;
        crossProbes++;
        crossEndDue = now + WINDOW;
    }

    void receive(String type, Jid from, @Nullable String id, ModelPresence says) {
        boolean own = "error".equals(type) && "available".equals(id);
        if (!ready || own) {
            return;
        }
        String key = from.key();
        switch (type) {
            case "" -> {
                if (from.isFull()) {
                    available(key, says);
                }
            }
            case "unavailable" -> {
                if (from.isFull()) {
                    unavailable(key);
                } else if (subscribed) {
                    leaveAll(true);
                    answered();
                }
            }
            case "error" -> {
                if (from.isFull()) {
                    leave(key, false);
                } else {
                    end();
                }
            }
            case "unsubscribed" -> end();
            case "subscribed" -> {
                if (outstanding) {
                    if (subscribed && sweepDue == 0) {
                        sweptAt = now();
                        sweepDue = sweptAt + confirmTimeout;
                    }
                    subscribed = true;
                    outstanding = false;
                    mustProbe = true;
                }
            }
            default -> {}
        }
        lookAgain();
    }

    private void available(String key, ModelPresence says) {
        long now = now();
        Entry entry = resources.computeIfAbsent(key, each -> new Entry());
        entry.avoided = says.show() != null && avoidShow.contains(says.show());
        ejections.came(key, !entry.confirmed);
        Integer before = doubted.remove(key);
        // The answer to our probe does not make a leave a doubtful one that follows at once.
        entry.answer = before != null && before < crossProbes;
        if (!entry.answer) {
            contradicted.remove(key);
        }
        entry.since = now;
        if (before != null && doubted.isEmpty()) {
            crossProbeDue = 0;
            crossEndDue = 0;
        }
        entry.wishes = says.wishes();
        entry.confirmed = true;
        entry.seenAt = now;
        entry.suspect = false;
        entry.judgedAt = 0;
        features.present(key, says.caps());
        ejections.keepHalf();
        listener.returned(key);
        answered();
    }

    /** Who left before the last probe and has not come back in its time is gone. */
    private void forgetAsked() {
        for (String key : List.copyOf(doubted.keySet())) {
            if (doubted.get(key) < crossProbes) {
                doubted.remove(key);
                contradicted.remove(key);
            }
        }
    }

    private void unavailable(String key) {
        Entry entry = resources.get(key);
        long now = now();
        if (entry == null) {
            listener.ended(key, now + 1);
        }
        boolean hides = entry != null && entry.answer && now - entry.since < HIDES;
        // Once may be a session that was replaced just then; twice in a row is one that hides.
        boolean doubtful = entry != null && (hides ? contradicted.add(key) : now - entry.since <= WINDOW);
        if (!hides || !doubtful) {
            contradicted.remove(key);
        }
        if (doubtful) {
            doubted.put(key, crossProbes);
            if (crossProbeDue == 0 && crossProbed + WINDOW <= now) {
                crossProbe(now);
            } else if (crossProbeDue == 0) {
                crossProbeDue = crossProbed + WINDOW;
            }
        }
        leave(key, true);
    }

    private void end() {
        stopAsking();
        leaveAll(false);
        subscribed = false;
        outstanding = false;
    }

    /** A presence goes to the target; null where it may. */
    @Nullable
    String sent(String type) {
        switch (type) {
            case "subscribe" -> {
                outstanding = true;
                return ready ? null : "a subscribe without a stream";
            }
            case "probe" -> {
                mustProbe = false;
                return ready && subscribed ? null : "a probe without a subscription";
            }
            case "", "subscribed", "unavailable" -> {
                return null;
            }
            default -> {
                return "a presence of type " + type;
            }
        }
    }

    /** What is still owed when a step is over; null: nothing. */
    @Nullable
    String owes() {
        return mustProbe ? "no probe after subscribed" : ready ? features.owes() : null;
    }

    private void answered() {
        if (subscribed) {
            confirm();
        }
    }

    private void confirm() {
        confirmed = true;
        listener.confirmed();
    }

    void lookAgain() {
        if (confirmed) {
            listener.confirmed();
        }
    }

    private void leaveAll(boolean settle) {
        listed().forEach(resource -> leave(resource, settle));
    }

    private void leave(String resource, boolean settle) {
        Entry entry = resources.remove(resource);
        if (entry != null) {
            ejections.left(resource);
            features.gone(resource);
            ejections.keepHalf();
            if (settle) {
                boolean crossed = now() - entry.since < WINDOW;
                listener.ended(resource, crossed ? entry.since : now() + 1);
            }
            listener.left(resource, settle);
        }
    }

    @Override
    public String toString() {
        StringBuilder suspects = new StringBuilder();
        resources.forEach((name, entry) ->
                suspects.append(name).append(entry.suspect ? "?" : "").append(entry.judgedAt));
        return suspects + " sweep=" + sweepDue + " choosable=" + choosable() + " of " + resources.keySet() + " doubted="
                + doubted + " confirmed=" + confirmed + " gathering=" + gathering + " " + ejections + " " + features;
    }

    private long now() {
        return clock.getAsLong();
    }
}
