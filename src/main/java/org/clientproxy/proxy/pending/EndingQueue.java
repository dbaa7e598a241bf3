package org.clientproxy.proxy.pending;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * The endings that no stanza brings, until they are handed to the route, in batches: between two of them the loop looks at its
 * sockets. Used on the loop only.
 */
final class EndingQueue {
    /** How many endings are handed out before the loop may do something else. */
    static final int BATCH = 256;

    /** How long endings wait before it is looked again whether the stream has room for answers (50 ms). */
    static final long CONGESTED_NANOS = Duration.ofMillis(50).toNanos();

    private record Due(PendingRequest pending, @Nullable String key, Ending ending) {}

    private final StreamLoop loop;
    private final PendingTable table;
    private final Decisions decisions;
    private final BooleanSupplier congested;
    private final BiConsumer<PendingRequest, Ending> sink;
    private final ArrayDeque<Due> due = new ArrayDeque<>();
    private boolean scheduled;

    /** @param congested while this says so, what is to end stays pending, where its memory is counted */
    EndingQueue(
            StreamLoop loop,
            PendingTable table,
            Decisions decisions,
            BooleanSupplier congested,
            BiConsumer<PendingRequest, Ending> sink) {
        this.loop = loop;
        this.table = table;
        this.decisions = decisions;
        this.congested = congested;
        this.sink = sink;
    }

    /** The present attempt at a request has ended so; to be followed by {@link #runSoon}. */
    void add(PendingRequest pending, Ending ending) {
        due.add(new Due(pending, pending.key(), ending));
    }

    void addAll(Iterable<PendingRequest> all, Ending ending) {
        for (PendingRequest pending : all) {
            add(pending, ending);
        }
        runSoon();
    }

    void runSoon() {
        if (!due.isEmpty() && !scheduled) {
            scheduled = true;
            loop.execute(this::run);
        }
    }

    /** Hands out one batch of endings, and comes again if there are more. */
    private void run() {
        boolean held = false;
        for (int i = 0; i < BATCH && !due.isEmpty() && !held; i++) {
            held = congested.getAsBoolean();
            if (!held) {
                Due next = due.remove();
                PendingRequest pending = next.pending();
                // It may have been settled, or sent to another resource, since.
                if (next.key() != null
                        && next.key().equals(pending.key())
                        && table.find(next.key()) == pending
                        && decisions.holds(pending, next.ending())) {
                    sink.accept(pending, next.ending());
                }
            }
        }
        scheduled = !due.isEmpty();
        if (scheduled) {
            // By the timer: of tasks that are merely queued the loop runs many before it looks at its sockets again.
            loop.schedule(this::run, held ? CONGESTED_NANOS : 0);
        }
    }
}
