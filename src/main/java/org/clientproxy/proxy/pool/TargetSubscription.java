package org.clientproxy.proxy.pool;

import java.time.Duration;
import java.util.List;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our subscription to the target's presence, which keeps the pool true (RFC 6121 §3, §4). It subscribes until it is
 * accepted, probes after that and never before, probes again while nobody answers, and asks again while nobody is there and
 * every ten minutes. Whoever does not answer then is gone. Used on the loop only.
 */
public final class TargetSubscription {
    private static final Logger LOG = LoggerFactory.getLogger(TargetSubscription.class);

    private static final Duration REFRESH = Duration.ofMinutes(10);
    private static final Duration REFRESH_WHILE_EMPTY = Duration.ofSeconds(60);

    private final Jid target;
    private final Duration confirmTimeout;
    private final StreamLoop loop;
    private final ResourcePool pool;
    private final PoolListener listener;
    private final PresenceSender sender;
    private final SubscribePace pace = new SubscribePace();
    private final LateUnavailables crossing;
    private final ProbeRetries retries;
    private final SilentResources silent;
    private final ImplementingClients clients;
    private final PoolLog changes;
    private final SubscriptionLog log;

    private boolean ready;
    private boolean subscribed;
    private boolean outstanding;
    private boolean probed;
    private boolean doubted;
    private StreamLoop.@Nullable Timeout next;
    private StreamLoop.@Nullable Timeout confirmation;

    public TargetSubscription(
            ProxySettings settings, StreamLoop loop, ResourcePool pool, PoolListener listener, PresenceSender sender) {
        this.target = settings.target();
        this.confirmTimeout = settings.confirmTimeout();
        this.loop = loop;
        this.pool = pool;
        this.listener = listener;
        this.sender = sender;
        this.crossing = new LateUnavailables(loop, this::probe, this::doubtEnded);
        this.silent = new SilentResources(loop, pool, confirmTimeout, this::probe, this::leaveSilent);
        this.retries = new ProbeRetries(loop, this::sendProbe, () -> pool.hasUnconfirmed() || silent.isAwaited());
        this.clients = new ImplementingClients(settings.resources());
        this.changes = new PoolLog(target, loop, pool);
        this.log = new SubscriptionLog(settings, loop);
    }

    /** Stanzas flow: whoever is there must be learnt anew, for no server tells unasked. */
    public void streamReady() {
        ready = true;
        subscribed = false;
        doubted = false;
        probed = false;
        pace.restart();
        sender.send("", target);
        confirmation = schedule(confirmation, this::confirm, confirmTimeout);
        pool.gather(true);
        subscribe();
    }

    public void streamDown() {
        ready = false;
        outstanding = false;
        pool.unconfirm();
        cancelTimers();
    }

    /** The proxy is stopping: the target hears that it is unavailable. */
    public void stop() {
        cancelTimers();
        if (ready) {
            sender.send("unavailable", target);
        }
        ready = false;
    }

    /** A presence of the account or of one of its sessions. */
    public void receive(TargetPresence presence) {
        if (!ready) {
            // We have said that we are unavailable; an answer would contradict it.
            return;
        }
        boolean full = presence.from().isFull();
        switch (presence.type()) {
            case "" -> {
                if (full) {
                    available(presence);
                }
            }
            case "unavailable" -> {
                if (full) {
                    unavailable(presence.from());
                } else if (subscribed) {
                    leaveAll(true);
                    answered();
                }
            }
            case "subscribed" -> accepted();
            case "unsubscribed" -> denied();
            case "error" -> failed(presence.from());
            case "subscribe" -> {
                sender.send("subscribed", target);
                sender.send("", target);
            }
            case "probe" -> sender.send("", presence.from());
            case "unsubscribe" -> sender.send("unavailable", target);
            default ->
                LOG.debug(
                        "ignored a presence of type {} from {}",
                        LogText.of(presence.type()),
                        LogText.of(presence.from().toString()));
        }
    }

    /**
     * A request came back from the resource as from a server that does not find it, though it is in the pool: whether it is
     * there is found out, if the target lets us see that.
     */
    public void suspect(PooledResource resource) {
        if (ready && subscribed) {
            silent.suspect(resource);
        }
    }

    private void available(TargetPresence presence) {
        if (clients.include(presence.from())) {
            boolean answer = crossing.returned(presence.from().key());
            if (pool.put(presence, loop.nanoTime())) {
                changes.came(LogText.of(presence.from().toString()));
            }
            PooledResource resource = pool.find(presence.from());
            if (resource != null) {
                resource.setAnsweredProbe(answer);
            }
            pool.leaveInDoubt(crossing.isInDoubt());
            log.notEmpty();
        }
        answered();
        wakeWaiting();
    }

    private void unavailable(Jid from) {
        PooledResource resource = pool.find(from);
        if (resource == null) {
            return;
        }
        crossing.left(resource);
        pool.leaveInDoubt(crossing.isInDoubt());
        leave(resource, true);
        afterLeaving();
    }

    /** It is known now that none of those whose leave was in doubt is there. */
    private void doubtEnded() {
        pool.leaveInDoubt(false);
        afterLeaving();
    }

