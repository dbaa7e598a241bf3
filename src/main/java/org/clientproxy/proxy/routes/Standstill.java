package org.clientproxy.proxy.routes;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.clientproxy.component.StreamUse;
import org.clientproxy.proxy.pending.Ending;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * The standstill of one proxy while its routes are replaced: stanzas wait unread, endings wait here, the pending requests stay
 * where they are, and the stream stays up. It is on the way of the endings that no stanza brings.
 */
public final class Standstill implements PendingRequests.Endings {
    private final StreamUse use;
    private final StreamLoop loop;
    private final PendingRequests.Endings endings;
    private volatile boolean entered;
    // On the loop. Not null while the proxy stands still.
    private @Nullable Map<PendingRequest, Ending> waiting;

    /** @param endings gets the endings, after the standstill where there is one */
    public Standstill(StreamUse use, PendingRequests.Endings endings) {
        this.use = use;
        this.loop = use.stream().loop();
        this.endings = endings;
    }

    /** Lets the proxy stand still, until the result is closed. Not on the loop; by one thread at a time. */
    public Entered enter() {
        use.holdStanzas();
        // The loop keeps the order, so the stanzas wait when this is done.
        CompletableFuture<Void> reached = CompletableFuture.runAsync(() -> waiting = new LinkedHashMap<>(), loop);
        entered = true;
        return new Entered(reached);
    }

    /** Whether it is entered and not left: routes that stop now are only replaced. Any thread. */
    public boolean isEntered() {
        return entered;
    }

    /** On the loop. */
    @Override
    public void end(PendingRequest pending, Ending ending) {
        if (waiting == null) {
            endings.end(pending, ending);
        } else {
            waiting.putIfAbsent(pending, ending);
        }
    }

    private void leave() {
        entered = false;
        loop.execute(this::endWaiting);
        use.releaseStanzas();
    }

    private void endWaiting() {
        Map<PendingRequest, Ending> due = waiting;
        waiting = null;
        if (due != null) {
            due.forEach(endings::end);
        }
    }

    /** One standstill, from its entry to its end. */
    public final class Entered implements AutoCloseable {
        private final CompletableFuture<Void> reached;

        private Entered(CompletableFuture<Void> reached) {
            this.reached = reached;
        }

        /** Waits until nothing moves; false where the loop is too busy for so long, or the thread is interrupted. */
        public boolean await(long seconds) throws ExecutionException {
            try {
                reached.get(seconds, TimeUnit.SECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        /** Everything moves again: first the endings that waited, then the stanzas. */
        @Override
        public void close() {
            leave();
        }
    }
}
