package org.clientproxy.proxy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/** Who is there and who can be chosen, as it is specified, for the reference model. */
final class ModelPool {
    /** Hears of what concerns the pending requests. */
    interface Listener {
        void left(String resource, boolean settle);

        /** The session has ended that had this address before this time. */
        void ended(String session, long before);

        void returned(String resource);

        /** Who waits may look again. */
        void confirmed();
    }

    private final Map<String, ModelResource> resources = new LinkedHashMap<>();
    private final Listener listener;
    private final LongSupplier clock;
    private final ModelEjections ejections;
    private final ModelFeatures features;
    private final ModelDoubts doubts;
    private final ModelSuspicions suspicions;
    private final ModelWatch watch;
    private final List<String> avoidShow;
    private boolean ready;
    private boolean gathering;
    private boolean confirmed;
    private long sweptBehindAt;
    private long knownAt;

    ModelPool(Listener listener, LongSupplier clock, ProxySettings settings) {
        this.listener = listener;
        this.clock = clock;
        this.ejections = new ModelEjections(this, clock, settings);
        this.features = new ModelFeatures(clock, settings);
        this.doubts = new ModelDoubts(clock, this::ask);
        this.suspicions = new ModelSuspicions(clock, settings.confirmTimeout().toNanos(), this::ask);
        this.watch = settings.get(PoolKeys.SUBSCRIBE)
                ? new ModelSubscription(this, suspicions, clock)
                : new ModelRegistration(this, settings.target());
        this.avoidShow = settings.get(WorkerKeys.AVOID_SHOW);
    }

    private void ask() {
        watch.ask();
    }

    ModelEjections ejections() {
        return ejections;
    }

    ModelFeatures features() {
        return features;
    }

