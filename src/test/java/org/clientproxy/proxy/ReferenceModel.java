package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.clientproxy.proxy.ModelRequest.Must;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RetrySet;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * What DESIGN §3 demands of the proxy, written from its tables and not from the code: it is told each input before the
 * proxy gets it, hears each stanza that the proxy sends in that very moment, and says what is wrong. Which resource is
 * chosen, and which fresh id, is the proxy's to say; all else is determined.
 */
final class ReferenceModel implements ModelPool.Listener {
    /** A deadline is never given early, and late by this much at most. */
    static final long TOLERANCE = Duration.ofMillis(34).toNanos();

    static final long BOUNCE_WAIT = Duration.ofMillis(200).toNanos();
    /** So late the model may notice that a request waits. */
    private static final long NOTICED = Duration.ofMillis(135).toNanos();

    private static final long UNDELIVERED = Duration.ofSeconds(2).toNanos();

    private final LongSupplier clock;
    private final ProxySettings settings;
    private final ModelWire wire;
    private final Predicate<Stanza> stillPending;
    private final ModelPool pool;
    private final long queueTimeout;
    private final List<ModelRequest> open = new ArrayList<>();
    private final Map<String, ModelRequest> byPayload = new HashMap<>();
    private final Map<String, Long> closed = new HashMap<>();
    private final List<String> refusals = new ArrayList<>();
    private @Nullable String refusal;
    private long confirmAt;
    private long stopAt;
    private long moment;
    private boolean draining;
    private long requests;
    private long answers;

    /** @param stillPending whether the proxy has this request yet: of two that look alike it says which one it answers */
    ReferenceModel(LongSupplier clock, ProxySettings settings, ModelWire wire, Predicate<Stanza> stillPending) {
        this.stillPending = stillPending;
        this.clock = clock;
        this.settings = settings;
        this.wire = wire;
        this.queueTimeout = settings.get(WorkerKeys.QUEUE_TIMEOUT).toNanos();
        this.pool = new ModelPool(this, this::now, settings);
    }

    ModelPool pool() {
        return pool;
    }

    int pending() {
        return open.size();
    }

    long requests() {
        return requests;
    }

    long answers() {
        return answers;
    }

    /** The next moment at which something is due, on the clock; 0: none. */
    long nextDue() {
        long next = 0;
        for (long at : new long[] {confirmAt, stopAt}) {
            next = sooner(next, at);
        }
        for (ModelRequest request : open) {
            next = sooner(next, due(request));
        }
        return next;
    }

    // ---- What the proxy is given. Each is called before it gets it.

    void up() {
        confirmAt = now() + settings.confirmTimeout().toNanos();
        pool.up();
    }

    void down() {
        confirmAt = 0;
        change(pool::down);
    }

    /** What was held back for a suspicion is looked at some time after that is over. */
    private void change(Runnable change) {
        List<ModelRequest> held = open.stream()
                .filter(request -> request.bounce != null && request.at != null && pool.isSuspect(request.at))
                .filter(request -> isPast(request.bouncedAt + BOUNCE_WAIT))
                .toList();
        change.run();
        for (ModelRequest request : held) {
            if (pool.contains(request.at) && !pool.isSuspect(request.at)) {
                request.bounceLimit = now() + BOUNCE_WAIT;
            }
        }
    }

    /** A bounce that was held while its resource was suspect is looked at once more, for it is not suspect now. */
    private void lookSoon(ModelRequest request) {
        if (request.bounce != null && isPast(request.bouncedAt + BOUNCE_WAIT)) {
            request.bounceLimit = now() + BOUNCE_WAIT;
        }
    }

    void presence(String type, Jid from, @Nullable String id, @Nullable String show, int wishes) {
        change(() -> pool.receive(type, from, id, show, wishes));
    }

    void request(Stanza stanza) {
        requests++;
        ModelRequest request =
                new ModelRequest(stanza, now() + settings.replyTimeout().toNanos());
        long share = open.stream()
                .filter(other -> other.account.equals(request.account))
                .count();
        boolean full = open.size() >= settings.maxPending();
        boolean fullFor = share >= settings.maxPendingPerRequester();
        if (draining) {
            request.mustFail("stopping");
        } else if (full && fullFor) {
            request.mustFail("too-many-pending", "too-many-pending-of-requester");
        } else if (full || fullFor) {
            request.mustFail(full ? "too-many-pending" : "too-many-pending-of-requester");
        } else {
            request.must = Must.ATTEMPT;
        }
        open.add(request);
        byPayload.put(new String(stanza.content(), StandardCharsets.UTF_8), request);
    }

