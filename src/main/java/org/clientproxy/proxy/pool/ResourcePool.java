package org.clientproxy.proxy.pool;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * The available resources of the target, and the choice among them. Used on the loop only, but for {@link #size()} and
 * {@link #listed()}.
 */
public final class ResourcePool implements Adjustable {
    /** Hears of the changes of what can be chosen. On the loop, possibly in the middle of further changes. */
    @FunctionalInterface
    public interface Watch {
        /** @param confirmed whether it is known who is there: where nobody is, whether that is in no doubt */
        void changed(int before, int now, boolean confirmed);
    }

    private final RandomGenerator random;
    private SelectionPolicy policy;
    private Choice choice;
    private final Choice sticky = new Sticky();
    private Holders holders = Holders.NONE;
    private final ResourcesByAddress resources = new ResourcesByAddress();
    private final ChoosableResources choosable = new ChoosableResources();
    // Those of them that are below their capacity: first of these, and of those only where none of these may have the
    // request.
    private final ChoosableResources preferred = new ChoosableResources();
    private final ChoosableResources avoided = new ChoosableResources();
    private Set<String> avoidShow;
    private int limit;
    private boolean confirmed;
    private boolean gathering;
    private int suspects;
    private boolean leaveInDoubt;
    private volatile int size;
    private Watch watch = (before, now, known) -> {};
    private Runnable moved = () -> {};
    private Consumer<PooledResource> room = resource -> {};
    private FeatureSource features = FeatureSource.NONE;

    public ResourcePool(SelectionPolicy policy, RandomGenerator random) {
        this(policy, List.of(), random);
    }

    /** @param avoidShow resources with one of these as their {@code show} are chosen only where there is no other */
    public ResourcePool(SelectionPolicy policy, List<String> avoidShow, RandomGenerator random) {
        this.random = random;
        this.policy = policy;
        this.choice = Choice.of(policy, random);
        this.avoidShow = Set.copyOf(avoidShow);
    }

    @Override
    public void adjust(ProxySettings now) {
        if (now.selection() != policy) {
            policy = now.selection();
            choice = Choice.of(policy, random);
        }
        limitEach(now.get(WorkerKeys.MAX_PENDING_PER_RESOURCE));
        Set<String> avoidNow = Set.copyOf(now.get(WorkerKeys.AVOID_SHOW));
        if (!avoidNow.equals(avoidShow)) {
            avoidShow = avoidNow;
            for (PooledResource resource : resources.copy()) {
                avoid(resource);
                updateChoice(resource);
            }
        }
    }

    private void avoid(PooledResource resource) {
        String show = resource.show();
        resource.setAvoided(show != null && avoidShow.contains(show));
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
        return leaveInDoubt || suspects > 0 || onlyEjectedSoFar();
    }

    /** Whether all who have shown up so far on this stream are ejected: the others have had no time to. */
    private boolean onlyEjectedSoFar() {
        return gathering
                && size == 0
                && resources.all().stream().anyMatch(each -> each.isServing() && each.isEjected());
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
        moved.run();
    }

    /** Whether that time runs. */
    boolean isGathering() {
        return gathering;
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

    /** To be called before the first change: says who hears, too, that resources have come, left, or changed. */
    void movesTo(Runnable hears) {
        Runnable before = moved;
        moved = () -> {
            before.run();
            hears.run();
        };
    }

    /**
     * Says who hears of each resource that may be chosen from now on and could not be before: it has come, has returned, is
     * restored, has a place free again, or has a larger capacity. To be called once, before the first change. On the loop,
     * possibly in the middle of further changes.
     */
    public void roomTo(Consumer<PooledResource> hears) {
        room = hears;
    }

    /** From now on no resource gets a request beyond so many that are pending at it; 0: any number, as its presence wishes. */
    public void limitEach(int most) {
        limit = most;
        for (PooledResource resource : resources.copy()) {
            resource.limit(most);
            updateRoom(resource);
        }
    }

    /** More or fewer requests are pending at the resource than before. To be called each time, or its capacity is not kept. */
    public void loadChanged(PooledResource resource) {
        if (resource.capacity() != 0) {
            updateRoom(resource);
        }
    }

    /** From now on this one finds out what the resources announce; what is known of them so far is forgotten. On the loop. */
    public void featuresFrom(FeatureSource source) {
        FeatureSource before = features;
        features = source;
        for (PooledResource resource : resources.copy()) {
            before.gone(resource);
            if (resource.isConfirmed()) {
                source.present(resource);
            }
        }
    }

    /** To be called once, before the first choice: says who knows the holders of conversations, and hears of new ones. */
    public void heldBy(Holders who) {
        holders = who;
    }

    @Nullable
    public PooledResource find(Jid jid) {
        return resources.find(jid);
    }

    /**
     * All resources, confirmed or not; a copy. Those that are ejected come first, so that where many leave one after the other
     * none returns in the place of others before it leaves, too.
     */
    public List<PooledResource> all() {
        List<PooledResource> all = resources.copy();
        all.sort(Comparator.comparing(resource -> !resource.isEjected()));
        return all;
    }

    /** All resources, confirmed or not; not a copy. */
    Collection<PooledResource> members() {
        return resources.all();
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

    /**
     * Takes in an available presence of a session; says whether the resource is seen there for the first time since it is in the
     * pool.
     */
    boolean put(TargetPresence presence, long now) {
        PooledResource known = find(presence.from());
        PooledResource resource = known == null ? resources.enter(presence.from()) : known;
        if (!resource.isConfirmed()) {
            resource.beginAnew(now);
        }
        resource.limit(limit);
        resource.update(presence, now);
        avoid(resource);
        move(resource, ResourceState.PRESENT);
        features.present(resource);
        return resource.seeFirst();
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
        resource.forgetEjection();
        resource.forgetSight();
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
        features.streamDown();
        choosable.clear();
        preferred.clear();
        avoided.clear();
        for (PooledResource resource : resources.all()) {
            become(resource, ResourceState.UNCONFIRMED);
        }
        changed();
        moved.run();
    }

    /** A resource that may have the request now; null where there is none. One that is avoided only where there is no other. */
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
        PooledResource chosen = choose(wish, preferred);
        return chosen == null ? choose(wish, avoided) : chosen;
    }

    private @Nullable PooledResource choose(Wish wish, ChoosableResources candidates) {
        if (candidates.size() == 0) {
            return null;
        }
        Eligibility eligible = Eligibility.of(wish, candidates.list());
        if (wish.choiceRules().sticky() != null) {
            return sticky.choose(candidates.list(), wish, eligible);
        }
        if (policy != SelectionPolicy.STICKY) {
            return choice.choose(candidates.list(), wish, eligible);
        }
        return chooseHolder(wish, candidates, eligible);
    }

    /**
     * The request goes to this resource, which was chosen for it. Where the choice is sticky, the resource holds its conversation
     * from now on; but who stands in for one that is full does so for this request alone.
     *
     * @param wish for which it was chosen
     */
    public void given(Wish wish, PooledResource resource) {
        if (policy != SelectionPolicy.STICKY || wish.choiceRules().sticky() != null) {
            return;
        }
        boolean allHaveRoom = preferred.size() + avoided.size() == choosable.size();
        if (allHaveRoom || resource.equals(chooseForConversation(asChosen(wish, resource)))) {
            holders.holds(wish, resource);
        }
    }

    /** Whether the resource was chosen among those alone that announce what the request wants. */
    private static Wish asChosen(Wish wish, PooledResource resource) {
        WantedFeature feature = wish.choiceRules().feature();
        if (feature == null || feature.required() || !resource.features().include(feature.namespace())) {
            return wish;
        }
        return wish.under(wish.choiceRules().wanting(feature.asRequired()));
    }

    /**
     * A resource for something that will not be pending anywhere, whatever is pending there: the holder of its conversation, else
     * by rendezvous hashing. One that is avoided only where there is no other. Null where there is none.
     */
    public @Nullable PooledResource chooseForConversation(Wish wish) {
        return choosable.size() == 0 ? null : chooseHolder(wish, choosable, Eligibility.of(wish, choosable.list()));
    }

    private @Nullable PooledResource chooseHolder(Wish wish, ChoosableResources candidates, Eligibility eligible) {
        PooledResource holder = holders.holder(wish);
        if (holder == null || !candidates.contains(holder) || !eligible.allows(holder, wish)) {
            return sticky.choose(candidates.list(), wish, eligible);
        }
        if (!holder.isAvoided()) {
            return holder;
        }
        PooledResource other = sticky.choose(candidates.list(), wish, eligible);
        return other != null && other.isAvoided() ? holder : other;
    }

    /** Whether {@link #choose} would find one. */
    public boolean hasChoice(Wish wish) {
        return anyOf(preferred.list(), wish) || anyOf(avoided.list(), wish);
    }

    /** Whether somebody is there whom the request suits, with room for it or without. */
    public boolean isSomebodyFor(Wish wish) {
        return anyOf(choosable.list(), wish);
    }

    private static boolean anyOf(List<PooledResource> candidates, Wish wish) {
        if (candidates.isEmpty()) {
            return false;
        }
        Eligibility eligible = Eligibility.of(wish, candidates);
        for (PooledResource resource : candidates) {
            if (eligible.allows(resource, wish)) {
                return true;
            }
        }
        return false;
    }

    /** Those that may be chosen now, each below its capacity; a copy. Those that are avoided come last. */
    public List<PooledResource> withRoom() {
        return Stream.of(preferred, avoided)
                .flatMap(each -> each.list().stream())
                .toList();
    }

    /** Those that may be chosen at all, with room for another request or without; not a copy. */
    public List<PooledResource> choosable() {
        return Collections.unmodifiableList(choosable.list());
    }

    /** Whether the resource may be chosen now, by a request that it suits. */
    public boolean hasRoom(PooledResource resource) {
        return preferred.contains(resource) || avoided.contains(resource);
    }

    /** Whether the resource suits the request, whatever is pending there. */
    public boolean suits(PooledResource resource, Wish wish) {
        return choosable.contains(resource)
                && Eligibility.of(wish, choosable.list()).allows(resource, wish);
    }

    /** Whether one might be found if it were known what it announces. */
    public boolean isLearningFor(Wish wish) {
        return wish.choiceRules().isFeatureRequired()
                && anyOf(
                        choosable.list().stream()
                                .filter(each -> each.features().isUnknown())
                                .toList(),
                        ofAnyFeature(wish));
    }

    /** Whether it is for the feature alone that none is found. */
    public boolean lacksFeature(Wish wish) {
        return wish.choiceRules().isFeatureRequired() && isSomebodyFor(ofAnyFeature(wish));
    }

    private static Wish ofAnyFeature(Wish wish) {
        return wish.under(wish.choiceRules().wanting(null));
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

    /** Whether the resource can be chosen may have changed. */
    void updateChoice(PooledResource resource) {
        if (resource.isChoosable() ? choosable.add(resource) : choosable.remove(resource)) {
            changed();
        }
        updateRoom(resource);
        moved.run();
    }

    /** Here alone a resource becomes one that may be chosen now, or ceases to be. */
    private void updateRoom(PooledResource resource) {
        boolean could = hasRoom(resource);
        boolean can = resource.isChoosable() && resource.hasRoom();
        put(preferred, resource, can && !resource.isAvoided());
        put(avoided, resource, can && resource.isAvoided());
        if (can && !could) {
            room.accept(resource);
        }
    }

    private static void put(ChoosableResources list, PooledResource resource, boolean in) {
        if (in) {
            list.add(resource);
        } else {
            list.remove(resource);
        }
    }

    private void changed() {
        int before = size;
        size = choosable.size();
        watch.changed(before, size, confirmed && (size > 0 || !isInDoubt()));
    }
}
