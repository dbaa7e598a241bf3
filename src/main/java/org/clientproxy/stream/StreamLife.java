package org.clientproxy.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a stream is in its life, over all its connections, and who hears of that: its listeners and the log. Changed on the
 * loop only.
 */
final class StreamLife {
    private static final Logger LOG = LoggerFactory.getLogger(StreamLife.class);

    private final StreamSettings settings;
    private final List<StreamListener> listeners = new ArrayList<>();
    private volatile StreamState state = StreamState.DISCONNECTED;
    private volatile @Nullable String lastFailure;
    private @Nullable String loggedFailure;

    StreamLife(StreamSettings settings) {
        this.settings = settings;
    }

    /** To be called before the start. */
    void addListener(StreamListener listener) {
        listeners.add(listener);
    }

    /** Any thread. */
    StreamState state() {
        return state;
    }

    boolean isReady() {
        return state == StreamState.READY;
    }

    /** Why the stream is not ready, if it ever tried to be; null while it is. Any thread. */
    @Nullable
    String lastFailure() {
        return lastFailure;
    }

    /** The next state is one on the way up, or the one before the end. */
    void become(StreamState next) {
        change(next, null);
    }

    void ready() {
        lastFailure = null;
        if (loggedFailure != null) {
            LOG.info("connected to {} again", settings);
            loggedFailure = null;
        }
        change(StreamState.READY, null);
    }

    /** @param reason null: that was wished for */
    void down(@Nullable ServerRefusal reason) {
        change(StreamState.DISCONNECTED, reason == null ? null : reason.words());
        if (reason != null) {
            log(reason);
        }
    }

    /** The one place where the state changes. */
    private void change(StreamState next, @Nullable String reason) {
        StreamState before = state;
        if (!before.mayBecome(next)) {
            throw new IllegalStateException("a stream that is " + before + " cannot become " + next);
        }
        state = next;
        if (reason != null) {
            lastFailure = reason;
        }
        LOG.debug("{}: {}", settings, next);
        for (StreamListener listener : listeners) {
            try {
                listener.onState(before, next, reason);
            } catch (RuntimeException e) {
                LOG.error("{}: whoever hears of the stream's state failed when it became {}", settings, next, e);
            }
        }
    }

    /** Once for each reason; repetitions are for those who look closely. */
    private void log(ServerRefusal reason) {
        boolean repeated = Objects.equals(loggedFailure, reason.words());
        loggedFailure = reason.words();
        if (repeated) {
            LOG.debug("{}: {}", settings, reason.words());
        } else if (reason.slow() || reason.ours()) {
            LOG.error("{}: {}; trying again for ever", settings, reason.words());
        } else {
            LOG.warn("{}: {}; trying again for ever", settings, reason.words());
        }
    }
}
