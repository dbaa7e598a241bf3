package org.clientproxy.component;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamSettings;

/**
 * The streams of a component with their users: the one place where a stream is made, opened and closed. A stream that was made
 * waits for its first user, and is open from then on. It is closed when its last user has given it back. Who comes then gets a
 * fresh one, which connects when the old one is closed. Any thread.
 */
final class Streams {
    private final Function<StreamSettings, ComponentStream> factory;
    private final Consumer<Runnable> whenStarted;
    // All under the lock of this object; no stream is called under it, for its loop may want the lock too.
    private final Map<String, SharedStream> streams = new HashMap<>();
    private final Map<String, CompletableFuture<Void>> closing = new HashMap<>();

    /** @param whenStarted runs a task when all routes of the context are started, or at once where they are */
    Streams(Function<StreamSettings, ComponentStream> factory, Consumer<Runnable> whenStarted) {
        this.factory = factory;
        this.whenStarted = whenStarted;
    }

    /** The stream for these settings, made if there is none; endpoints of one host, port and domain get the same. */
    synchronized SharedStream get(StreamSettings settings) {
        String key = key(settings);
        SharedStream shared = streams.get(key);
        if (shared == null) {
            shared = new SharedStream(factory.apply(settings));
            streams.put(key, shared);
        }
        if (!shared.stream().settings().equals(settings)) {
            throw new IllegalArgumentException(
                    "endpoints of " + key
                            + " share one stream, so all their options for it (secret, TLS, delays, sizes, keepAlive) must be the same");
        }
        return shared;
    }

    /** The same; null where there is none. */
    synchronized SharedStream find(StreamSettings settings) {
        return streams.get(key(settings));
    }

    /** Takes a use of that stream, which its user must give back. */
    synchronized StreamUse use(StreamSettings settings) {
        SharedStream shared = get(settings);
        shared.users++;
        return new StreamUse(this, shared);
    }

    void open(StreamUse use, SharedStream shared) {
        CompletableFuture<Void> before;
        synchronized (this) {
            if (use.isGivenBack()) {
                throw new IllegalStateException(use.gone());
            }
            if (!shared.markOpen()) {
                return;
            }
            before = closing.getOrDefault(key(shared.stream().settings()), CompletableFuture.completedFuture(null));
        }
        // What a server sends first may be for a route that starts later than the one that opens the stream.
        whenStarted.accept(() -> before.whenComplete((done, failure) -> connect(shared)));
    }

    private static void connect(SharedStream shared) {
        if (!shared.isClosed()) {
            shared.stream().start();
        }
    }

    void giveBack(StreamUse use, SharedStream shared) {
        boolean last;
        synchronized (this) {
            if (!use.markGivenBack() || shared.isClosed()) {
                return;
            }
            last = --shared.users == 0;
            if (last) {
                remove(shared);
            }
        }
        shared.endAwaited(use);
        if (last) {
            shared.close();
            shared.awaitClosed();
        }
    }

    /** Closes this stream, whoever uses it. Waits for that for some seconds. */
    void end(SharedStream shared) {
        synchronized (this) {
            if (shared.isClosed()) {
                return;
            }
            remove(shared);
        }
        shared.endAwaited(null);
        shared.close();
        shared.awaitClosed();
    }

    /** Closes all streams, whoever uses them. Waits for that for some seconds. */
    void closeAll() {
        List<SharedStream> all;
        synchronized (this) {
            all = List.copyOf(streams.values());
            all.forEach(this::remove);
        }
        all.forEach(shared -> {
            shared.endAwaited(null);
            shared.close();
        });
        all.forEach(SharedStream::awaitClosed);
    }

    private void remove(SharedStream shared) {
        String key = key(shared.stream().settings());
        streams.remove(key, shared);
        shared.markClosed();
        CompletableFuture<Void> before = closing.getOrDefault(key, CompletableFuture.completedFuture(null));
        CompletableFuture<Void> closed = before.thenCombine(shared.closed(), (earlier, now) -> null);
        closing.put(key, closed);
        closed.whenComplete((done, failure) -> forget(key, closed));
    }

    private synchronized void forget(String key, CompletableFuture<Void> closed) {
        closing.remove(key, closed);
    }

    private static String key(StreamSettings settings) {
        return settings.domain() + " at " + settings.host() + ':' + settings.port();
    }
}
