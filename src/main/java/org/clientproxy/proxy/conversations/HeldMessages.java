package org.clientproxy.proxy.conversations;

import java.util.ArrayDeque;
import java.util.Deque;
import org.clientproxy.proxy.pool.PoolListener;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * The messages of requesters that came while it was not known who is there. They wait in their order until that is known, for
 * {@code proxy.confirm-timeout} at most, and whoever comes meanwhile waits behind them. Used on the loop only, but for {@link
 * #size()}.
 */
public final class HeldMessages implements PoolListener, Adjustable {
    /** So many may wait. */
    static final int MOST = 1000;

    /** So many octets they may have together. */
    static final long MOST_OCTETS = 4L << 20;

    private record Held(int octets, long until, Runnable goesOn) {}

    private final StreamLoop loop;
    private final ResourcePool pool;
    private final Deque<Held> waiting = new ArrayDeque<>();
    private long octets;
    private long nanos;
    private boolean draining;
    private boolean looking;
    private StreamLoop.@Nullable Timeout timeout;
    private volatile int size;

    public HeldMessages(StreamLoop loop, ResourcePool pool, ProxySettings settings) {
        this.loop = loop;
        this.pool = pool;
        adjust(settings);
    }

    /** Whoever waits already waits by the time that was set when it began. */
    @Override
    public void adjust(ProxySettings now) {
        nanos = now.confirmTimeout().toNanos();
    }

    /** How many wait. Any thread. */
    public int size() {
        return size;
    }

    /** Whether it is known who is there, or nobody is to wait for that any more. */
    private boolean isKnown() {
        return draining || pool.isConfirmed() && (pool.size() > 0 || !pool.isInDoubt());
    }

    /** Whether a message that comes now waits: it is not known who is there, or others wait still. */
    public boolean mustWait() {
        return !waiting.isEmpty() || !isKnown();
    }

    /**
     * Lets a message wait.
     *
     * @param goesOn is run when it waits no more, in a task of its own on the loop
     * @return false where there is no room
     */
    public boolean hold(int messageOctets, Runnable goesOn) {
        if (waiting.size() >= MOST || octets + messageOctets > MOST_OCTETS) {
            return false;
        }
        waiting.add(new Held(messageOctets, loop.nanoTime() + nanos, goesOn));
        octets += messageOctets;
        size = waiting.size();
        expect();
        return true;
    }

    /** The proxy is stopping: nothing waits any more. */
    public void drain() {
        draining = true;
        look();
    }

    @Override
    public void poolConfirmed() {
        look();
    }

    @Override
    public void lookAgain() {
        look();
    }

    @Override
    public void resourceLeft(PooledResource resource, boolean settle) {
        // What waits is at no resource.
    }

    /** In a task of its own, for the pool may be in the middle of a change. */
    private void look() {
        if (!waiting.isEmpty() && !looking) {
            looking = true;
            loop.execute(this::goOn);
        }
    }

    private void goOn() {
        looking = false;
        while (!waiting.isEmpty() && (isKnown() || waiting.getFirst().until() - loop.nanoTime() <= 0)) {
            Held held = waiting.removeFirst();
            octets -= held.octets();
            size = waiting.size();
            held.goesOn().run();
        }
        expect();
    }

    /** Sets the timer for the first of those that wait. */
    private void expect() {
        if (timeout == null && !waiting.isEmpty()) {
            timeout = loop.schedule(this::late, Math.max(0, waiting.getFirst().until() - loop.nanoTime()));
        }
    }

    private void late() {
        timeout = null;
        goOn();
    }
}
