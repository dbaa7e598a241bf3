package org.clientproxy.proxy;

import java.util.List;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogText;
import org.jspecify.annotations.Nullable;

/**
 * One available session of the target, as its presence describes it. Equal to another one of the same full address.
 * Changed on the loop only.
 */
final class PooledResource {
    private final Jid jid;
    private final String key;
    private final ResourceCounters counters = new ResourceCounters();
    private @Nullable String show;
    private int priority;
    private @Nullable String caps;
    private boolean confirmed;
    private final List<Jid> alone;
    // What is pending at it, in the order in which it was sent; the requests are the links.
    private @Nullable PendingRequest first;
    private @Nullable PendingRequest last;
    private int load;
    private boolean listed;
    private boolean draining;
    private boolean suspect;
    private long availableAt;
    private boolean answeredProbe;
    private long suspectedAt;
    private boolean everSuspected;
    private int session;

    PooledResource(Jid jid) {
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

    Jid jid() {
        return jid;
    }

    /** Its address as a list. */
    List<Jid> alone() {
        return alone;
    }

    /** The folded address, for correlation keys. */
    String key() {
        return key;
    }

    @Nullable
    String show() {
        return show;
    }

    int priority() {
        return priority;
    }

    /** What its program is and can (XEP-0115), as {@code node#ver}. */
    @Nullable
    String caps() {
        return caps;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /** Whether it is in the pool. */
    boolean isListed() {
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
    int session() {
        return session;
    }

    /** The session has ended: who comes back is another one. */
    void sessionEnds() {
        session++;
    }

    /** Whether it is being found out if it is there at all, so that it gets no new requests. */
    boolean isSuspect() {
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
    boolean isDraining() {
        return draining;
    }

    void setDraining(boolean drain) {
        draining = drain;
    }

    /** Any thread. */
    ResourceCounters counters() {
        return counters;
    }

    void add(PendingRequest request) {
        request.sentBefore = last;
        if (last == null) {
            first = request;
        } else {
            last.sentAfter = request;
        }
        last = request;
        load++;
    }

    /** To be called for what was added, once. */
    void remove(PendingRequest request) {
        PendingRequest before = request.sentBefore;
        PendingRequest after = request.sentAfter;
        if (before == null) {
            first = after;
        } else {
            before.sentAfter = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.sentBefore = before;
        }
        request.sentBefore = null;
        request.sentAfter = null;
        load--;
    }

    /** The request that has been pending at it for the longest; {@link PendingRequest#sentAfter} leads to the next. */
    @Nullable
    PendingRequest first() {
        return first;
    }

    /** How many requests are pending at it. */
    int load() {
        return load;
    }

    boolean isBusy() {
        return load > 0;
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