    /** Something that is to be refused with this application condition, or in silence if null. */
    void refusable(Stanza stanza, @Nullable String condition) {
        if (condition != null) {
            refusals.add(stanza.to() + '\n' + stanza.from() + '\n' + stanza.id() + '\n' + condition);
        }
    }

    void reply(Stanza reply, ModelReply kind) {
        pool.ejections().answered(reply.fromJid().key(), reply.id(), kind);
        Jid to = reply.toJid();
        for (ModelRequest request : open) {
            boolean answers = request.isAt(reply.fromJid().key())
                    && to.local() == null
                    && request.token.equals(to.resource())
                    && request.wireId.equals(reply.id());
            if (answers && request.bounce == null) {
                reply(request, reply, kind);
            }
        }
    }

    private void reply(ModelRequest request, Stanza reply, ModelReply kind) {
        pool.ejections().replied(request.at, kind);
        if (kind.isBounce()) {
            request.bounce = reply;
            request.bouncedAt = now();
            request.notFound = kind == ModelReply.SERVICE_UNAVAILABLE;
            request.bounceLimit = 0;
            request.graceEnd = 0;
            request.undelivered = kind == ModelReply.SERVICE_UNAVAILABLE && now() - request.sentAt <= UNDELIVERED;
            request.must = pool.contains(request.at) ? null : Must.GONE;
        } else {
            request.must = Must.REPLY;
            request.reply = reply;
            if (!kind.isSound()) {
                request.mustFail("bad-reply");
            }
        }
    }

    void drain() {
        if (!draining) {
            draining = true;
            stopAt = now() + settings.drainTimeout().toNanos();
        }
    }

    void stop() {
        stopAll();
        confirmAt = 0;
        change(pool::stop);
    }

    /** The clock is about to come to this moment. */
    void timeComes(long now) {
        moment = now;
        pool.timeComes(now);
        if (now == confirmAt) {
            confirmAt = 0;
            pool.confirmTimeout();
        }
        if (now == stopAt) {
            stopAt = 0;
            stopAll();
        }
    }

    private void stopAll() {
        open.forEach(request -> request.mustFail("stopping"));
    }

    @Override
    public void left(String resource, boolean settle) {
        for (ModelRequest request : open) {
            if (request.isAt(resource)) {
                if (request.bounce != null) {
                    request.must = Must.GONE;
                }
                request.formerSession |= settle;
                request.graceEnd = settle ? now() + settings.leaveGrace().toNanos() : 0;
            }
        }
    }

    @Override
    public void returned(String resource) {
        for (ModelRequest request : open) {
            if (request.isAt(resource)) {
                // A set waits on; a get does until the grace is over.
                request.graceEnd = request.isGet() ? request.graceEnd : 0;
                lookSoon(request);
            }
        }
    }

    @Override
    public void confirmed() {
        for (ModelRequest request : open) {
            // What is over is not sent on any more.
            if (request.at == null && request.must == null && !isPast(request.deadline)) {
                request.must = Must.ATTEMPT;
            }
        }
    }

    // ---- What the proxy does. Each gives what is wrong with it, or null.

    @Nullable
    String sent(Stanza stanza, StanzaNotSentException.@Nullable Reason refused) {
        String refusable =
                stanza.from() + '\n' + stanza.to() + '\n' + stanza.id() + '\n' + ModelReply.application(stanza);
        if (refusals.remove(refusable)) {
            return null;
        }
        return switch (stanza.kind()) {
            case MESSAGE -> "a message that no rule allows: " + stanza;
            case PRESENCE ->
                !settings.domain().toString().equals(stanza.from())
                                || !stanza.toJid().sameBare(settings.target())
                        ? "a presence that no rule allows: " + stanza
                        : pool.sent(stanza.type() == null ? "" : stanza.type());
            case IQ -> {
                if (settings.domain().toString().equals(stanza.from()) && stanza.isRequest()) {
                    yield pool.ejections().pinged(stanza.toJid().key(), stanza.id());
                }
                yield stanza.isRequest() ? forwarded(stanza, refused) : answered(stanza, refused);
            }
        };
    }

