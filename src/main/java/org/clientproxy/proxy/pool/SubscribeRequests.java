package org.clientproxy.proxy.pool;

import java.time.Duration;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * The {@code subscribe}s that go to the target, when they go, and what has become of them. They go until one is accepted, and
 * after that again while nobody is there and every ten minutes. Used on the loop only.
 */
final class SubscribeRequests {
    private static final Duration RENEWAL = Duration.ofMinutes(10);
    private static final Duration RENEWAL_WHILE_EMPTY = Duration.ofSeconds(60);

    private final StreamLoop loop;
    private final ResourcePool pool;
    private final Runnable send;
    private final SubscribePace pace = new SubscribePace();
    private SubscriptionState state = SubscriptionState.DOWN;

    // Whether an acceptance that nobody asked for has made us ask. In each state it may have or not.
    private boolean doubted;
    private StreamLoop.@Nullable Timeout next;

    /** @param send sends one */
    SubscribeRequests(StreamLoop loop, ResourcePool pool, Runnable send) {
        this.loop = loop;
        this.pool = pool;
        this.send = send;
    }

    SubscriptionState state() {
        return state;
    }

    /** The stream is ready, and {@link #ask} is next: what was accepted in an earlier stream tells nothing in this one. */
    void begin() {
        end();
        become(SubscriptionState.ASKING);
        doubted = false;
        pace.restart();
    }

    /** Sends one, and another one later unless this one is accepted. */
    void ask() {
        if (state == SubscriptionState.DOWN) {
            // The stream broke while something was sent.
            return;
        }
        become(state.isAccepted() ? SubscriptionState.RENEWING : SubscriptionState.ASKING);
        send.run();
        askIn(pace.next());
    }

    /** Asks at once, and at the fastest pace from now on, unless it is denied or the stream is down. */
    void askNow() {
        if (state != SubscriptionState.DENIED) {
            pace.restart();
            ask();
        }
    }

    /** The stream is down, or the proxy is stopping. */
    void end() {
        become(SubscriptionState.DOWN);
        next = cancel(next);
    }

    /**
     * The target says that it has accepted; false where that was not asked for. ejabberd passes such a one on; whether it holds
     * shows when we ask. Only once, for a server that answers twice would be asked for ever.
     */
    boolean accepted() {
        if (state.isAwaited()) {
            become(SubscriptionState.ACCEPTED);
            pace.restart();
            return true;
        }
        if (!doubted) {
            doubted = true;
            ask();
        }
        return false;
    }

    /** The target says that it denies; until when it is not asked again, or null where it has said so before. */
    @Nullable
    Duration denied() {
        Duration delay = failed();
        if (delay != null) {
            doubted = false;
        }
        return delay;
    }

    /** The target's server answers with an error; until when it is not asked again, or null where it is known already. */
    @Nullable
    Duration failed() {
        if (state == SubscriptionState.DENIED) {
            // No reason to wait any longer than we do.
            return null;
        }
        become(SubscriptionState.DENIED);
        Duration delay = pace.slow();
        askIn(delay);
        return delay;
    }

    /** Asks anew when it is time to, after one was accepted. */
    void renewLater() {
        renewIn(pool.size() == 0 ? RENEWAL_WHILE_EMPTY : RENEWAL);
    }

    /** Asks anew soon, if what we have is accepted: somebody is missing who may be back by then. */
    void renewSoon() {
        renewIn(RENEWAL_WHILE_EMPTY);
    }

    private void renewIn(Duration delay) {
        if (state == SubscriptionState.ACCEPTED) {
            askIn(delay);
        }
    }

    private void askAgain() {
        doubted = false;
        ask();
    }

    private void askIn(Duration delay) {
        cancel(next);
        next = loop.schedule(this::askAgain, delay.toNanos());
    }

    private void become(SubscriptionState to) {
        if (to != state && !state.mayBecome(to)) {
            throw new IllegalStateException("the subscription cannot go from " + state + " to " + to);
        }
        state = to;
    }

    private static StreamLoop.@Nullable Timeout cancel(StreamLoop.@Nullable Timeout timeout) {
        if (timeout != null) {
            timeout.cancel();
        }
        return null;
    }
}
