package org.clientproxy.proxy.pending;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;

/**
 * The requests of an earlier process that are pending again. None of them has a deadline before there is a stream for the
 * answers. Used on the loop only.
 */
final class RestoredRequests {
    private final StreamLoop loop;
    private final ResourcePool pool;
    private final PendingTable table;
    private final PendingWatch watch;
    private final List<PendingRequest> withoutDeadline = new ArrayList<>();

    RestoredRequests(StreamLoop loop, ResourcePool pool, PendingTable table, PendingWatch watch) {
        this.loop = loop;
        this.pool = pool;
        this.table = table;
        this.watch = watch;
    }

    void takeUp(List<RestoredRequest> left, InstantSource clock, long replyTimeoutNanos) {
        for (RestoredRequest stored : left) {
            // A clock that was set back must not make a request wait for longer than any may.
            long rest = Math.min(
                    TimeUnit.MILLISECONDS.toNanos(stored.deadlineMillis() - clock.millis()), replyTimeoutNanos);
            PendingRequest pending = stored.pending(loop.nanoTime() + rest - replyTimeoutNanos, loop.nanoTime() + rest);
            if (stored.waiting()) {
                pending.await(table.keyOfNobody());
            } else if (stored.reverse()) {
                pending.sent(stored.key(), loop.nanoTime());
            } else {
                Jid last = stored.tried().get(stored.tried().size() - 1);
                pending.resume(pool.recall(last), stored.key(), loop.nanoTime());
            }
            table.enter(Objects.requireNonNull(pending.key()), pending);
            stored.others()
                    .forEach((key, resource) ->
                            table.enter(pending.resumeBeside(pool.recall(resource), key, loop.nanoTime())));
            if (stored.waiting()) {
                watch.awaitPool(pending);
            }
            withoutDeadline.add(pending);
        }
    }

    /** There is a stream for the answers, so what has expired may end. */
    void start() {
        for (PendingRequest pending : withoutDeadline) {
            if (table.isOpen(pending)) {
                watch.awaitRestored(pending);
            }
        }
        withoutDeadline.clear();
    }
}
