package org.clientproxy.proxy;

import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.TellLeftOver;
import org.clientproxy.proxy.pool.Ejections;
import org.clientproxy.proxy.pool.TargetWatch;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.RecentErrors;
import org.clientproxy.stream.StreamListener;
import org.clientproxy.stream.StreamState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the rooms when the stream is ready and when it is down, and notes why it went down. On the loop. */
final class StreamWatch implements StreamListener {
    private static final Logger LOG = LoggerFactory.getLogger(StreamWatch.class);

    private final ProxySettings settings;
    private final PendingRequests pendingRequests;
    private final TellLeftOver leftOver;
    private final TargetWatch subscription;
    private final Ejections ejections;
    private final RecentErrors errors;
    private @Nullable String noted;

    StreamWatch(ProxyParts parts, TellLeftOver leftOver) {
        this.settings = parts.settings;
        this.pendingRequests = parts.pendingRequests;
        this.subscription = parts.subscription;
        this.ejections = parts.ejections;
        this.errors = parts.errors;
        this.leftOver = leftOver;
    }

    @Override
    public void onState(StreamState before, StreamState now, @Nullable String reason) {
        if (now == StreamState.READY) {
            LOG.info("{} is ready, at {}", settings.domain(), settings.stream());
            pendingRequests.startRestored();
            leftOver.begin();
            subscription.streamReady();
            ejections.streamReady();
        } else if (before == StreamState.READY) {
            subscription.streamDown();
            ejections.streamDown();
        }
        // The same failure again is no news, until the stream was ready in between.
        if (reason != null && !reason.equals(noted)) {
            errors.stream(reason);
        }
        noted = now == StreamState.READY ? null : reason != null ? reason : noted;
    }
}
