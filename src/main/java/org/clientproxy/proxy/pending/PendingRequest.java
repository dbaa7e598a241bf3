package org.clientproxy.proxy.pending;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.clientproxy.proxy.pool.ChoiceRules;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.Wish;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * A request that was taken in and is not answered yet, with the state of its present attempt. Used on the loop of its
 * stream only.
 */
public sealed class PendingRequest extends DeadlineRing.Node<PendingRequest> implements Wish permits ReverseRequest {
    /** Who sent it. */
    public final Jid requester;

    private String account;

    /** In which it is counted while it is pending; null while it is not. */
    PendingShares.@Nullable Share share;

    /** How much memory is counted for it, in octets: while it is not pending, without what an attempt adds; 0: that is not known yet. */
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
    private RequestState state = RequestState.ADMITTED;
    private @Nullable Bounce bounce;
    // Those of them whose session has ended with it, so that another one may be there which never had it.
    private List<Jid> ended = List.of();
    private boolean late;
    private boolean gone;
    // Whether it is pending under its key.
    private boolean open;
    private List<OtherAttempt> others = List.of();
    private int session;
    private @Nullable Stanza answeredBy;
    // Its neighbours at its resource, which sets them.
    @Nullable
    PendingRequest sentBefore;

    @Nullable
    PendingRequest sentAfter;

    // While it waits for a resource: among whom; and since when, which stays until it waits no more.
    WaitingRequests.@Nullable Own waitsAmong;

    private boolean waits;
    private long waitsSince;
    private short failures;
    private PendingStore.@Nullable Recorded stored;
    private Map<String, Object> trace = Map.of();
    private ChoiceRules choiceRules = ChoiceRules.NONE;

    public PendingRequest(Stanza request, Jid requester, long startedAt, long deadline) {
        this.request = request;
        this.requester = requester;
        this.account = requester.bare().key();
        this.startedAt = startedAt;
        this.deadline = deadline;
    }

    /** The requester's bare address, folded: whose share it is counted in. */
    public String account() {
        return account;
    }

    /** It is counted in this share, which has a string of its own for the account. */
    void countIn(PendingShares.Share of) {
        share = of;
        account = of.name();
    }

    /** The request as the requester sent it. */
    public Stanza request() {
        return request;
    }

    /**
     * It will wait for long: from now on the request takes as little memory as it can.
     *
     * @param host the proxy host, to which most requests are sent
     */
    void compact(Jid host) {
        request = request.compact(host);
    }

    /** How much memory it will take when it is pending, without what its attempt adds. To be called before it is. */
    long size() {
        if (counted == 0) {
            counted = PendingSize.of(request, requester, account);
        }
        return counted;
    }

    /** Whether a session of the target asks a requester, and not the other way round. */
    public boolean isReverse() {
        return false;
    }

    /** How far it has come. */
    RequestState state() {
        return state;
    }