    private @Nullable String forwarded(Stanza sent, StanzaNotSentException.@Nullable Reason refused) {
        ModelRequest request = byPayload.get(new String(sent.content(), StandardCharsets.UTF_8));
        if (request == null || request.answered || !ModelWire.isReaddressed(sent, request.stanza)) {
            return "forwarded what is no open request: " + sent;
        }
        if (!mayAttempt(request)) {
            return "forwarded " + sent + " though it may not be now: " + request;
        }
        Jid from = sent.fromJid();
        Jid to = sent.toJid();
        String token = from.resource();
        String id = sent.id();
        if (!choices(request).contains(to.key())) {
            return "forwarded to a resource that cannot be chosen, or is full: " + sent + " of " + open + " in " + pool;
        }
        if (from.local() != null
                || token == null
                || !from.domain().equals(settings.domain().toString())) {
            return "forwarded from " + from;
        }
        String wrong = wire.wrongToken(token, request.stanza.from(), request.stanza.to());
        if (wrong != null || id == null) {
            return wrong + ": " + sent;
        }
        leaves(request, true);
        String wanted = request.stanza.id();
        int taken = wanted.isEmpty() ? 1 : taken(key(to.key(), token, wanted));
        boolean fresh = !id.equals(wanted);
        if (fresh ? taken < 0 || !wire.isFresh(id) : taken > 0) {
            return "the id on the wire is " + id + ", taken=" + taken + ": " + request;
        }
        for (ModelRequest other : open) {
            if (other.isAt(to.key()) && other.token.equals(token) && other.wireId.equals(id)) {
                return "two open requests under one key: " + other + " and " + request;
            }
        }
        request.formerSession = false;
        request.waitsSince = 0;
        request.at = to.key();
        request.token = token;
        request.wireId = id;
        request.sentAt = now();
        request.tried.add(to.key());
        if (refused != null) {
            request.mustFail(
                    switch (refused) {
                        case OUTBOX_FULL -> "too-many-pending";
                        case NOT_READY -> "resource-gone";
                        case TOO_LARGE -> "too-large";
                        case INVALID -> "failure";
                    });
        }
        return null;
    }

    private @Nullable String answered(Stanza sent, StanzaNotSentException.@Nullable Reason refused) {
        List<ModelRequest> alike = new ArrayList<>(open);
        alike.removeIf(request -> !request.stanza.from().equals(sent.to())
                || !request.stanza.to().equals(sent.from())
                || !request.stanza.id().equals(sent.id()));
        if (alike.size() > 1) {
            alike.sort(Comparator.comparing(request -> stillPending.test(request.stanza)));
        }
        for (ModelRequest request : alike) {
            if (mayAnswer(request, sent)) {
                if (request.at != null
                        && request.must == null
                        && ModelReply.application(sent).equals("reply-timeout")) {
                    pool.ejections().timedOut(request.at, request.sentAt);
                }
                leaves(request, refused != null);
                if (refused != null) {
                    request.mustFail("failure");
                } else {
                    request.answered = true;
                    open.remove(request);
                    answers++;
                }
                return null;
            }
        }
        return "an answer that nothing allows: " + sent + " " + ModelReply.application(sent) + " of " + open + " at "
                + now() + " in " + pool;
    }

    /** A step is over: whatever had to show has. */
    @Nullable
    String settle() {
        for (ModelRequest request : open) {
            if (request.graceEnd != 0 && request.graceEnd + TOLERANCE <= now() && isBack(request)) {
                if (!mayTryAgain(request)) {
                    request.graceEnd = 0;
                }
            }
            boolean overdue = due(request) != 0 && due(request) + TOLERANCE <= now();
            if (isWaiting(request)
                    && pool.isConfirmed()
                    && !overdue
                    && !choices(request, false).isEmpty()) {
                return "waits though there is room: " + request + " in " + pool;
            }
            if (request.must == null && !overdue) {
                continue;
            }
            boolean none = choices(request, false).isEmpty();
            // What is tried again may have begun to wait before the pool was known, when as many may wait as do.
            boolean room = request.waitsSince != 0 || !request.tried.isEmpty() || !isFull();
            boolean mayQueue = queueTimeout > 0 && !isOver(request, -TOLERANCE) && room;
            boolean mayWait = !pool.isConfirmed() || none && (pool.isInDoubt() || mayQueue);
            if (!mayAttempt(request) || !mayWait) {
                return "nothing came of " + request + " at " + now() + " in " + pool;
            }
            // It waits for the pool, or for room, which nobody sees.
            leaves(request, true);
            request.waitsSince = request.waitsSince == 0 ? now() : request.waitsSince;
        }
        String owed = refusals.isEmpty() ? pool.owes() : "not refused: " + refusals;
        owed = owed == null ? pool.ejections().owes() : owed;
        refusals.clear();
        if (open.isEmpty()) {
            byPayload.clear();
        }
        return owed;
    }

