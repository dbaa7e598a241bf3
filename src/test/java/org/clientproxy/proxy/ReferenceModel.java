package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
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
    private final Predicate<String> stillOpen;
    private final ModelPool pool;
    private final ModelReverse reverse;
    private final ModelClosedKeys closed;
    private final long queueTimeout;
    private final long attemptTimeout;
    private final List<ModelRequest> open = new ArrayList<>();
    private final Map<String, ModelRequest> byPayload = new HashMap<>();
    private final List<String> refusals = new ArrayList<>();
    private @Nullable String wronglyBlamed;
    private long confirmAt;
    private long stopAt;
    private long moment;
    private boolean draining;
    private long requests;
    private long answers;

    /**
     * @param stillPending whether the proxy has this request yet: of two that look alike it says which one it answers
     * @param stillOpen whether an attempt is open under this key: where it may be over or not, the proxy says which
     */
    ReferenceModel(
            LongSupplier clock,
            ProxySettings settings,
            ModelWire wire,
            Predicate<Stanza> stillPending,
            Predicate<String> stillOpen) {
        this.stillPending = stillPending;
        this.stillOpen = stillOpen;
        this.clock = clock;
        this.settings = settings;
        this.wire = wire;
        this.queueTimeout = settings.get(WorkerKeys.QUEUE_TIMEOUT).toNanos();
        long attempt = settings.get(WorkerKeys.ATTEMPT_TIMEOUT).toNanos();
        this.attemptTimeout = attempt < settings.replyTimeout().toNanos() ? attempt : 0;
        this.pool = new ModelPool(this, this::now, settings);
        this.closed = new ModelClosedKeys(this::now, settings);
        this.reverse = new ModelReverse(settings, this::now, wire, closed, stillPending);
    }

    ModelReverse reverse() {
        return reverse;
    }

    ModelPool pool() {
        return pool;
    }

    int pending() {
        return open.size() + reverse.pending();
    }

    /** Of both directions. */
    long requests() {
        return requests + reverse.requests();
    }

    long answers() {
        return answers + reverse.ended();
    }

    /** The next moment at which something is due, on the clock; 0: none. */
    long nextDue() {
        long next = 0;
        for (long at : new long[] {confirmAt, stopAt, reverse.nextDue()}) {
            next = sooner(next, at);
        }
        for (ModelRequest request : open) {
            next = sooner(next, due(request));
            next = sooner(next, request.now != null && attemptTimeout > 0 ? request.lookBy - TOLERANCE : 0);
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
                .filter(request -> request.bounce != null && request.now != null && pool.isSuspect(request.at()))
                .filter(request -> isPast(request.bouncedAt + BOUNCE_WAIT))
                .toList();
        change.run();
        for (ModelRequest request : held) {
            if (pool.contains(request.at()) && !pool.isSuspect(request.at())) {
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
        boolean full = pending() >= settings.maxPending();
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

    /** A session of the target asks somebody; null for the refusal: it is not refused for whom it means. */
    void asks(Stanza stanza, ModelReverse.Meant meant, @Nullable String refusal) {
        reverse.asks(stanza, meant, refusal, pending(), draining);
    }

    void reply(Stanza reply, ModelReply kind) {
        pool.ejections().answered(reply.fromJid().key(), reply.id(), kind);
        reverse.answers(reply, kind);
        Jid to = reply.toJid();
        for (ModelRequest request : List.copyOf(open)) {
            for (ModelAttempt attempt : request.attempts()) {
                boolean answers = !request.answered
                        && attempt.at.equals(reply.fromJid().key())
                        && attempt.from.equals(to.key())
                        && attempt.wireId.equals(reply.id());
                if (answers && request.bounce == null) {
                    if (attempt != request.now) {
                        request.turnTo(attempt);
                    }
                    reply(request, reply, kind);
                }
            }
        }
    }

    private void reply(ModelRequest request, Stanza reply, ModelReply kind) {
        pool.ejections().replied(request.at(), kind);
        boolean refuses = kind.isOneOf(settings.get(WorkerKeys.RETRY_ON));
        if (refuses || kind.isBounce() && !request.others.isEmpty()) {
            request.must = Must.BUSY;
            request.reply = reply;
        } else if (kind.isBounce()) {
            request.bounce = reply;
            request.bouncedAt = now();
            request.notFound = kind == ModelReply.SERVICE_UNAVAILABLE;
            request.bounceLimit = 0;
            request.now.graceEnd = 0;
            request.undelivered = kind == ModelReply.SERVICE_UNAVAILABLE && now() - request.now.sentAt <= UNDELIVERED;
            request.must = pool.contains(request.at()) ? null : Must.GONE;
        } else {
            request.must = Must.REPLY;
            request.reply = reply;
            if (!kind.isSound()) {
                request.mustFail("bad-reply");
            }
        }
    }

    /** The proxy says that the resource has not replied in time. */
    void blamed(String resource) {
        ModelAttempt found = null;
        boolean known = pool.contains(resource);
        for (ModelRequest request : open) {
            for (ModelAttempt attempt : request.attempts()) {
                boolean late = isPast(attemptTimeout > 0 ? attempt.sentAt + attemptTimeout : request.deadline);
                boolean may = late
                        && !attempt.blamed
                        && attempt.at.equals(resource)
                        && (attempt != request.now || request.bounce == null && request.must == null)
                        && (!known || pool.ejections().isAnswerable(resource, attempt.sentAt));
                if (may && (found == null || attempt.sentAt < found.sentAt)) {
                    found = attempt;
                }
            }
        }
        if (found == null) {
            wronglyBlamed = resource + " is blamed for nothing: " + open + " in " + pool;
        } else {
            found.blamed = true;
            pool.ejections().timedOut(resource);
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
        reverse.stop();
    }

    @Override
    public void left(String resource, boolean settle) {
        for (ModelRequest request : open) {
            if (request.at() != null && request.at().equals(resource) && request.bounce != null) {
                request.must = Must.GONE;
            }
            for (ModelAttempt attempt : request.attempts()) {
                if (attempt.at.equals(resource)) {
                    attempt.formerSession |= settle;
                    attempt.graceEnd = settle ? now() + settings.leaveGrace().toNanos() : 0;
                }
            }
        }
    }

    @Override
    public void ended(String session, long before) {
        reverse.sessionEnded(session, before);
    }

    @Override
    public void returned(String resource) {
        for (ModelRequest request : open) {
            if (resource.equals(request.at())) {
                // A set waits on; a get does until the grace is over.
                request.now.graceEnd = request.isGet() ? request.now.graceEnd : 0;
                lookSoon(request);
            }
        }
    }

    @Override
    public void confirmed() {
        for (ModelRequest request : open) {
            // What is over is not sent on any more.
            if (request.now == null && request.must == null && !isPast(request.deadline)) {
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
                if (reverse.isAsked(stanza)) {
                    yield reverse.sent(stanza, refused);
                }
                if (reverse.isAnswer(stanza)) {
                    yield reverse.answered(stanza, refused);
                }
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
        // Where it may be either, the proxy says whether the present attempt stays open beside this one.
        boolean beside = mayAskAnother(request, true) && stillOpen.test(request.now.key());
        if (!beside && !mayAttempt(request)) {
            return "forwarded " + sent + " though it may not be now: " + request + " in " + pool;
        }
        Jid from = sent.fromJid();
        Jid to = sent.toJid();
        String token = from.resource();
        String id = sent.id();
        if (!(beside || !request.others.isEmpty() ? others(request, true) : choices(request)).contains(to.key())) {
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
        if (beside) {
            request.stepAside();
        } else {
            leaves(request, true);
        }
        String wanted = request.stanza.id();
        int taken = wanted.isEmpty() ? 1 : taken(ModelClosedKeys.key(to.key(), from.key(), wanted));
        boolean fresh = !id.equals(wanted);
        if (fresh ? taken < 0 || !wire.isFresh(id) : taken > 0) {
            return "the id on the wire is " + id + ", taken=" + taken + ": " + request;
        }
        ModelAttempt attempt = new ModelAttempt(to.key(), from.key(), id, now());
        for (ModelRequest other : open) {
            if (other.attempts().stream().anyMatch(each -> each.key().equals(attempt.key()))) {
                return "two open requests under one key: " + other + " and " + request;
            }
        }
        reverse.wrote(token);
        request.waitsSince = 0;
        request.now = attempt;
        request.tried.add(to.key());
        looks(request, now());
        if (refused != null && !request.others.isEmpty()) {
            fallBack(request, now());
            return null;
        }
        if (refused != null) {
            request.mustFail(notSent(refused));
        }
        return null;
    }

    /** The application condition of the error of a request that was not sent on. */
    static String notSent(StanzaNotSentException.Reason reason) {
        return switch (reason) {
            case OUTBOX_FULL -> "too-many-pending";
            case NOT_READY -> "resource-gone";
            case TOO_LARGE -> "too-large";
            case INVALID -> "failure";
        };
    }

    /** The present attempt is over at this time, and the last of the others takes its place. */
    private void fallBack(ModelRequest request, long at) {
        if (!isReplied(request)) {
            closed.add(request.now.key(), at);
        }
        request.now = null;
        request.must = null;
        request.reply = null;
        request.turnTo(request.others.get(request.others.size() - 1));
        // That it has another session's place is looked at again when it is late.
        request.now.graceEnd = isPast(request.now.graceEnd) ? 0 : request.now.graceEnd;
        looks(request, now());
    }

    /** It has its present attempt from now on, and is looked at when that is late, or late again. */
    private void looks(ModelRequest request, long now) {
        request.askableSince = 0;
        request.lookBy = Math.max(request.now.sentAt, now) + attemptTimeout + TOLERANCE;
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
                boolean over =
                        request.must == null && ModelReply.application(sent).equals("reply-timeout");
                for (ModelAttempt attempt : over ? request.attempts() : List.<ModelAttempt>of()) {
                    if (isUnjustlySpared(request, attempt, 0)) {
                        return "not blamed, though " + sent + " was sent: " + request + " in " + pool;
                    }
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
            settleAttempts(request);
            String slow = attemptTimeout > 0 ? settleLate(request) : null;
            if (slow != null) {
                return slow;
            }
            if (request.must == Must.BUSY && isDone(request)) {
                continue;
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
            waits(request);
        }
        String owed = refusals.isEmpty() ? pool.owes() : "not refused: " + refusals;
        owed = owed == null ? pool.ejections().owes() : owed;
        owed = owed == null ? reverse.owes() : owed;
        owed = owed == null ? wronglyBlamed : owed;
        refusals.clear();
        if (open.isEmpty()) {
            byPayload.clear();
        }
        return owed;
    }

    /** It waits for the pool, or for room, which nobody sees. */
    private void waits(ModelRequest request) {
        leaves(request, true);
        request.waitsSince = request.waitsSince == 0 ? now() : request.waitsSince;
    }

    /** What becomes of its open attempts when graces are over, and shows nowhere. */
    private void settleAttempts(ModelRequest request) {
        for (ModelAttempt other : List.copyOf(request.others)) {
            if (isDropped(other) && isOver(other)) {
                request.others.remove(other);
                closed.add(other.key(), other.graceEnd);
            }
        }
        if (request.now == null || request.must != null || request.bounce != null || !isOver(request.now)) {
            return;
        }
        boolean back = isBack(request);
        if (back && !(mayTryAgain(request) && (request.others.isEmpty() || isServedFirst()))) {
            request.now.graceEnd = 0;
        } else if (!back && !pool.contains(request.at()) && !request.others.isEmpty()) {
            if (!isHarmless(request) || others(request, false).isEmpty() || !isLeft(request) || !isServedFirst()) {
                fallBack(request, request.now.graceEnd);
            }
        }
    }

    private boolean isOver(ModelAttempt attempt) {
        return attempt.graceEnd != 0 && attempt.graceEnd + TOLERANCE <= now();
    }

    /** Whether this one of several attempts is over, for its resource has left. */
    private boolean isDropped(ModelAttempt other) {
        return other.graceEnd != 0 && isPast(other.graceEnd) && !pool.contains(other.at);
    }

    /** Whether nobody else has it, or may have it still. */
    private boolean isAlone(ModelRequest request) {
        return request.others.stream().allMatch(this::isDropped);
    }

    /** Whether nobody waits who would get a place first. */
    private boolean isServedFirst() {
        return open.stream().noneMatch(this::isWaiting);
    }

    /** What is late: somebody else is asked, and whoever is late is blamed. */
    private @Nullable String settleLate(ModelRequest request) {
        for (ModelAttempt attempt : request.attempts()) {
            // Of one that was set aside it is noticed when the present one is looked at.
            if (isUnjustlySpared(request, attempt, TOLERANCE + (attempt == request.now ? 0 : 3 * attemptTimeout))) {
                return "not blamed: " + attempt + " of " + request + " at " + now() + " in " + pool;
            }
        }
        if (request.now == null || request.must != null || request.bounce != null) {
            return null;
        }
        if (maySlowlyBeReplaced(request) && !stillOpen.test(request.now.key())) {
            waits(request);
            return null;
        }
        boolean askable = isServedFirst() && mayAskAnother(request, false);
        request.askableSince = !askable ? 0 : request.askableSince == 0 ? now() : request.askableSince;
        if (request.lookBy > now()) {
            return null;
        }
        if (askable && request.askableSince <= request.lookBy - attemptTimeout) {
            return "nobody else was asked in time: " + request + " at " + now() + " in " + pool;
        }
        looks(request, now());
        return null;
    }

    /** Whether the resource is not blamed, though its time is over by more than this. */
    private boolean isUnjustlySpared(ModelRequest request, ModelAttempt attempt, long more) {
        long end = attemptTimeout > 0 ? attempt.sentAt + attemptTimeout + more : request.deadline;
        return !attempt.blamed
                && (attempt != request.now || request.bounce == null && request.must == null)
                && end <= now()
                && (!pool.contains(attempt.at) || pool.ejections().isAnswerable(attempt.at, attempt.sentAt))
                && !takesBlameOf(attempt)
                && pool.contains(attempt.at);
    }

    /** It may be this one that its resource was blamed for, and not the one that it was taken to be. */
    private boolean takesBlameOf(ModelAttempt attempt) {
        for (ModelRequest other : open) {
            for (ModelAttempt each : other.attempts()) {
                if (each.blamed && each.at.equals(attempt.at)) {
                    each.blamed = false;
                    attempt.blamed = true;
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether that its resource cannot take it has ended without a word; where others have it, it waits for those. */
    private boolean isDone(ModelRequest request) {
        boolean mustMove = isLeft(request) && !others(request, false).isEmpty() && isServedFirst();
        if (mustMove) {
            return false;
        }
        if (!request.others.isEmpty()) {
            fallBack(request, now());
            return true;
        }
        boolean waits = isLeft(request) && queueTimeout > 0 && isSomebodyFor(request);
        if (waits) {
            waits(request);
        }
        return waits;
    }

    // ---- The tables.

    /** When something must become of it at the latest if nothing comes. */
    private long due(ModelRequest request) {
        long due = request.deadline;
        if (isWaiting(request) && queueTimeout > 0 && isKnown()) {
            due = sooner(due, request.waitsSince + queueTimeout);
        }
        if (request.bounce != null) {
            boolean held = pool.isSuspect(request.at()) && !request.isFormerSession();
            due = held ? due : sooner(due, Math.max(request.bounceLimit, request.bouncedAt + BOUNCE_WAIT));
        }
        for (ModelAttempt other : request.others) {
            due = sooner(due, pool.contains(other.at) ? 0 : other.graceEnd);
        }
        boolean grace = request.now != null && !(isBack(request) && !mayTryAgain(request));
        return sooner(due, grace ? request.now.graceEnd : 0);
    }

    private boolean isKnown() {
        return pool.isConfirmed() && !pool.isInDoubt();
    }

    private boolean isWaiting(ModelRequest request) {
        return request.now == null && request.must == null && !request.answered;
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
                || request.must == Must.BUSY
                        && isLeft(request)
                        && pool.isConfirmed()
                        && !others(request, true).isEmpty()
                || (isGone(request) || isReplaced(request) || maySlowlyBeReplaced(request)) && mayTryAgain(request);
    }

    /**
     * Whether another resource may be asked beside the one that is slow.
     *
     * @param hopeful whether those that may have left leave room; the request need not be late yet where it is false
     */
    private boolean mayAskAnother(ModelRequest request, boolean hopeful) {
        return attemptTimeout > 0
                && request.now != null
                && request.must == null
                && request.bounce == null
                && (!hopeful || isPast(request.now.sentAt + attemptTimeout))
                && (request.isGet() || settings.retrySet() == RetrySet.ALWAYS)
                && isLeft(request)
                && pool.isConfirmed()
                && !others(request, hopeful).isEmpty();
    }

    private boolean isLeft(ModelRequest request) {
        return request.tried.size() < settings.attempts() && !isPast(request.deadline);
    }

    /** Whether somebody is there whom it suits, with room for it or without. */
    private boolean isSomebodyFor(ModelRequest request) {
        List<String> there = pool.choosable();
        there.remove(request.requester.key());
        there.removeAll(request.tried);
        return !there.isEmpty();
    }

    private boolean mayAnswer(ModelRequest request, Stanza sent) {
        if (request.must == Must.REPLY) {
            return isPassedOn(sent, request.reply);
        }
        String condition = ModelReply.application(sent);
        if (request.must == Must.ERROR) {
            return request.errors.contains(condition);
        }
        if (request.must == Must.BUSY) {
            boolean moves = isLeft(request)
                    && (pool.isConfirmed() && !others(request, false).isEmpty()
                            || queueTimeout > 0 && isSomebodyFor(request));
            boolean passedOn = !moves && isPassedOn(sent, request.reply);
            return request.others.isEmpty() && (passedOn || isRefused(request, condition));
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
            boolean over = condition.equals("resource-gone") && !mayTryAgain(request);
            return isAlone(request) && (over || isRefused(request, condition));
        }
        if ((isReplaced(request) || maySlowlyBeReplaced(request)) && mayTryAgain(request)) {
            return isAlone(request) && isRefused(request, condition);
        }
        boolean wasSuspect = request.now != null && pool.isSuspect(request.at());
        boolean bounced = request.bounce != null && (expired || isPast(request.bouncedAt + BOUNCE_WAIT));
        boolean passedOn = bounced && isPassedOn(sent, request.bounce);
        if (passedOn && request.notFound && request.now != null) {
            pool.suspect(request.at());
        }
        return passedOn && (expired || !wasSuspect);
    }

    private boolean isGone(ModelRequest request) {
        if (request.must != null) {
            return request.must == Must.GONE;
        }
        if (request.now == null) {
            return false;
        }
        boolean there = pool.contains(request.at());
        boolean bounced = request.bounce != null && isPast(request.bouncedAt + BOUNCE_WAIT);
        return bounced && (!there || request.now.formerSession)
                || !there && request.now.graceEnd != 0 && isPast(request.now.graceEnd);
    }

    /** Whether its session has ended, and another one is there in its place. */
    private boolean isBack(ModelRequest request) {
        return request.now != null
                && request.now.formerSession
                && request.bounce == null
                && pool.contains(request.at());
    }

    /** The same, and the grace is over: a get does not wait for that any longer. */
    private boolean isReplaced(ModelRequest request) {
        return request.must == null
                && request.isGet()
                && isBack(request)
                && request.now.graceEnd != 0
                && isPast(request.now.graceEnd);
    }

    /** The same, and it could not be sent again when the grace was over: that is looked at again when it is late. */
    private boolean maySlowlyBeReplaced(ModelRequest request) {
        return attemptTimeout > 0
                && request.must == null
                && request.isGet()
                && isBack(request)
                && (request.now.graceEnd == 0 || isPast(request.now.graceEnd))
                && isPast(request.now.sentAt + attemptTimeout);
    }

    private boolean mayTryAgain(ModelRequest request) {
        boolean somebody = isAlone(request)
                ? !isKnown() || queueTimeout > 0 || !choices(request).isEmpty()
                : pool.isConfirmed() && !others(request, true).isEmpty();
        return isHarmless(request) && isLeft(request) && somebody;
    }

    private boolean isHarmless(ModelRequest request) {
        return request.isGet()
                || settings.retrySet() == RetrySet.ALWAYS
                || settings.retrySet() == RetrySet.UNDELIVERED && request.bounce != null && request.undelivered;
    }

    /** Those that have not had it and may get it. */
    private List<String> others(ModelRequest request, boolean hopeful) {
        List<String> others = pool.choosable();
        others.remove(request.requester.key());
        others.removeAll(request.tried);
        others.removeIf(each -> isFull(each, request, hopeful));
        return pool.preferred(others);
    }

    /** Those that it may go to: with room, or with room if others have left that may have. */
    private List<String> choices(ModelRequest request) {
        return choices(request, true);
    }

    /** @param hopeful whether those that may have left count as such */
    private List<String> choices(ModelRequest request, boolean hopeful) {
        List<String> others = others(request, hopeful);
        if (!others.isEmpty() || !request.isFormerSession()) {
            return others;
        }
        List<String> choices = pool.choosable();
        choices.remove(request.requester.key());
        choices.removeIf(each -> isFull(each, request, hopeful));
        String last = request.tried.get(request.tried.size() - 1);
        choices.removeIf(each -> !each.equals(last) && request.tried.contains(each));
        return pool.preferred(choices);
    }

    /** Whether the resource has as many others as it may have at a time. */
    private boolean isFull(String resource, ModelRequest but, boolean hopeful) {
        int key = settings.get(WorkerKeys.MAX_PENDING_PER_RESOURCE);
        int wishes = pool.wishes(resource);
        int most = key == 0 || wishes == 0 ? key + wishes : Math.min(key, wishes);
        if (most == 0) {
            return false;
        }
        long load = 0;
        for (ModelRequest other : open) {
            boolean left = hopeful && mayHaveLeft(other);
            for (ModelAttempt attempt : other.attempts()) {
                boolean own = other == but && attempt == but.now;
                boolean over = hopeful && (left && attempt == other.now || attempt != other.now && isDropped(attempt));
                load += !own && !over && attempt.at.equals(resource) ? 1 : 0;
            }
        }
        return load >= most;
    }

    /** Whether it may wait for another attempt already, which nobody sees. */
    private boolean mayHaveLeft(ModelRequest request) {
        if (request.must == Must.BUSY || !request.others.isEmpty() && isGone(request)) {
            return true;
        }
        boolean over = isGone(request) || isReplaced(request) || maySlowlyBeReplaced(request);
        return (queueTimeout > 0 || !isKnown()) && over && isHarmless(request) && isLeft(request);
    }

    /** Its present attempt is over; whether a late reply may still come is remembered. */
    private void leaves(ModelRequest request, boolean again) {
        if (request.now != null && !isReplied(request)) {
            closed.add(request.now.key(), now());
        }
        if (again) {
            request.replaced = request.isFormerSession();
            request.now = null;
            request.bounce = null;
            request.must = null;
        } else {
            request.others.forEach(each -> closed.add(each.key(), now()));
        }
    }

    private static boolean isReplied(ModelRequest request) {
        return request.bounce != null
                || request.must == Must.REPLY
                || request.must == Must.BUSY
                || request.errors.contains("bad-reply");
    }

    /** Whether a reply under this key could be mistaken: 1 yes, -1 no, 0 both are right. */
    private int taken(String key) {
        boolean taken =
                open.stream().anyMatch(request -> request.attempts().stream().anyMatch(each -> key.equals(each.key())));
        // A refusal may have moved its request on already, which nobody sees, and then its key is free again.
        boolean refused = open.stream()
                .anyMatch(request -> request.must == Must.BUSY && request.now != null && key.equals(request.now.key()));
        if (refused) {
            return 0;
        }
        long more = open.stream()
                .mapToLong(request -> (mayHaveLeft(request) ? 1 : 0)
                        + request.others.stream().filter(this::isDropped).count())
                .sum();
        return taken ? 1 : closed.taken(key, more);
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
}
