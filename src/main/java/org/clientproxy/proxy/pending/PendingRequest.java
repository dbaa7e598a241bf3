package org.clientproxy.proxy.pending;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.Wish;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * A request that was taken in and is not answered yet, with the state of its present attempt. Used on the loop of its
 * stream only.
 */
public final class PendingRequest extends DeadlineRing.Node<PendingRequest> implements Wish {
    /** Who sent it. */
    public final Jid requester;

    /** Of whom its share is counted: the requester's bare address, folded. Equal strings may be made one. */
    public String account;

    /** In which it is counted while it is pending; null while it is not. */
    PendingShares.@Nullable Share share;

    /** How much memory is counted for it there, in octets. */
    long counted;

    /** When it came, in nanoseconds of the loop's clock. */
    public final long startedAt;

    /** When it expires at the latest, over all attempts, in nanoseconds of the loop's clock. */
    public final long deadline;

    private Stanza request;
    private List<Jid> tried = List.of();
    private @Nullable PooledResource resource;
    private @Nullable String key;
    private long sentAt;
    private @Nullable Stanza bounce;
    private boolean quickBounce;
    private long bouncedAt;
    private boolean replied;
    private boolean answered;
    private boolean refused;
    private boolean held;
    private boolean replaced;
    private int session;
    private @Nullable Stanza answeredBy;
    // Its neighbours at its resource, which sets them.
    @Nullable
    public PendingRequest sentBefore;

    @Nullable
    public PendingRequest sentAfter;

    private int failures;
    private PendingStore.@Nullable Recorded stored;
    private Map<String, Object> trace = Map.of();
    private long size;

    public PendingRequest(Stanza request, Jid requester, long startedAt, long deadline) {
        this.request = request;
        this.requester = requester;
        this.account = requester.bare().key();
        this.startedAt = startedAt;
        this.deadline = deadline;
    }

    /** The request as the requester sent it. */
    public Stanza request() {
        return request;
    }

    /** It will wait for long: from now on the request does not hold the octets that it came as. */
    public void compact() {
        request = request.compact();
    }

    /** How much memory it takes while it is pending, without what its present attempt adds. */
    long size() {
        if (size == 0) {
            size = PendingSize.of(request, requester, account);
        }
        return size;
    }

    /** An attempt begins: the request goes to this resource under this correlation key. */
    public void attempt(PooledResource to, String correlationKey, long now) {
        tried = tried.isEmpty()
                ? to.alone()
                : Stream.concat(tried.stream(), to.alone().stream()).toList();
        resource = to;
        session = to.session();
        key = correlationKey;
        sentAt = now;
        bounce = null;
        replied = false;
        replaced = false;
    }

    /** An attempt of an earlier process goes on. When it was sent is not known, so it counts as long ago. */
    void resume(PooledResource at, String correlationKey, long now) {
        resource = at;
        session = at.session();
        key = correlationKey;
        sentAt = now - Duration.ofHours(1).toNanos();
    }

    /** The present attempt did not come about: it was sent to nobody. */
    void abandon() {
        resource = null;
        key = null;
    }

    /** The request is kept under this key until the pool is confirmed. */
    void await(String correlationKey) {
        replaced = isAtFormerSession();
        resource = null;
        key = correlationKey;
        bounce = null;
    }

    /** It failed while it was pending nowhere: no other request can have this key, under which it is answered. */
    public void failUnder(String correlationKey) {
        key = correlationKey;
    }

    /** It waits for the operator's gate, under this key. */
    void hold(String correlationKey) {
        held = true;
        key = correlationKey;
    }

    /** It has come back from the gate. */
    void release() {
        held = false;
        key = null;
    }

    /** Whether it waits for the gate, or ended while it did. */
    public boolean isHeld() {
        return held;
    }

    /** An earlier process has sent it to these. */
    void triedBefore(List<Jid> resources) {
        tried = resources;
    }

    /** Whether the session that it went to last has ended since, whoever is there now. */
    boolean isAtFormerSession() {
        return replaced || resource != null && resource.session() != session;
    }

    /** The resources that it was sent to, but for the last one if another session may be there now. */
    List<Jid> triedElsewhere() {
        if (!isAtFormerSession()) {
            return tried;
        }
        Jid last = tried.get(tried.size() - 1);
        return tried.stream().filter(jid -> !jid.equals(last)).toList();
    }

    @Override
    public Jid requester() {
        return requester;
    }

    /** The resources that it was sent to. */
    @Override
    public List<Jid> tried() {
        return tried;
    }

    /** The resource of the present attempt; null while it waits for the pool. */
    @Nullable
    public PooledResource resource() {
        return resource;
    }

    /** The correlation key of the present attempt; null before the first. */
    @Nullable
    public String key() {
        return key;
    }

    /**
     * Keeps the error with which the request came back until it is known whether the resource has left.
     *
     * @param undelivered whether it surely never reached the client, so that even a set may be tried again
     */
    public void bounced(Stanza error, boolean undelivered, long now) {
        bounce = error;
        quickBounce = undelivered;
        bouncedAt = now;
    }

    /** The resource has replied to the present attempt, so no further reply is to be expected under its key. */
    public void replied() {
        replied = true;
    }

    boolean isReplied() {
        return replied || bounce != null;
    }

    /** The error with which the present attempt came back, or null. */
    @Nullable
    public Stanza bounce() {
        return bounce;
    }

    /** When the present attempt came back, if it did. */
    long bouncedAt() {
        return bouncedAt;
    }

    /** Whether the present attempt surely never reached the client. */
    public boolean undelivered() {
        return bounce != null && quickBounce;
    }

    /** How long ago the present attempt was sent, in nanoseconds. */
    public long age(long now) {
        return now - sentAt;
    }

    /** Whether it is of type {@code get}, which may be repeated without harm. */
    public boolean isGet() {
        return "get".equals(request.type());
    }

    /** Marks it as answered, once; false where it was already. */
    boolean answer() {
        boolean first = !answered;
        answered = true;
        return first;
    }

    /** The stream did not take the answer, so there may be another, once; false where there was one such already. */
    public boolean answerRefused() {
        boolean first = !refused;
        refused = true;
        answered = !first;
        answeredBy = null;
        return first;
    }

    /** This answer is about to be given to the stream. */
    public void answering(Stanza answer) {
        answeredBy = answer;
    }

    /** Whether this very answer is the one that the stream got. */
    public boolean isAnsweredBy(Stanza answer) {
        return answeredBy == answer;
    }

    /** Counts a failure of ours with it, and says how many there were with this one. */
    public int failed() {
        return ++failures;
    }

    /** The headers of the trace that it belongs to; empty where no tracer is on. */
    public Map<String, Object> trace() {
        return trace;
    }

    public void setTrace(Map<String, Object> headers) {
        trace = headers;
    }

    public boolean isAnswered() {
        return answered;
    }

    /** Where it is recorded; null where it is not, or has its answer. */
    public PendingStore.@Nullable Recorded stored() {
        return stored;
    }

    public void storedAs(PendingStore.@Nullable Recorded record) {
        stored = record;
    }

    @Override
    public String toString() {
        return request + " attempt " + tried.size() + " at " + (resource == null ? "no resource" : resource);
    }
}