    // ---- The tables.

    /** When something must become of it at the latest if nothing comes. */
    private long due(ModelRequest request) {
        long due = request.deadline;
        if (isWaiting(request) && queueTimeout > 0 && isKnown()) {
            due = sooner(due, request.waitsSince + queueTimeout);
        }
        if (request.bounce != null) {
            boolean held = pool.isSuspect(request.at) && !request.formerSession;
            due = held ? due : sooner(due, Math.max(request.bounceLimit, request.bouncedAt + BOUNCE_WAIT));
        }
        return sooner(due, isBack(request) && !mayTryAgain(request) ? 0 : request.graceEnd);
    }

    private boolean isKnown() {
        return pool.isConfirmed() && !pool.isInDoubt();
    }

    private boolean isWaiting(ModelRequest request) {
        return request.at == null && request.must == null && !request.answered;
    }

    /** Whether it has waited for as long as it may, or will have so much later. */
    private boolean isOver(ModelRequest request, long later) {
        return request.waitsSince != 0 && isPast(request.waitsSince + queueTimeout - later);
    }

    private boolean isFull() {
        return open.stream().filter(this::isWaiting).count() >= settings.get(WorkerKeys.MAX_QUEUED);
    }

    /** Whether it may be refused with this condition, for nobody can take it. */
    private boolean isRefused(ModelRequest request, String condition) {
        if (!isKnown()) {
            return false;
        }
        if (condition.equals("too-many-queued")) {
            // Others of this very moment may wait already, and what is free is theirs.
            long mayWait = open.stream()
                    .filter(other -> other != request && (isWaiting(other) || mayAttempt(other)))
                    .count();
            return queueTimeout > 0 && request.waitsSince == 0 && mayWait >= settings.get(WorkerKeys.MAX_QUEUED);
        }
        // At its deadline it is too late, though there may be room in this very moment.
        if (!choices(request).isEmpty() && !isPast(request.deadline)) {
            return false;
        }
        List<String> busy = pool.choosable();
        busy.remove(request.requester.key());
        busy.removeAll(request.tried);
        String nobody = request.tried.isEmpty() ? "no-resource" : "resource-gone";
        boolean over = queueTimeout == 0 || isOver(request, NOTICED) || isPast(request.deadline);
        return over && condition.equals(busy.isEmpty() ? nobody : "all-busy");
    }

    private boolean mayAttempt(ModelRequest request) {
        return isWaiting(request)
                        && !isPast(request.deadline)
                        && !choices(request).isEmpty()
                || request.must == Must.ATTEMPT
                        && (!isKnown() || queueTimeout > 0 || !choices(request).isEmpty())
                || (isGone(request) || isReplaced(request)) && mayTryAgain(request);
    }

    private boolean mayAnswer(ModelRequest request, Stanza sent) {
        if (request.must == Must.REPLY) {
            return isPassedOn(sent, request.reply);
        }
        String condition = ModelReply.application(sent);
        if (request.must == Must.ERROR) {
            return request.errors.contains(condition);
        }
        if (request.must == Must.ATTEMPT) {
            return isRefused(request, condition);
        }
        if (isWaiting(request) && queueTimeout > 0 && isKnown()) {
            return isRefused(request, condition);
        }
        boolean expired = request.must == null && isPast(request.deadline);
        if (expired && condition.equals("reply-timeout")) {
            return true;
        }
        if (isGone(request)) {
            // Somebody may have had room, or it was not known who is there, until this very moment.
            return isRefused(request, condition) || condition.equals("resource-gone") && !mayTryAgain(request);
        }
        if (isReplaced(request) && mayTryAgain(request)) {
            return isRefused(request, condition);
        }
        boolean wasSuspect = request.at != null && pool.isSuspect(request.at);
        boolean bounced = request.bounce != null && (expired || isPast(request.bouncedAt + BOUNCE_WAIT));
        boolean passedOn = bounced && isPassedOn(sent, request.bounce);
        if (passedOn && request.notFound && request.at != null) {
            pool.suspect(request.at);
        }
        return passedOn && (expired || !wasSuspect);
    }

