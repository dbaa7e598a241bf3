package org.clientproxy.proxy.pool;

import java.util.List;
import org.clientproxy.proxy.stats.ResourceCounters;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogText;
import org.jspecify.annotations.Nullable;

/**
 * One available session of the target, as its presence describes it. Equal to another one of the same full address.
 * Changed on the loop only.
 */
public final class PooledResource {
    /**
     * What is pending at a resource, kept by whoever sends requests there. The pool asks for their number alone, by which
     * {@link LeastPending} chooses, and by which it is known whether one that has left may be forgotten.
     */
    @FunctionalInterface
    public interface Work {
        /** How many requests are pending there. */
        int count();
    }

    private final Jid jid;
    private final String key;
    private final ResourceCounters counters = new ResourceCounters();
    private @Nullable String show;
    private int priority;
    private @Nullable Caps caps;
    private AnnouncedFeatures features = AnnouncedFeatures.UNKNOWN;
    // How many requests it may have at a time; 0: any number. What its presence wishes, and what each may have.
    private int wished;
    private int limit;
    private final List<Jid> alone;
    private @Nullable Work work;
    private ResourceState state = ResourceState.ABSENT;
    // An operator's word, in whatever state it is in the pool.
    private boolean retired;
    // Of its last presence: when it came, and what for.
    private long availableAt;
    private boolean answeredProbe;
    // Of the last suspicion, which may be over: a resource is not suspected again soon.
    private long suspectedAt;
    private boolean everSuspected;
    // Whether its presence has come since it is in the pool; what an earlier process knew has not shown up yet.
    private boolean seen;
    private int session;
    private boolean avoided;
    // How it does with its requests: see Ejections.
    private int timeouts;
    private long answerableSince;
    private @Nullable Ejection ejection;

    public PooledResource(Jid jid) {
        this.jid = jid;
        this.key = jid.key();
        this.alone = List.of(jid);
    }

    /** Takes in an available presence. */
    void update(TargetPresence presence, long now) {
        show = presence.show();
        priority = presence.priority();
        caps = presence.caps();
        wished = presence.capacity();
        availableAt = now;
        answeredProbe = false;
    }

    /** From now on it is in this state; for the pool, which goes by it. */
    void become(ResourceState next) {
        if (next != state && !state.mayBecome(next)) {
            throw new IllegalStateException(this + " cannot go from " + state + " to " + next);
        }
        state = next;
    }

    ResourceState state() {
        return state;
    }

    /** Whether it can be chosen at all. */
    public boolean isChoosable() {
        return isServing() && !isEjected();
    }

    /** Whether it can be chosen, unless its time-outs keep it out. */
    boolean isServing() {
        return state == ResourceState.PRESENT && !retired;
    }

    /** Whether it gets new requests only when there is nobody else. */
    public boolean isAvoided() {
        return avoided;
    }

    void setAvoided(boolean avoid) {
        avoided = avoid;
    }

    /** Whether its time-outs keep it from new requests. */
    public boolean isEjected() {
        return ejection != null && ejection.isOut();
    }

    /** Why its time-outs keep it from new requests, and until when, for an operator; null: they do not. */
    public @Nullable String ejectedWhy(long now) {
        return ejection == null || !ejection.isOut() ? null : ejection.describe(now);
    }

    /** What is remembered of its being out; null: it never was. */
    @Nullable
    Ejection ejection() {
        return ejection;
    }

    void setEjection(Ejection of) {
        ejection = of;
    }

    /** It is as if it had never been out. */
    void forgetEjection() {
        ejection = null;
        timeouts = 0;
    }

    /** How many requests in a row have timed out at it, or failed in a way that counts like that. */
    public int timeouts() {
        return timeouts;
    }

    /** Counts one more, and says how many there are with it. */
    int countTimeout() {
        return ++timeouts;
    }

    /** It has replied. */
    void forgetTimeouts() {
        if (timeouts != 0) {
            timeouts = 0;
        }
    }

    /** It is there again, or in the choice again: what was sent to it before says nothing of it as it is now. */
    void beginAnew(long now) {
        answerableSince = now;
        timeouts = 0;
    }