    boolean isReady() {
        return ready;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /** Whether somebody may be there who cannot be chosen. */
    boolean isInDoubt() {
        return !doubts.isEmpty()
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

    /** Whether it became known in this very moment, by itself: who looked before that found it in doubt. */
    boolean isKnownJustNow() {
        return knownAt == now();
    }

    /** Whether all who are there have the time to show up that they have after the stream is ready. */
    boolean isGathering() {
        return gathering;
    }

    /** Whether it can be chosen, unless it is ejected: whether it is there, and an operator wants that. */
    boolean isServing(String resource) {
        ModelResource entry = resources.get(resource);
        return entry != null && entry.confirmed && !entry.suspect && !entry.retired;
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

    /** Whether its presence has come since the stream is ready. */
    boolean isSeen(String resource) {
        return contains(resource) && resources.get(resource).confirmed;
    }

    boolean isSuspect(String resource) {
        return contains(resource) && resources.get(resource).suspect;
    }

    /** How many requests its presence wishes at a time; 0: any number. */
    int wishes(String resource) {
        return contains(resource) ? resources.get(resource).says.wishes() : 0;
    }

    List<String> choosable() {
        List<String> choosable = new ArrayList<>(resources.keySet());
        choosable.removeIf(each -> !isServing(each) || ejections.isOut(each));
        return choosable;
    }

    /** How a service of those shows itself who can be chosen. */
    ModelShown shown() {
        List<ModelPresence> says =
                choosable().stream().map(each -> resources.get(each).says).toList();
        return says.isEmpty() ? ModelShown.UNAVAILABLE : ModelShown.of(says);
    }

    /** An operator wants no new requests for it. */
    void retire(String resource) {
        if (contains(resource)) {
            resources.get(resource).retired = true;
            ejections.keepHalf();
            // Whoever waits for what it announces waits in vain.
            lookAgain();
        }
    }

    /** An operator wants that it gets requests: it is as if it had never been out. */
    void restore(String resource) {
        if (contains(resource)) {
            boolean changes = resources.get(resource).retired || ejections.isOut(resource);
            resources.get(resource).retired = false;
            ejections.restored(resource);
            ejections.keepHalf();
            if (changes) {
                lookAgain();
            }
        }
    }

    void up() {
        ready = true;
        watch.up();
        gathering = true;
        ejections.up();
    }

    void down() {
        ready = false;
        watch.down();
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
        doubts.clear();
        stopAsking();
    }

    void stopAsking() {
        suspicions.clear(resources.values());
    }

    /** The confirm-timeout is over. */
    void confirmTimeout() {
        knownAt = gathering ? now() : knownAt;
        gathering = false;
        ejections.keepHalf();
        watch.confirmTimeout();
    }

    /** Who was there before the stream broke and has not shown up is gone. */
    void unconfirmedLeave() {
        for (String resource : listed()) {
            if (!resources.get(resource).confirmed) {
                leave(resource, true);
            }
        }
    }

    /** A request came back from it, and nothing explains that. */
    void suspect(String resource) {
        ModelResource entry = resources.get(resource);
        if (ready && watch.finds(resource) && entry != null && entry.confirmed && suspicions.suspect(entry)) {
            ejections.keepHalf();
        }
    }

    /** Those who are ejected come first: none returns in the place of others that leave together with it. */
    private List<String> listed() {
        List<String> listed = new ArrayList<>(resources.keySet());
        listed.sort(Comparator.comparing(each -> !ejections.isOut(each)));
        return listed;
    }

    /** The next moment at which it changes by itself; 0: none. */
    long nextDue() {
        long next = ModelOpen.sooner(doubts.nextDue(), suspicions.nextDue(resources.values()));
        return ModelOpen.sooner(next, features.nextDue());
    }

    void timeComes(long now) {
        boolean changes = doubts.nextDue() != 0 && doubts.nextDue() <= now;
        boolean inDoubt = isInDoubt();
        boolean learnt = features.timeComes(now);
        changes |= learnt;
        boolean judged = false;
        for (String resource : List.copyOf(resources.keySet())) {
            if (suspicions.isJudged(resources.get(resource), now)) {
                leave(resource, true);
                judged = true;
            }
        }
        if (suspicions.isSwept(now)) {
            sweptBehindAt = judged || learnt ? now : sweptBehindAt;
            for (String resource : listed()) {
                if (suspicions.isSilent(resources.get(resource))) {
                    leave(resource, true);
                    changes = true;
                }
            }
        }
        changes |= judged;
        doubts.timeComes(now);
        knownAt = inDoubt && isKnown() ? now : knownAt;
        if (changes) {
            lookAgain();
        }
    }

    /**
     * Whether others left in this very moment after one that was suspect, or after it was learnt what somebody announces, so that
     * who waited for that may have found them.
     */
    boolean isSweptBehind() {
        return sweptBehindAt == now();
    }

    void receive(String type, Jid from, ModelPresence says) {
        if (ready) {
            Set<String> before = Set.copyOf(resources.keySet());
            watch.receive(type, from, says);
            if (type.isEmpty() || !before.equals(resources.keySet())) {
                lookAgain();
            }
        }
    }

    /** The session is there, and says this. */
    void available(String key, ModelPresence says) {
        ModelResource entry = resources.computeIfAbsent(key, each -> new ModelResource());
        entry.avoided = says.show() != null && avoidShow.contains(says.show());
        ejections.came(key, !entry.confirmed);
        entry.answer = doubts.returned(key);
        entry.since = now();
        entry.says = says;
        entry.confirmed = true;
        entry.suspect = false;
        entry.judgedAt = 0;
        features.present(key, says.caps());
        ejections.keepHalf();
        listener.returned(key);
    }

    /** The session says that it leaves. */
    void unavailable(String key) {
        ModelResource entry = resources.get(key);
        if (entry == null) {
            listener.ended(key, now() + 1);
        } else {
            doubts.left(key, entry);
            leave(key, true);
        }
    }

    /** A presence goes to the target or one of its sessions; null where it may. */
    @Nullable
    String sent(String type, Jid to) {
        return watch.sent(type, to);
    }

    /** What is still owed when a step is over; null: nothing. */
    @Nullable
    String owes() {
        String owed = watch.owes();
        return owed != null ? owed : ready ? features.owes() : null;
    }

    void confirm() {
        confirmed = true;
        listener.confirmed();
    }

    void lookAgain() {
        if (confirmed) {
            listener.confirmed();
        }
    }

    void leaveAll(boolean settle) {
        listed().forEach(resource -> leave(resource, settle));
    }

    /** @param settle whether what is pending there ends when the grace is over; otherwise it keeps its deadline */
    void leave(String resource, boolean settle) {
        ModelResource entry = resources.remove(resource);
        if (entry != null) {
            ejections.left(resource);
            features.gone(resource);
            ejections.keepHalf();
            if (settle) {
                boolean crossed = now() - entry.since < ModelDoubts.WINDOW;
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
        return suspects + " " + suspicions + " choosable=" + choosable() + " of " + resources.keySet() + " doubted="
                + doubts + " confirmed=" + confirmed + " gathering=" + gathering + " " + ejections + " " + features;
    }

    private long now() {
        return clock.getAsLong();
    }
}
