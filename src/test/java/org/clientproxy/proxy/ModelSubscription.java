package org.clientproxy.proxy;

import java.util.function.LongSupplier;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/** The subscription to the target's presence as it is specified, for the reference model ({@code proxy.subscribe=on}). */
final class ModelSubscription implements ModelWatch {
    private final ModelPool pool;
    private final ModelSuspicions suspicions;
    private final LongSupplier clock;
    private boolean subscribed;
    private boolean outstanding;
    private boolean mustProbe;
    private long probedAt = -1;

    ModelSubscription(ModelPool pool, ModelSuspicions suspicions, LongSupplier clock) {
        this.pool = pool;
        this.clock = clock;
        this.suspicions = suspicions;
    }

    @Override
    public void up() {
        subscribed = false;
    }

    @Override
    public void down() {
        outstanding = false;
    }

    /** While the target has not accepted, the server reports each end. */
    @Override
    public boolean finds(String suspect) {
        return subscribed;
    }

    @Override
    public void ask() {
        // A suspicion shows only after it has been asked about.
        mustProbe |= subscribed && probedAt != clock.getAsLong();
    }

    @Override
    public void receive(String type, Jid from, ModelPresence says) {
        switch (type) {
            case "" -> {
                if (from.isFull()) {
                    pool.available(from.key(), says);
                    answered();
                }
            }
            case "unavailable" -> {
                if (from.isFull()) {
                    pool.unavailable(from.key());
                } else if (subscribed) {
                    pool.leaveAll(true);
                    answered();
                }
            }
            case "error" -> {
                if (from.isFull()) {
                    pool.leave(from.key(), false);
                } else {
                    end();
                }
            }
            case "unsubscribed" -> end();
            case "subscribed" -> {
                if (outstanding) {
                    if (subscribed) {
                        suspicions.sweep();
                    }
                    subscribed = true;
                    outstanding = false;
                    mustProbe = true;
                }
            }
            default -> {}
        }
    }

    private void answered() {
        if (subscribed) {
            pool.confirm();
        }
    }

    private void end() {
        pool.stopAsking();
        pool.leaveAll(false);
        subscribed = false;
        outstanding = false;
    }

    @Override
    public void confirmTimeout() {
        pool.unconfirmedLeave();
        pool.confirm();
    }

    @Override
    public @Nullable String sent(String type, Jid to) {
        switch (type) {
            case "subscribe" -> {
                outstanding = true;
                return pool.isReady() ? null : "a subscribe without a stream";
            }
            case "probe" -> {
                mustProbe = false;
                probedAt = clock.getAsLong();
                return pool.isReady() && subscribed ? null : "a probe without a subscription";
            }
            case "", "subscribed", "unavailable" -> {
                return null;
            }
            default -> {
                return "a presence of type " + type;
            }
        }
    }

    @Override
    public @Nullable String owes() {
        return mustProbe ? "no probe after subscribed" : null;
    }
}