    /**
     * Whether it can be blamed for what was sent to it so long ago and not answered, in nanoseconds: the stream has not broken
     * since, for that loses replies, and it has not left or been out of the choice.
     */
    public boolean isAnswerableFor(long age, long now) {
        return now - age - answerableSince >= 0;
    }

    public Jid jid() {
        return jid;
    }

    /** Its address as a list. */
    public List<Jid> alone() {
        return alone;
    }

    /** The folded address, for correlation keys. */
    public String key() {
        return key;
    }

    @Nullable
    public String show() {
        return show;
    }

    public int priority() {
        return priority;
    }

    /** What its last presence said about what its program is and can; null: nothing. */
    @Nullable
    public Caps caps() {
        return caps;
    }

    /** What it has announced that it can. */
    public AnnouncedFeatures features() {
        return features;
    }

    /** From now on this is what it has announced; for the {@link FeatureSource}. */
    public void announces(AnnouncedFeatures announced) {
        features = announced;
    }

    /** Whether it has shown up since the stream is ready, and has not left. */
    public boolean isConfirmed() {
        return state == ResourceState.PRESENT || state == ResourceState.SUSPECT;
    }

    /** Whether it is in the pool. */
    public boolean isListed() {
        return state != ResourceState.ABSENT;
    }

    /** When its last available presence came, in nanoseconds of the loop's clock. */
    long availableAt() {
        return availableAt;
    }

    /** Whether an available presence of it has come since that time, in nanoseconds of the loop's clock. */
    boolean isSeenSince(long time) {
        return isConfirmed() && availableAt - time >= 0;
    }

    /** Whether that presence may have been the answer to a probe that asked whether it had left in earnest. */
    boolean hasAnsweredProbe() {
        return answeredProbe;
    }

    void setAnsweredProbe(boolean answered) {
        answeredProbe = answered;
    }

    /** The how-manieth session of this address it is, counted from when something is pending here. */
    public int session() {
        return session;
    }

    /** The session has ended: who comes back is another one. */
    public void sessionEnds() {
        session++;
    }

    /** Whether it is being found out if it is there at all, so that it gets no new requests. */
    public boolean isSuspect() {
        return state == ResourceState.SUSPECT;
    }

    /** Whether it came under the suspicion that it is under at that time. */
    boolean isSuspectSince(long time) {
        return isSuspect() && suspectedAt == time;
    }

    /** Its presence has come; says whether that is the first one since it is in the pool. */
    boolean seeFirst() {
        boolean first = !seen;
        seen = true;
        return first;
    }

    /** It has left; who comes back comes anew. */
    void forgetSight() {
        seen = false;
    }

    /** It has left; a session that comes back is a new one. */
    void forgetSuspicion() {
        everSuspected = false;
    }

    /** Notes that it comes under suspicion now; false where it did within that time before, in nanoseconds. */
    boolean suspected(long now, long pause) {
        if (everSuspected && now - suspectedAt < pause) {
            return false;
        }
        everSuspected = true;
        suspectedAt = now;
        return true;
    }

    /** Whether it gets no new requests on an operator's word. */
    public boolean isRetired() {
        return retired;
    }

    void setRetired(boolean retire) {
        retired = retire;
    }

    /** Any thread. */
    public ResourceCounters counters() {
        return counters;
    }

    /** What is pending at it; null: nothing ever was. */
    public @Nullable Work work() {
        return work;
    }

    /** From now on this is what is pending at it. */
    public void setWork(Work pending) {
        work = pending;
    }

    /** How many requests are pending at it. */
    public int load() {
        return work == null ? 0 : work.count();
    }

    public boolean isBusy() {
        return load() > 0;
    }

    /** From now on each may have so many requests at a time, if its presence wishes no fewer; 0: any number. */
    void limit(int most) {
        limit = most;
    }

    /** How many requests it may have at a time: the smaller of what each may have and what its presence wishes; 0: any number. */
    public int capacity() {
        return wished == 0 || limit == 0 ? wished + limit : Math.min(wished, limit);
    }

    /** Whether it may have one more request. */
    boolean hasRoom() {
        int capacity = capacity();
        return capacity == 0 || load() < capacity;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PooledResource that && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return LogText.of(jid.toString());
    }
}
