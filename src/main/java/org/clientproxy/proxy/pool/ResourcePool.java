package org.clientproxy.proxy.pool;

import java.util.List;
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
    private final ResourcesByAddress resources = new ResourcesByAddress();
    private final ChoosableResources choosable = new ChoosableResources();
    private boolean confirmed;
    private boolean gathering;
    private int suspects;
    private boolean leaveInDoubt;
    private volatile int size;
    private Watch watch = (before, now, known) -> {};
    private FeatureSource features = FeatureSource.NONE;

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
        move(resource, ResourceState.SUSPECT);
    }

    /** Nobody will find out any more who is there: whoever was not known to have left is. */
    void endDoubts() {
        leaveInDoubt(false);
        if (suspects > 0) {
            for (PooledResource resource : resources.all()) {
                if (resource.isSuspect()) {
                    move(resource, ResourceState.PRESENT);
                }
            }
        }
    }

    /** Whether somebody is listed who has not shown up since the stream broke. */
    boolean hasUnconfirmed() {
        return resources.all().stream().anyMatch(resource -> !resource.isConfirmed());
    }

    /** The time in which all who are there answer the first probe of a stream begins, or is over. */
    void gather(boolean begins) {
        gathering = begins;
    }

    /** Whether the request names resources, or a feature of theirs, that may be there, but have had no time to show up. */
    public boolean awaits(Wish wish) {
        ChoiceRules rules = wish.choiceRules();
        return gathering && (rules.among() != null || rules.isFeatureRequired());
    }

    /** To be called once, before the first change. */
    public void watchedBy(Watch hears) {
        watch = hears;
    }

    /** To be called once, before the first change. */
    public void featuresFrom(FeatureSource source) {
        features = source;
    }

    @Nullable
    public PooledResource find(Jid jid) {
        return resources.find(jid);
    }

    /** All resources, confirmed or not; a copy. */
    public List<PooledResource> all() {
        return resources.copy();
    }

    /** How many resources can be chosen. Any thread. */
    public int size() {
        return size;
    }

    /** All resources by their addresses; of each, only the address and the counters may be read. Any thread. */
    public List<PooledResource> listed() {
        return resources.sorted();
    }

    /** From now on the resource is not chosen. It is forgotten when the resource leaves. */
    public void retire(PooledResource resource) {
        resource.setRetired(true);
        updateChoice(resource);
    }

    /** A retired resource may be chosen again. */
    public void restore(PooledResource resource) {
        resource.setRetired(false);
        updateChoice(resource);
    }

    /** Takes in an available presence of a session; says whether the resource is new to the pool. */
    boolean put(TargetPresence presence, long now) {
        PooledResource known = find(presence.from());
        PooledResource resource = known == null ? resources.enter(presence.from()) : known;
        resource.update(presence, now);
        move(resource, ResourceState.PRESENT);
        features.present(resource);
        return known == null;
    }

    /** A resource that an earlier process knew. It is not chosen, and leaves unless its presence comes in time. */
    public PooledResource recall(Jid jid) {
        PooledResource known = find(jid);
        if (known == null) {
            known = resources.enter(jid);
            move(known, ResourceState.UNCONFIRMED);
        }
        return known;
    }

    void remove(PooledResource resource) {
        resources.leave(resource);
        resource.forgetSuspicion();
        features.gone(resource);
        move(resource, ResourceState.ABSENT);
    }

    /** Nothing is pending at the resource any more: if it has left, it is forgotten. */
    public void settled(PooledResource resource) {
        resources.settled(resource);
    }

    /** The stream broke: nobody can be chosen until their presence comes again. */
    void unconfirm() {
        confirmed = false;
        leaveInDoubt = false;
        choosable.clear();
        for (PooledResource resource : resources.all()) {
            become(resource, ResourceState.UNCONFIRMED);
            features.gone(resource);
        }
        changed();
    }

    /** A resource that may have the request; null where there is none. */
    @Nullable
    public PooledResource choose(Wish wish) {
        WantedFeature feature = wish.choiceRules().feature();
        if (feature != null && !feature.required()) {
            PooledResource able = chooseAmong(wish.under(wish.choiceRules().wanting(feature.asRequired())));
            if (able != null) {
                return able;
            }
        }
        return chooseAmong(wish);
    }

    private @Nullable PooledResource chooseAmong(Wish wish) {
        List<PooledResource> candidates = choosable.list();
        Choice by = wish.choiceRules().sticky() == null ? choice : sticky;
        return candidates.isEmpty() ? null : by.choose(candidates, wish, Eligibility.of(wish, candidates));
    }

    /** Whether {@link #choose} would find one. */
    public boolean hasChoice(Wish wish) {
        List<PooledResource> candidates = choosable.list();
        if (candidates.isEmpty()) {
            return false;
        }
        Eligibility eligible = Eligibility.of(wish, candidates);
        return candidates.stream().anyMatch(resource -> eligible.allows(resource, wish));
    }

    /** Whether one might be found if it were known what it announces. */
    public boolean isLearningFor(Wish wish) {
        return wish.choiceRules().isFeatureRequired() && hasChoiceWithoutFeature(wish, true);
    }

    /** Whether it is for the feature alone that none is found. */
    public boolean lacksFeature(Wish wish) {
        return wish.choiceRules().isFeatureRequired() && hasChoiceWithoutFeature(wish, false);
    }

    private boolean hasChoiceWithoutFeature(Wish wish, boolean unknown) {
        List<PooledResource> candidates = choosable.list();
        if (candidates.isEmpty()) {
            return false;
        }
        Wish any = wish.under(wish.choiceRules().wanting(null));
        Eligibility eligible = Eligibility.of(any, candidates);
        return candidates.stream()
                .anyMatch(each -> (!unknown || each.features().isUnknown()) && eligible.allows(each, any));
    }

    private void move(PooledResource resource, ResourceState next) {
        become(resource, next);
        updateChoice(resource);
    }

    private void become(PooledResource resource, ResourceState next) {
        if (resource.isSuspect()) {
            suspects--;
        }
        resource.become(next);
        if (resource.isSuspect()) {
            suspects++;
        }
    }

    private void updateChoice(PooledResource resource) {
        if (resource.isChoosable() ? choosable.add(resource) : choosable.remove(resource)) {
            changed();
        }
    }

    private void changed() {
        int before = size;
        size = choosable.size();
        watch.changed(before, size, confirmed && (size > 0 || !isInDoubt()));
    }
}
