package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RetrySet;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** The open requests of requesters, with the time and the limits: what all parts of the reference model look at. */
final class ModelOpen {
    final ProxySettings settings;

    /** In nanoseconds; 0: nothing waits. */
    final long queueTimeout;

    /** In nanoseconds; 0: nobody is late before the deadline. */
    final long attemptTimeout;

    private final LongSupplier clock;
    private final List<ModelRequest> all = new ArrayList<>();
    private final Map<String, ModelRequest> byPayload = new HashMap<>();
    private long moment;
    private long requests;
    private long answers;
    private long freedAt;
    // When those that waited ceased to.
    private final Deque<Long> leftQueue = new ArrayDeque<>();

    ModelOpen(LongSupplier clock, ProxySettings settings) {
        this.clock = clock;
        this.settings = settings;
        this.queueTimeout = settings.get(WorkerKeys.QUEUE_TIMEOUT).toNanos();
        long attempt = settings.get(WorkerKeys.ATTEMPT_TIMEOUT).toNanos();
        this.attemptTimeout = attempt < settings.replyTimeout().toNanos() ? attempt : 0;
    }

    List<ModelRequest> all() {
        return all;
    }

    long requests() {
        return requests;
    }

    long answers() {
        return answers;
    }

    void add(ModelRequest request) {
        requests++;
        all.add(request);
        byPayload.put(payload(request.stanza), request);
    }

    void answered(ModelRequest request) {
        request.answered = true;
        answers++;
        freed();
        leavesQueue(request);
        all.remove(request);
    }

    /** It waits no more, if it did. */
    void leavesQueue(ModelRequest request) {
        if (request.waitsSince != 0) {
            leftQueue.add(now());
            request.waitsSince = 0;
        }
    }

    /** How many have ceased to wait in the last so many nanoseconds. */
    long leftQueueIn(long time) {
        leftQueue.removeIf(at -> at + time < now());
        return leftQueue.size();
    }

    /** A place is free from now on. */
    void freed() {
        freedAt = now();
    }

    /** Whether none is free now that was not at that time. */
    boolean isAsFullAs(long at) {
        return freedAt - at < 0;
    }

    /** The request that this is, by its payload; null where it is none, or one of an earlier time. */
    @Nullable
    ModelRequest of(Stanza sent) {
        return byPayload.get(payload(sent));
    }

    /** Where nothing is open, what was is forgotten. */
    void forget() {
        if (all.isEmpty()) {
            byPayload.clear();
        }
    }

    boolean isWaiting(ModelRequest request) {
        return request.now == null && request.must == null && !request.answered;
    }

    /** Whether nobody waits who would get a place first. */
    boolean isServedFirst() {
        return all.stream().noneMatch(this::isWaiting);
    }

    /** Whether as many wait as may. */
    boolean isQueueFull() {
        return all.stream().filter(this::isWaiting).count() >= settings.get(WorkerKeys.MAX_QUEUED);
    }

    /** Whether it has an attempt left. */
    boolean isLeft(ModelRequest request) {
        return request.tried.size() < settings.attempts() && !isPast(request.deadline);
    }

    /** Whether another session may get it, though one has had it. */
    boolean isHarmless(ModelRequest request) {
        return request.isGet()
                || settings.retrySet() == RetrySet.ALWAYS
                || settings.retrySet() == RetrySet.UNDELIVERED && request.bounce != null && request.undelivered;
    }

    /** Whether it has waited for as long as it may, or will have so much later. */
    boolean hasWaited(ModelRequest request, long later) {
        return request.waitsSince != 0 && isPast(request.waitsSince + queueTimeout - later);
    }

    /** The clock is about to come to this moment. */
    void timeComes(long now) {
        moment = now;
    }

    long now() {
        return Math.max(moment, clock.getAsLong());
    }

    boolean isPast(long at) {
        return at - now() <= 0;
    }

    /** The earlier of two times; 0: never. */
    static long sooner(long a, long b) {
        return a == 0 ? b : b == 0 ? a : Math.min(a, b);
    }

    private static String payload(Stanza stanza) {
        return new String(stanza.content(), StandardCharsets.UTF_8);
    }
}