    private void leaveSilent(List<PooledResource> resources) {
        for (PooledResource resource : resources) {
            pool.remove(resource);
            listener.resourceLeft(resource, true);
        }
        log.silent(resources, changes.resources());
        // One whose answer was lost comes back soon.
        if (subscribed && !outstanding) {
            next = schedule(next, this::askAgain, REFRESH_WHILE_EMPTY);
        }
        afterLeaving();
    }

    private void accepted() {
        if (!outstanding) {
            // ejabberd passes on a subscribed that nobody asked for; whether it holds shows when we ask. Only once, for
            // a
            // server that answers twice would be asked for ever.
            if (!doubted) {
                doubted = true;
                subscribe();
            }
            return;
        }
        boolean refresh = subscribed;
        if (!refresh) {
            log.accepted();
        }
        subscribed = true;
        outstanding = false;
        pace.restart();
        probed = true;
        probe();
        if (refresh) {
            silent.sweep();
        }
        scheduleRefresh();
    }

    private void denied() {
        stopAsking();
        leaveAll(false);
        if (!subscribed && !outstanding) {
            // Said again: no reason to wait any longer than we do.
            return;
        }
        subscribed = false;
        outstanding = false;
        doubted = false;
        Duration delay = pace.slow();
        log.denied(delay.toSeconds());
        next = schedule(next, this::askAgain, delay);
    }

    private void failed(Jid from) {
        if (from.isFull()) {
            PooledResource resource = pool.find(from);
            if (resource == null) {
                return;
            }
            log.failed(resource);
            leave(resource, false);
            afterLeaving();
            if (subscribed && !outstanding) {
                next = schedule(next, this::askAgain, REFRESH_WHILE_EMPTY);
            }
            return;
        }
        stopAsking();
        leaveAll(false);
        if (subscribed || outstanding) {
            log.accountFailed();
            subscribed = false;
            outstanding = false;
            next = schedule(next, this::askAgain, pace.slow());
        }
    }

    private void askAgain() {
        doubted = false;
        subscribe();
    }

    private void subscribe() {
        if (!ready) {
            return;
        }
        outstanding = true;
        sender.send("subscribe", target);
        next = schedule(next, this::askAgain, pace.next());
    }

    /** Never while the subscription is pending: Prosody would forget it. */
    private void probe() {
        if (ready && subscribed) {
            sendProbe();
            retries.sent();
        }
    }

    private void sendProbe() {
        sender.send("probe", target);
    }

    /** The subscription has ended, so nobody will answer. */
    private void stopAsking() {
        retries.clear();
        silent.clear();
    }

    /** Who is there is asked again soon while nobody is, else every ten minutes. */
    private void scheduleRefresh() {
        next = schedule(next, this::askAgain, pool.size() == 0 ? REFRESH_WHILE_EMPTY : REFRESH);
    }

    private void answered() {
        retries.answered();
        if (!pool.isConfirmed() && subscribed && probed) {
            pool.confirm();
            listener.poolConfirmed();
        }
    }

    /** The time for answers to the probe is over: who was there before the break and has not shown up is gone. */
    private void confirm() {
        confirmation = null;
        pool.gather(false);
        for (PooledResource resource : pool.all()) {
            if (!resource.isConfirmed()) {
                leave(resource, true);
            }
        }
        if (!pool.isConfirmed()) {
            pool.confirm();
            listener.poolConfirmed();
        } else {
            wakeWaiting();
        }
        sayIfEmpty();
    }

    private void leaveAll(boolean settle) {
        for (PooledResource resource : pool.all()) {
            leave(resource, settle);
        }
        afterLeaving();
    }

    private void leave(PooledResource resource, boolean settle) {
        pool.remove(resource);
        changes.left(resource);
        listener.resourceLeft(resource, settle);
    }

    private void afterLeaving() {
        if (!pool.isInDoubt()) {
            wakeWaiting();
        }
        if (pool.size() == 0) {
            sayIfEmpty();
            if (subscribed && !outstanding) {
                scheduleRefresh();
            }
        }
    }

    /** Whoever waited because nobody could be chosen may find somebody now, or learn that nobody is there. */
    private void wakeWaiting() {
        if (pool.isConfirmed()) {
            listener.lookAgain();
        }
    }

    private void sayIfEmpty() {
        if (pool.size() == 0 && pool.isConfirmed() && !pool.isInDoubt()) {
            log.empty();
        }
    }

    private void cancelTimers() {
        next = cancel(next);
        confirmation = cancel(confirmation);
        pool.gather(false);
        crossing.clear();
        retries.clear();
        silent.clear();
        log.clear();
        pool.endDoubts();
    }

    private StreamLoop.Timeout schedule(StreamLoop.@Nullable Timeout before, Runnable task, Duration delay) {
        cancel(before);
        return loop.schedule(task, delay.toNanos());
    }

    private static StreamLoop.@Nullable Timeout cancel(StreamLoop.@Nullable Timeout timeout) {
        if (timeout != null) {
            timeout.cancel();
        }
        return null;
    }
}