    private boolean isGone(ModelRequest request) {
        if (request.must != null) {
            return request.must == Must.GONE;
        }
        boolean there = request.at == null || pool.contains(request.at);
        boolean bounced = request.bounce != null && isPast(request.bouncedAt + BOUNCE_WAIT);
        return bounced && (!there || request.formerSession)
                || !there && request.graceEnd != 0 && isPast(request.graceEnd);
    }

    /** Whether its session has ended, and another one is there in its place. */
    private boolean isBack(ModelRequest request) {
        return request.at != null && request.formerSession && request.bounce == null && pool.contains(request.at);
    }

    /** The same, and the grace is over: a get does not wait for that any longer. */
    private boolean isReplaced(ModelRequest request) {
        return request.must == null
                && request.isGet()
                && isBack(request)
                && request.graceEnd != 0
                && isPast(request.graceEnd);
    }

    private boolean mayTryAgain(ModelRequest request) {
        boolean harmless = request.isGet()
                || settings.retrySet() == RetrySet.ALWAYS
                || settings.retrySet() == RetrySet.UNDELIVERED && request.bounce != null && request.undelivered;
        return harmless
                && request.tried.size() < settings.attempts()
                && !isPast(request.deadline)
                && (!isKnown() || queueTimeout > 0 || !choices(request).isEmpty());
    }

    /** Those that it may go to: with room, or with room if others have left that may have. */
    private List<String> choices(ModelRequest request) {
        return choices(request, true);
    }

    /** @param hopeful whether those that may have left count as such */
    private List<String> choices(ModelRequest request, boolean hopeful) {
        List<String> choices = pool.choosable();
        choices.remove(request.requester.key());
        choices.removeIf(each -> isFull(each, request, hopeful));
        List<String> others = new ArrayList<>(choices);
        others.removeAll(request.tried);
        if (!others.isEmpty() || !request.formerSession) {
            return pool.preferred(others);
        }
        String last = request.tried.get(request.tried.size() - 1);
        choices.removeIf(each -> !each.equals(last) && request.tried.contains(each));
        return pool.preferred(choices);
    }

    /** Whether the resource has as many others as it may have at a time. */
    private boolean isFull(String resource, ModelRequest but, boolean hopeful) {
        int key = settings.get(WorkerKeys.MAX_PENDING_PER_RESOURCE);
        int wishes = pool.wishes(resource);
        int most = key == 0 || wishes == 0 ? key + wishes : Math.min(key, wishes);
        return most > 0
                && open.stream()
                                .filter(other ->
                                        other != but && other.isAt(resource) && !(hopeful && mayHaveLeft(other)))
                                .count()
                        >= most;
    }

    /** Whether it may wait for another attempt already, which nobody sees. */
    private boolean mayHaveLeft(ModelRequest request) {
        return (queueTimeout > 0 || !isKnown()) && (isGone(request) || isReplaced(request)) && mayTryAgain(request);
    }

    /** Its present attempt is over; whether a late reply may still come is remembered. */
    private void leaves(ModelRequest request, boolean again) {
        boolean replied = request.bounce != null || request.must == Must.REPLY || request.errors.contains("bad-reply");
        if (request.at != null && !replied) {
            closed.put(key(request.at, request.token, request.wireId), now());
        }
        if (again) {
            request.at = null;
            request.bounce = null;
            request.graceEnd = 0;
            request.must = null;
        }
    }

    /** Whether a reply under this key could be mistaken: 1 yes, -1 no, 0 both are right. */
    private int taken(String key) {
        for (ModelRequest request : open) {
            if (request.at != null && key.equals(key(request.at, request.token, request.wireId))) {
                return 1;
            }
        }
        long now = now();
        long memory = settings.replyTimeout().toNanos();
        closed.values().removeIf(at -> now - at > memory + TOLERANCE);
        Long at = closed.get(key);
        // The memory is bounded; where it is full, all keys count as taken.
        return at != null ? now - at < memory ? 1 : 0 : closed.size() >= settings.maxPending() ? 0 : -1;
    }

    private boolean isPassedOn(Stanza sent, @Nullable Stanza reply) {
        return reply != null && ModelWire.isReaddressed(sent, reply);
    }

    private long now() {
        return Math.max(moment, clock.getAsLong());
    }

    private boolean isPast(long at) {
        return at - now() <= 0;
    }

    private static long sooner(long a, long b) {
        return a == 0 ? b : b == 0 ? a : Math.min(a, b);
    }

    private static String key(String... parts) {
        return String.join("\n", Arrays.asList(parts));
    }
}
