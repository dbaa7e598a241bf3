package org.clientproxy.proxy;

import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * One available session of the target, as its presence describes it. Equal to another one of the same full address.
 * Changed on the loop only.
 */
final class PooledResource {
    private final Jid jid;
    private final String key;
    private @Nullable String show;
    private int priority;
    private boolean confirmed;
    private int pending;
    private long availableAt;

    PooledResource(Jid jid) {
        this.jid = jid;
        this.key = jid.key();
    }

    /** Takes in an available presence. */
    void update(TargetPresence presence, long now) {
        show = presence.show();
        priority = presence.priority();
        confirmed = true;
        availableAt = now;
    }

    /** The stream broke: whether it is still there is not known. */
    void unconfirm() {
        confirmed = false;
    }

    Jid jid() {
        return jid;
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

    boolean isConfirmed() {
        return confirmed;
    }

    /** When its last available presence came, in nanoseconds of the loop's clock. */
    long availableAt() {
        return availableAt;
    }

    /** Counts requests that are pending at it. */
    void pending(int change) {
        pending += change;
    }

    int pending() {
        return pending;
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
        return jid.toString();
    }
}
