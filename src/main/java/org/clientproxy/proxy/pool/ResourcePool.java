package org.clientproxy.proxy.pool;
import org.clientproxy.proxy.settings.SelectionPolicy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * The available resources of the target, and the choice among them. Used on the loop only, but for {@link #size()} and
 * {@link #listed()}.
 */
public final class ResourcePool {
    private static final int DRAWS = 16;

    /** Hears of the changes of what can be chosen. On the loop, possibly in the middle of further changes. */
    @FunctionalInterface
    public interface Watch {
        /** @param confirmed whether it is known who is there: where nobody is, whether that is in no doubt */
        void changed(int before, int now, boolean confirmed);
    }

    private final SelectionPolicy policy;
    private final RandomGenerator random;
    // Changed on the loop only, and listed on any thread.
    private final Map<String, PooledResource> byKey = new ConcurrentHashMap<>();
    // Those that left with requests pending at them: what returns is the same, with what it has still to do.
    private final Map<String, PooledResource> departed = new HashMap<>();
    // The confirmed ones, in no order: only they are chosen. Each knows its place, so that removal is O(1).
    private final List<PooledResource> choosable = new ArrayList<>();
    private final Map<PooledResource, Integer> places = new HashMap<>();
    private int next;
    private boolean confirmed;
    private boolean gathering;
    private int suspects;
    private boolean leaveInDoubt;
    private volatile int size;
    private Watch watch = (before, now, known) -> {};

    public ResourcePool(SelectionPolicy policy, RandomGenerator random) {
        this.policy = policy;
        this.random = random;
    }

    /** Whether it is known who is there. */
    public boolean isConfirmed() {
        return confirmed;
    }

    /** It is known who is there. */
    void confirm() {
        if (!confirmed) {
            confirmed = true;
            changed();
        }
    }

    /**
     * Whether somebody may be there who cannot be chosen now: a leave may belong to an earlier session of its address, or a
     * resource is suspect. Who finds nobody to choose waits meanwhile.
     */
    public boolean isInDoubt() {
        return leaveInDoubt || suspects > 0;
    }

    /** Whether a leave may belong to an earlier session of its address. */
    void leaveInDoubt(boolean doubt) {
        if (leaveInDoubt != doubt) {
            leaveInDoubt = doubt;
            if (size == 0) {
                changed();
            }
        }
    }

    /** Whether the resource is there is in doubt: it is not chosen until its presence comes again. */
    void suspect(PooledResource resource) {
        if (!resource.isSuspect()) {
            resource.setSuspect(true);
            suspects++;
            makeUnchoosable(resource);
        }
    }

    /** Nobody will find out any more who is there: whoever was not known to have left is. */
    void endDoubts() {
        leaveInDoubt(false);
        if (suspects > 0) {
            for (PooledResource resource : byKey.values()) {
                if (resource.isSuspect()) {
                    trust(resource);
                    drain(resource, resource.isDraining());
                }
            }
        }
    }

    /** Whether somebody is listed who has not shown up since the stream broke. */
    boolean hasUnconfirmed() {
        return byKey.values().stream().anyMatch(resource -> !resource.isConfirmed());
    }

    /** The time in which all who are there answer the first probe of a stream begins, or is over. */
    void gather(boolean begins) {
        gathering = begins;
    }

    /** Whether the rules of a request name resources that may be there, but have had no time to show up. */
    public boolean awaits(ChoiceRules rules) {
        return gathering && rules.among() != null;
    }

    private void trust(PooledResource resource) {
        if (resource.isSuspect()) {
            resource.setSuspect(false);
            suspects--;
        }
    }

    /** To be called once, before the first change. */
    public void watchedBy(Watch hears) {
        watch = hears;
    }

    @Nullable
    public PooledResource find(Jid jid) {
        return byKey.get(jid.key());
    }

    /** All resources, confirmed or not; a copy. */
    public List<PooledResource> all() {
        return new ArrayList<>(byKey.values());
    }

    /** How many resources can be chosen. Any thread. */
    public int size() {
        return size;
    }

    /** All resources by their addresses; of each, only the address and the counters may be read. Any thread. */
    public List<PooledResource> listed() {
        return byKey.values().stream()
                .sorted(Comparator.comparing(PooledResource::key))
                .toList();
    }

    /** From now on the resource is not chosen, or is again. It is forgotten when the resource leaves. */
    public void drain(PooledResource resource, boolean drain) {
        resource.setDraining(drain);
        if (drain) {
            makeUnchoosable(resource);
        } else if (resource.isConfirmed() && !resource.isSuspect()) {
            makeChoosable(resource);
        }
    }

    /** Takes in an available presence of a session; says whether the resource is new to the pool. */
    boolean put(TargetPresence presence, long now) {
        PooledResource resource = find(presence.from());
        boolean added = resource == null;
        if (resource == null) {
            String key = presence.from().key();
            resource = departed.remove(key);
            if (resource == null) {
                resource = new PooledResource(presence.from());
            }
            resource.setDraining(false);
            list(resource);
        }
        resource.update(presence, now);
        trust(resource);
        if (!resource.isDraining()) {
            makeChoosable(resource);
        }
        return added;
    }

    /** A resource that an earlier process knew. It is not chosen, and leaves unless its presence comes in time. */
    public PooledResource recall(Jid jid) {
        PooledResource known = find(jid);
        if (known == null) {
            known = new PooledResource(jid);
            list(known);
        }
        return known;
    }

    private void list(PooledResource resource) {
        byKey.put(resource.key(), resource);
        resource.setListed(true);
    }

    void remove(PooledResource resource) {
        if (byKey.remove(resource.key()) != null && resource.isBusy()) {
            departed.put(resource.key(), resource);
        }
        resource.setListed(false);
        trust(resource);
        resource.forgetSuspicion();
        makeUnchoosable(resource);
    }

    /** Nothing is pending at the resource any more: if it has left, it is forgotten. */
    public void settled(PooledResource resource) {
        if (!resource.isListed()) {
            departed.remove(resource.key());
        }
    }

    /** The stream broke: nobody can be chosen until their presence comes again. */
    void unconfirm() {
        confirmed = false;
        leaveInDoubt = false;
        choosable.clear();
        places.clear();
        for (PooledResource resource : byKey.values()) {
            resource.unconfirm();
            trust(resource);
        }
        changed();
    }

    /** As {@link #choose(Jid, List, ChoiceRules)} where no route says anything of it. */
    @Nullable
    PooledResource choose(Jid requester, List<Jid> tried) {
        return choose(requester, tried, ChoiceRules.NONE);
    }

    /** A resource for this requester that was not tried yet, and that the rules allow; null where there is none. */
    @Nullable
    public PooledResource choose(Jid requester, List<Jid> tried, ChoiceRules rules) {
        Predicate<PooledResource> eligible = null;
        PooledResource own = own(requester);
        if (!tried.isEmpty() || own != null || rules.among() != null) {
            eligible = resource ->
                    !resource.equals(own) && !tried.contains(resource.jid()) && rules.allow(resource);
        }
        if (rules.sticky() != null) {
            return sticky(rules.sticky(), eligible);
        }
        return switch (policy) {
            case RANDOM -> random(eligible);
            case ROUND_ROBIN -> roundRobin(eligible);
            case LEAST_PENDING -> leastPending(eligible);
            case STICKY -> sticky(seed(requester.key()), eligible);
        };
    }

    /** The requester itself, which is not asked what it asks; null where it is no session of the target, as nearly all. */
    private @Nullable PooledResource own(Jid requester) {
        return choosable.isEmpty() || !choosable.get(0).jid().sameBare(requester) ? null : find(requester);
    }

    /** Whether {@link #choose} would find one. */
    public boolean hasChoice(Jid requester, List<Jid> tried, ChoiceRules rules) {
        PooledResource own = own(requester);
        return choosable.stream()
                .anyMatch(resource ->
                        !resource.equals(own) && !tried.contains(resource.jid()) && rules.allow(resource));
    }

    private @Nullable PooledResource random(@Nullable Predicate<PooledResource> eligible) {
        // Few are not eligible, so one that is is found soon, however many there are.
        for (int i = 0; i < DRAWS && !choosable.isEmpty(); i++) {
            PooledResource drawn = choosable.get(random.nextInt(choosable.size()));
            if (eligible == null || eligible.test(drawn)) {
                return drawn;
            }
        }
        List<PooledResource> left = choosable.stream()
                .filter(resource -> eligible == null || eligible.test(resource))
                .toList();
        return left.isEmpty() ? null : left.get(random.nextInt(left.size()));
    }

    private @Nullable PooledResource roundRobin(@Nullable Predicate<PooledResource> eligible) {
        for (int i = 0; i < choosable.size(); i++) {
            next = next >= choosable.size() ? 0 : next;
            PooledResource resource = choosable.get(next++);
            if (eligible == null || eligible.test(resource)) {
                return resource;
            }
        }
        return null;
    }

    private @Nullable PooledResource leastPending(@Nullable Predicate<PooledResource> eligible) {
        PooledResource least = null;
        int ties = 0;
        for (PooledResource resource : choosable) {
            if (eligible != null && !eligible.test(resource)) {
                continue;
            }
            if (least == null || resource.load() < least.load()) {
                least = resource;
                ties = 1;
            } else if (resource.load() == least.load() && random.nextInt(++ties) == 0) {
                // Each of the equal ones is kept with the same probability.
                least = resource;
            }
        }
        return least;
    }

    /** What {@link #sticky} takes for a key. */
    static long seed(String key) {
        return hash(key, 0xcbf29ce484222325L);
    }

    /** Rendezvous hashing: a key changes its resource only when that one leaves, or a new one wins. */
    private @Nullable PooledResource sticky(long seed, @Nullable Predicate<PooledResource> eligible) {
        PooledResource best = null;
        long bestScore = 0;
        for (PooledResource resource : choosable) {
            long score = hash(resource.key(), seed);
            if ((eligible == null || eligible.test(resource)) && (best == null || score > bestScore)) {
                best = resource;
                bestScore = score;
            }
        }
        return best;
    }

    /** FNV-1a with the finalizer of MurmurHash3, which spreads addresses that differ in their last letter only. */
    private static long hash(String text, long seed) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }

    private void makeChoosable(PooledResource resource) {
        if (!places.containsKey(resource)) {
            places.put(resource, choosable.size());
            choosable.add(resource);
            changed();
        }
    }

    private void makeUnchoosable(PooledResource resource) {
        Integer place = places.remove(resource);
        if (place == null) {
            return;
        }
        PooledResource last = choosable.remove(choosable.size() - 1);
        if (!last.equals(resource)) {
            choosable.set(place, last);
            places.put(last, place);
        }
        changed();
    }

    private void changed() {
        int before = size;
        size = choosable.size();
        watch.changed(before, size, confirmed && (size > 0 || !isInDoubt()));
    }
}
