package org.clientproxy.proxy.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * The available resources of the target, and the choice among them. Used on the loop only, but for {@link #size()} and
 * {@link #listed()}.
 */
public final class ResourcePool {
    /** Hears of the changes of what can be chosen. On the loop, possibly in the middle of further changes. */
    @FunctionalInterface
    public interface Watch {
        /** @param confirmed whether it is known who is there: where nobody is, whether that is in no doubt */
        void changed(int before, int now, boolean confirmed);
    }

    private final Choice choice;
    private final Choice sticky = new Sticky();
    // Changed on the loop only, and listed on any thread.
    private final Map<String, PooledResource> byKey = new ConcurrentHashMap<>();
    // Those that left with requests pending at them: what returns is the same, with what it has still to do.
    private final Map<String, PooledResource> departed = new HashMap<>();
    private final ChoosableResources choosable = new ChoosableResources();
    private boolean confirmed;
    private boolean gathering;
    private int suspects;
    private boolean leaveInDoubt;
    private volatile int size;
    private Watch watch = (before, now, known) -> {};

    public ResourcePool(SelectionPolicy policy, RandomGenerator random) {
        this.choice = Choice.of(policy, random);
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
                    if (resource.isConfirmed() && !resource.isRetired()) {
                        makeChoosable(resource);
                    }
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

    /** Whether the request names resources that may be there, but have had no time to show up. */
    public boolean awaits(Wish wish) {
        return gathering && wish.choiceRules().among() != null;
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

    /** From now on the resource is not chosen. It is forgotten when the resource leaves. */
    public void retire(PooledResource resource) {
        resource.setRetired(true);
        makeUnchoosable(resource);
    }

    /** A retired resource may be chosen again. */
    public void restore(PooledResource resource) {
        resource.setRetired(false);
        if (resource.isConfirmed() && !resource.isSuspect()) {
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
            resource.setRetired(false);
            list(resource);
        }
        resource.update(presence, now);
        trust(resource);
        if (!resource.isRetired()) {
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
        for (PooledResource resource : byKey.values()) {
            resource.unconfirm();
            trust(resource);
        }
        changed();
    }

    /** A resource that may have the request; null where there is none. */
    @Nullable
    public PooledResource choose(Wish wish) {
        List<PooledResource> resources = choosable.list();
        Choice by = wish.choiceRules().sticky() == null ? choice : sticky;
        return resources.isEmpty() ? null : by.choose(resources, wish, Eligibility.of(wish, resources));
    }

    /** Whether {@link #choose} would find one. */
    public boolean hasChoice(Wish wish) {
        List<PooledResource> resources = choosable.list();
        if (resources.isEmpty()) {
            return false;
        }
        Eligibility eligible = Eligibility.of(wish, resources);
        return resources.stream().anyMatch(resource -> eligible.allows(resource, wish));
    }

    private void makeChoosable(PooledResource resource) {
        if (choosable.add(resource)) {
            changed();
        }
    }

    private void makeUnchoosable(PooledResource resource) {
        if (choosable.remove(resource)) {
            changed();
        }
    }

    private void changed() {
        int before = size;
        size = choosable.size();
        watch.changed(before, size, confirmed && (size > 0 || !isInDoubt()));
    }
}
