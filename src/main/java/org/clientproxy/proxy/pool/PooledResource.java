package org.clientproxy.proxy.pool;
import org.clientproxy.proxy.stats.ResourceCounters;

import java.util.List;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogText;
import org.jspecify.annotations.Nullable;

/**
 * One available session of the target, as its presence describes it. Equal to another one of the same full address.
 * Changed on the loop only.
 */
public final class PooledResource {
    /** What is pending at a resource: the pool asks how much, the rest is the matter of whoever sends requests. */
    @FunctionalInterface
    public interface Work {
        /** How many requests. */
        int count();
    }

    private final Jid jid;
    private final String key;
    private final ResourceCounters counters = new ResourceCounters();
    private @Nullable String show;
    private int priority;
    private @Nullable String caps;
    private boolean confirmed;
    private final List<Jid> alone;
    private @Nullable Work work;
    private boolean listed;
    private boolean retired;
    private boolean suspect;
    private long availableAt;
    private boolean answeredProbe;
    private long suspectedAt;
    private boolean everSuspected;
    private int session;

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
        confirmed = true;
        availableAt = now;
        answeredProbe = false;
    }

    /** The stream broke: whether it is still there is not known. */
    void unconfirm() {
        confirmed = false;
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

    /** What its program is and can (XEP-0115), as {@code node#ver}. */
    @Nullable
    String caps() {
        return caps;
    }

    public boolean isConfirmed() {
        return confirmed;
    }

    /** Whether it is in the pool. */
    public boolean isListed() {
        return listed;
    }

    void setListed(boolean inPool) {
        listed = inPool;
    }

    /** When its last available presence came, in nanoseconds of the loop's clock. */
    long availableAt() {
        return availableAt;
    }

    /** Whether an available presence of it has come since that time, in nanoseconds of the loop's clock. */
    boolean isSeenSince(long time) {
        return confirmed && availableAt - time >= 0;
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
        return suspect;
    }

    /** Whether it came under the suspicion that it is under at that time. */
    boolean isSuspectSince(long time) {
        return suspect && suspectedAt == time;
    }

    void setSuspect(boolean doubted) {
        suspect = doubted;
    }

    /** It has left; a session that comes back is a new one. */
    void forgetSuspicion() {
        suspect = false;
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
