package org.clientproxy.proxy.jgroups;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.clientproxy.proxy.cluster.ClusterNode;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.stream.StreamState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node leaves in order: what waits for the others is written, then the stream is closed, and after that all is handed over. On the
 * loop, but for {@link #await} and {@link #over}.
 */
final class Departure {
    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

    /**
     * How much longer than it takes to miss a silent one the node waits for the others before it closes its stream: what they do not
     * acknowledge till then waits for nobody any more.
     */
    private static final Duration WRITE = Duration.ofSeconds(1);

    /** The same until it leaves, be all handed over or not. */
    private static final Duration LEAVE = Duration.ofSeconds(10);

    private final StreamLoop loop;
    private final ComponentStream stream;
    private final ClusterNode node;
    private final Duration silentAfter;
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private boolean begun;
    private long begunAt;
    private boolean wasQuiet;
    private boolean withdrawn;
    private boolean leaving;

    /** @param silentAfter after which time the others miss a silent one */
    Departure(ComponentStream stream, ClusterNode node, Duration silentAfter) {
        this.loop = stream.loop();
        this.stream = stream;
        this.node = node;
        this.silentAfter = silentAfter;
    }

    void begin() {
        begun = true;
        begunAt = loop.nanoTime();
        node.closing();
        // What is written still waits for the others; what comes now is theirs.
        stream.pauseReading(ComponentStream.Pause.STORE, true);
    }

    boolean isBegun() {
        return begun;
    }

    /** Whether the stream was told to close. */
    boolean isWithdrawn() {
        return withdrawn;
    }

    /** To be called again and again. */
    void look() {
        if (begun) {
            closeStream();
        }
        if (node.hasLeft()) {
            left.complete(null);
        }
    }

    private void closeStream() {
        boolean quiet = node.figures().turns() == 0;
        boolean late = loop.nanoTime() - begunAt > silentAfter.plus(WRITE).toNanos();
        if (!withdrawn && (quiet && wasQuiet || late)) {
            withdrawn = true;
            stream.pauseReading(ComponentStream.Pause.STORE, false);
            stream.withdraw();
        }
        wasQuiet = quiet;
        if (withdrawn && !leaving && stream.state() == StreamState.DISCONNECTED) {
            leaving = true;
            node.leave();
        }
    }

    /** Returns when all is handed over, or the time for that is over. */
    void await() {
        try {
            left.get(silentAfter.plus(LEAVE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("nobody took over what was pending here when the time for that was over");
        }
    }

    /** Nobody need wait any more. */
    void over() {
        left.complete(null);
    }
}
