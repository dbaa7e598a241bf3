package org.clientproxy.proxy;

import java.time.Duration;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our subscription to the target's presence, which keeps the pool true (RFC 6121 §3, §4). It subscribes until it is
 * accepted, probes after that and never before, and asks again while nobody is there and every ten minutes. Used on the
 * loop only.
 */
final class TargetSubscription {
    private static final Logger LOG = LoggerFactory.getLogger(TargetSubscription.class);

    static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    static final Duration SLOWEST_RETRY = Duration.ofSeconds(60);
    static final Duration FIRST_AFTER_DENIAL = Duration.ofSeconds(60);
    static final Duration SLOWEST_AFTER_DENIAL = Duration.ofHours(1);
    static final Duration REFRESH = Duration.ofMinutes(10);

    /** ejabberd may deliver a new session's presence before the old one's leave. */
    static final Duration CROSSING = Duration.ofMillis(1500);

    private final Jid domain;
    private final Jid target;
    private final Duration confirmTimeout;
    private final StreamLoop loop;
    private final ResourcePool pool;
    private final PoolListener listener;
    private final PresenceSender sender;

    private boolean ready;
    private boolean subscribed;
    private boolean outstanding;
    private boolean probed;
    private boolean denied;
    private boolean empty;
    private Duration retry = FIRST_RETRY;
    private Duration afterDenial = FIRST_AFTER_DENIAL;
    private StreamLoop.@Nullable Timeout next;
    private StreamLoop.@Nullable Timeout confirmation;

    TargetSubscription(
            ProxySettings settings, StreamLoop loop, ResourcePool pool, PoolListener listener, PresenceSender sender) {
        this.domain = settings.domain();
        this.target = settings.target();
        this.confirmTimeout = settings.confirmTimeout();
        this.loop = loop;
        this.pool = pool;
        this.listener = listener;
        this.sender = sender;
    }

    /** Stanzas flow: whoever is there must be learnt anew, for no server tells unasked. */
    void streamReady() {
        ready = true;
        subscribed = false;
        denied = false;
        probed = false;
        retry = FIRST_RETRY;
        afterDenial = FIRST_AFTER_DENIAL;
        sender.send("", target);
        confirmation = schedule(confirmation, this::confirm, confirmTimeout);
        subscribe();
    }

    void streamDown() {
        ready = false;
        outstanding = false;
        pool.unconfirm();
        next = cancel(next);
        confirmation = cancel(confirmation);
    }

    /** The proxy is stopping: the target hears that it is unavailable. */
    void stop() {
        next = cancel(next);
        confirmation = cancel(confirmation);
        if (ready) {
            sender.send("unavailable", target);
        }
        ready = false;
    }

    /** A presence of the account or of one of its sessions. */
    void receive(TargetPresence presence) {
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
            default -> LOG.debug("ignored a presence of type {} from {}", presence.type(), presence.from());
        }
    }

    private void available(TargetPresence presence) {
        if (pool.put(presence, loop.nanoTime())) {
            LOG.info("{} came; {} there now", presence.from(), resources());
        }
        empty = false;
        answered();
    }

    private void unavailable(Jid from) {
        PooledResource resource = pool.find(from);
        if (resource == null) {
            return;
        }
        boolean crossing = loop.nanoTime() - resource.availableAt() <= CROSSING.toNanos();
        leave(resource, true);
        if (crossing && subscribed) {
            sender.send("probe", target);
        }
        afterLeaving();
    }

    private void accepted() {
        if (!outstanding && !subscribed) {
            // ejabberd passes on a subscribed that nobody asked for; whether it holds shows when we ask.
            subscribe();
            return;
        }
        if (!subscribed) {
            LOG.info("{} lets {} see who is there", target, domain);
        }
        boolean asked = outstanding;
        subscribed = true;
        outstanding = false;
        denied = false;
        retry = FIRST_RETRY;
        afterDenial = FIRST_AFTER_DENIAL;
        if (asked) {
            probed = true;
            sender.send("probe", target);
        }
        scheduleRefresh();
    }

    private void denied() {
        subscribed = false;
        outstanding = false;
        leaveAll(false);
        if (!denied) {
            LOG.warn(
                    "{} does not let {} see its presence. Log in to {} with any client and accept the contact request of {}"
                            + " (or take it off the list of blocked contacts); it is asked again in {} s",
                    target,
                    domain,
                    target,
                    domain,
                    afterDenial.toSeconds());
        }
        denied = true;
        next = schedule(next, this::subscribe, afterDenial);
        afterDenial = min(afterDenial.multipliedBy(2), SLOWEST_AFTER_DENIAL);
    }

    private void failed(Jid from) {
        if (from.isFull()) {
            PooledResource resource = pool.find(from);
            if (resource == null) {
                return;
            }
            LOG.info("{} answered our presence with an error, so it is taken for gone", from);
            leave(resource, false);
        } else if (subscribed || outstanding) {
            LOG.warn("the server of {} answers with an error; is the account right, and its server reachable?", target);
            leaveAll(false);
            subscribed = false;
            outstanding = false;
        } else {
            return;
        }
        next = schedule(next, this::subscribe, SLOWEST_RETRY);
    }

    private void subscribe() {
        if (!ready) {
            return;
        }
        outstanding = true;
        sender.send("subscribe", target);
        next = schedule(next, this::subscribe, subscribed ? SLOWEST_RETRY : retry);
        if (!subscribed) {
            retry = min(retry.multipliedBy(2), SLOWEST_RETRY);
        }
    }

    /** Who is there is asked again soon while nobody is, else every ten minutes. */
    private void scheduleRefresh() {
        next = schedule(next, this::subscribe, pool.size() == 0 ? SLOWEST_RETRY : REFRESH);
    }

    private void answered() {
        if (!pool.isConfirmed() && subscribed && probed) {
            pool.setConfirmed(true);
            listener.poolConfirmed();
        }
    }

    /** The time for answers to the probe is over: who was there before the break and has not shown up is gone. */
    private void confirm() {
        confirmation = null;
        for (PooledResource resource : pool.all()) {
            if (!resource.isConfirmed()) {
                leave(resource, true);
            }
        }
        if (!pool.isConfirmed()) {
            pool.setConfirmed(true);
            listener.poolConfirmed();
        }
        if (pool.size() == 0) {
            sayEmpty();
        }
    }

    private void leaveAll(boolean settle) {
        for (PooledResource resource : pool.all()) {
            leave(resource, settle);
        }
        afterLeaving();
    }

    private void leave(PooledResource resource, boolean settle) {
        pool.remove(resource);
        LOG.info("{} left; {} there now", resource, resources());
        listener.resourceLeft(resource, settle);
    }

    private void afterLeaving() {
        if (pool.size() == 0) {
            if (pool.isConfirmed()) {
                sayEmpty();
            }
            if (subscribed && !outstanding) {
                scheduleRefresh();
            }
        }
    }

    private void sayEmpty() {
        if (!empty) {
            LOG.warn("no session of {} is there; requests to {} are refused until one comes", target, domain);
        }
        empty = true;
    }

    private String resources() {
        return pool.size() == 1 ? "1 resource is" : pool.size() + " resources are";
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

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
