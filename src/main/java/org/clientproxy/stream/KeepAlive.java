package org.clientproxy.stream;

import java.time.Duration;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a silent server is still there: pings it (XEP-0199), and ends the connection where no sign of life
 * follows. Whatever the server sends is one; that it reads again after it had read too slowly is another. Used on the loop
 * only.
 */
final class KeepAlive {
    /** How long the server may take to show a sign of life after a ping. */
    static final Duration LIMIT = Duration.ofSeconds(20);

    /** The connection that is watched. */
    interface Watched {
        /** Whether stanzas flow; what is due when they do not is left undone, for ever. */
        boolean isReady();

        /** An id for a ping, which no other one has. */
        String pingId();

        /** Sends a ping under this id. */
        void ping(String id);

        /** The server is gone. */
        void end(String words);
    }

    private final StreamLoop loop;
    private final Duration interval;
    private final Duration limit;
    private final Watched watched;
    private @Nullable String pingId;
    private long lastSign;

    /**
     * @param interval how long the server may show no sign of life before it is pinged
     * @param limit how long it may take to show one after that
     */
    KeepAlive(StreamLoop loop, Duration interval, Duration limit, Watched watched) {
        this.loop = loop;
        this.interval = interval;
        this.limit = limit;
        this.watched = watched;
        this.lastSign = loop.nanoTime();
    }

    /** The server has shown that it lives. */
    void signOfLife() {
        lastSign = loop.nanoTime();
    }

    /** When it last did, by the loop's clock. */
    long lastSign() {
        return lastSign;
    }

    /** Begins to watch a stream that is ready. */
    void watch() {
        lookIn(interval.toNanos());
    }

    /** Whether this is the answer to our ping, which concerns nobody else. */
    boolean swallows(Stanza stanza) {
        if (pingId == null || !stanza.isReply() || !pingId.equals(stanza.id())) {
            return false;
        }
        pingId = null;
        return true;
    }

    private void lookIn(long delay) {
        later(delay, () -> {
            long left = interval.toNanos() - (loop.nanoTime() - lastSign);
            // One ping at a time is enough.
            if (left <= 0 && pingId == null) {
                ping();
            }
            lookIn(left <= 0 ? interval.toNanos() : left);
        });
    }

    private void ping() {
        long pinged = loop.nanoTime();
        pingId = watched.pingId();
        watched.ping(pingId);
        later(limit.toNanos(), () -> {
            if (lastSign - pinged > 0) {
                pingId = null;
            } else {
                watched.end("the server shows no sign of life");
            }
        });
    }

    private void later(long delay, Runnable task) {
        loop.schedule(
                () -> {
                    if (watched.isReady()) {
                        task.run();
                    }
                },
                Math.max(Duration.ofMillis(1).toNanos(), delay));
    }
}