    /** The one way from state to state. */
    private void move(RequestState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(state + " cannot become " + next + ": " + this);
        }
        state = next;
    }

    /** An attempt begins: the request goes to this resource under this correlation key. */
    public void attempt(PooledResource to, String correlationKey, long now) {
        move(RequestState.SENT);
        if (open) {
            stepAside();
        } else {
            noteEnd();
        }
        if (!ended.isEmpty()) {
            ended = without(ended, to.jid());
        }
        tried = tried.isEmpty()
                ? to.alone()
                : Stream.concat(tried.stream(), to.alone().stream()).toList();
        resource = to;
        session = to.session();
        key = correlationKey;
        sentAt = now;
        bounce = null;
        late = false;
        gone = false;
    }

    /** The present attempt is over; where its session has ended, that is remembered. */
    private void noteEnd() {
        if (resource != null && isAtFormerSession()) {
            endedAt(resource.jid());
        }
    }

    /** The session that had it there has ended, whoever is there now. */
    private void endedAt(Jid at) {
        ended = with(without(ended, at), at);
    }

    /** The present attempt stays open beside the next one. */
    private void stepAside() {
        PooledResource at = Objects.requireNonNull(resource);
        OtherAttempt aside = new OtherAttempt(this, at, session, Objects.requireNonNull(key), sentAt, late);
        others = with(others, aside);
        RequestsAt.of(at).remove(this);
        RequestsAt.of(at).add(aside);
        open = false;
    }

    /** Something has come to the attempt under this key, which is the present one from now on; false where it was already. */
    boolean turnTo(String correlationKey) {
        for (OtherAttempt other : others) {
            if (other.key().equals(correlationKey)) {
                if (open) {
                    stepAside();
                }
                takeUp(other);
                return true;
            }
        }
        return false;
    }

    /** The present attempt is over, and the last of those that are open beside it takes its place. */
    void fallBack() {
        move(RequestState.SENT);
        noteEnd();
        takeUp(others.get(others.size() - 1));
    }

    private void takeUp(OtherAttempt other) {
        drop(other);
        resource = other.resource();
        session = other.session();
        key = other.key();
        sentAt = other.sentAt();
        late = other.late();
        bounce = null;
        gone = false;
        open = true;
        RequestsAt.of(other.resource()).add(this);
        // The last one is that of the present attempt.
        Jid at = other.resource().jid();
        List<Jid> order = new ArrayList<>(tried);
        order.remove(at);
        order.add(at);
        tried = List.copyOf(order);
    }

    /** The resource of this attempt has left, and the grace of that is over. */
    void gone(OtherAttempt other) {
        endedAt(other.resource().jid());
    }

    /** This attempt is open no more. */
    void drop(OtherAttempt other) {
        List<OtherAttempt> rest = new ArrayList<>(others);
        rest.remove(other);
        others = List.copyOf(rest);
        RequestsAt.of(other.resource()).remove(other);
    }

    /** An attempt of an earlier process is open beside the present one. */
    OtherAttempt resumeBeside(PooledResource at, String correlationKey, long now) {
        // So long ago that its time-out has passed, as for a further attempt it has.
        OtherAttempt other = new OtherAttempt(this, at, at.session(), correlationKey, now, true);
        others = with(others, other);
        RequestsAt.of(at).add(other);
        return other;
    }

    private static <T> List<T> with(List<T> some, T more) {
        return Stream.concat(some.stream(), Stream.of(more)).toList();
    }

    private static List<Jid> without(List<Jid> some, Jid one) {
        return some.stream().filter(each -> !each.equals(one)).toList();
    }

    /** The attempts that are open beside the present one, in the order in which they were sent. */
    public List<OtherAttempt> others() {
        return others;
    }

    /** Whether other resources than that of the present attempt have it, and may reply. */
    public boolean hasOthers() {
        return !others.isEmpty();
    }

    /** Whether it is pending under its {@link #key}. */
    public boolean isOpen() {
        return open;
    }

    /** It is pending under its key from now on, or is no more; for the table, which goes by it. */
    void setOpen(boolean pending) {
        open = pending;
    }

    /** An attempt of an earlier process goes on. When it was sent is not known, so it counts as long ago. */
    void resume(PooledResource at, String correlationKey, long now) {
        move(RequestState.SENT);
        resource = at;
        session = at.session();
        key = correlationKey;
        sentAt = now - Duration.ofHours(1).toNanos();
    }

    /** It goes, or went in an earlier process, to somebody who is no resource, under this correlation key. */
    void sent(String correlationKey, long now) {
        move(RequestState.SENT);
        key = correlationKey;
        sentAt = now;
    }

    /** The present attempt did not come about: it was sent to nobody. */
    void abandon() {
        move(RequestState.FAILED);
        resource = null;
        key = null;
    }

    /** The request is kept under this key until there is a resource for it. */
    void await(String correlationKey) {
        move(RequestState.WAITING);
        noteEnd();
        resource = null;
        key = correlationKey;
        bounce = null;
    }

    /** It waits for a resource from this time on, on the loop's clock; where it did already, from when it began to. */
    void waitsFrom(long now) {
        if (!waits) {
            waits = true;
            waitsSince = now;
        }
    }

    /** Whether it has begun to wait for a resource and has not got one yet. */
    boolean waits() {
        return waits;
    }

    /** When it began to wait, on the loop's clock; means something only while it {@linkplain #waits waits}. */
    long waitsSince() {
        return waitsSince;
    }

    /** It has a resource, or its answer. */
    void waitsNoMore() {
        waits = false;
    }

    /** It failed while it was pending nowhere: no other request can have this key, under which it is answered. */
    void failUnder(String correlationKey) {
        if (state != RequestState.TURNED_BACK) {
            move(RequestState.FAILED);
        }
        key = correlationKey;
    }

    /** It waits for the operator's gate, under this key. */
    void hold(String correlationKey) {
        move(RequestState.HELD);
        key = correlationKey;
    }

    /** It has come back from the gate. */
    void release() {
        move(RequestState.ADMITTED);
        key = null;
    }

    /** An earlier process has sent it to these. */
    void triedBefore(List<Jid> resources) {
        tried = resources;
    }

    /** Whether the session of the present attempt has ended since, whoever is there now. */
    boolean isAtFormerSession() {
        return resource != null && resource.session() != session;
    }

    /** Whether another session may have taken the place of one that ended with it. */
    boolean mayGoAgain() {
        return !ended.isEmpty() || isAtFormerSession();
    }

    /** The resources where another session may have taken the place of one that ended with it. */
    List<Jid> ended() {
        return ended;
    }

    /** The resources that it was sent to, but for those where its attempt is over and another session may be there now. */
    List<Jid> triedThere() {
        return ended.isEmpty()
                ? tried
                : tried.stream().filter(each -> !ended.contains(each)).toList();
    }

    /** The same without the resource of the present attempt, if another session may be there now. */
    List<Jid> triedElsewhere() {
        return isAtFormerSession() ? without(triedThere(), tried.get(tried.size() - 1)) : triedThere();
    }

    @Override
    public Jid requester() {
        return requester;
    }

    @Override
    public Jid addressUsed() {
        return request.toJid();
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

    /** The request came back so; this is kept until it is known whether the resource has left. */
    void bounced(Bounce how) {
        move(RequestState.BOUNCED);
        bounce = how;
    }

    /** The resource has replied to the present attempt, so no further reply is to be expected under its key. */
    void replied() {
        move(RequestState.REPLIED);
    }

    /** The resource has replied to the present attempt that it cannot take it, or sent it back. */
    void busy() {
        move(RequestState.BUSY);
    }

    /** The same by its own word: whoever is there has had the request, though it may have shown up anew meanwhile. */
    void refused() {
        PooledResource at = Objects.requireNonNull(resource);
        if (at.isListed()) {
            session = at.session();
        }
        busy();
    }

    /** Whether a reply has come to the present attempt, if only one that says that it came back. */
    boolean isReplied() {
        return state == RequestState.REPLIED || state == RequestState.BUSY || bounce != null;
    }

    /** How the present attempt came back; null where it did not. */
    @Nullable
    Bounce bounce() {
        return bounce;
    }

    /** When the present attempt was sent, in nanoseconds of the loop's clock. */
    long sentAt() {
        return sentAt;
    }

    /** The time of the present attempt has passed without a reply. */
    void late() {
        late = true;
    }

    /** The same of an attempt that is open beside the present one, and keeps its place among those. */
    void late(OtherAttempt other) {
        OtherAttempt nowLate =
                new OtherAttempt(this, other.resource(), other.session(), other.key(), other.sentAt(), true);
        List<OtherAttempt> all = new ArrayList<>(others);
        all.set(all.indexOf(other), nowLate);
        others = List.copyOf(all);
        RequestsAt.of(other.resource()).remove(other);
        RequestsAt.of(other.resource()).add(nowLate);
    }

    boolean isLate() {
        return late;
    }

    /** The resource of the present attempt has left, and the grace of that is over. */
    void gone() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    /** How long ago the present attempt was sent, in nanoseconds. */
    long age(long now) {
        return now - sentAt;
    }

    /** Whether it is of type {@code get}, which may be repeated without harm. */
    boolean isGet() {
        return "get".equals(request.type());
    }

    /** Marks it as answered; false where it was already. */
    boolean answer() {
        if (state.isAnswered()) {
            return false;
        }
        move(state == RequestState.TURNED_BACK ? RequestState.ANSWERED_AGAIN : RequestState.ANSWERED);
        return true;
    }

    /** The stream did not take the answer, so there may be another, once; false where there was one such already. */
    public boolean answerRefused() {
        answeredBy = null;
        boolean first = state.mayBecome(RequestState.TURNED_BACK);
        if (first) {
            move(RequestState.TURNED_BACK);
        }
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

    /** What a route has said of the choice of its resource, for all attempts. */
    @Override
    public ChoiceRules choiceRules() {
        return choiceRules;
    }

    public void choose(ChoiceRules rules) {
        choiceRules = rules;
    }

    public boolean isAnswered() {
        return state.isAnswered();
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
        return request + " " + state + ", attempt " + tried.size() + " at "
                + (resource == null ? "no resource" : resource);
    }
}
