package org.clientproxy.stream;

import java.time.Duration;
import java.util.UUID;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a silent server is still there: pings it (XEP-0199) and takes whatever it sends for a sign of life, or,
 * while nothing is read because the server reads too slowly, whatever it reads. Used on the loop only.
 */
final class KeepAlive {
    private static final Logger LOG = LoggerFactory.getLogger(KeepAlive.class);

    /** How long the server may take to show a sign of life after a ping. */
    static final Duration LIMIT = Duration.ofSeconds(20);

    private final ComponentConnection owner;
    private final StreamLink link;
    private final StreamSettings settings;
    private @Nullable String pingId;
    private long lastRead;

    KeepAlive(ComponentConnection owner, StreamLink link) {
        this.owner = owner;
        this.link = link;
        this.settings = owner.settings();
    }

    /** Something was read. */
    void signOfLife() {
        lastRead = System.nanoTime();
    }

    /** Begins to watch a stream that is ready. */
    void watch() {
        lookIn(settings.keepAlive());
    }

    /** Whether this is the answer to our ping, which concerns nobody else. */
    boolean swallows(Stanza stanza) {
        if (pingId == null || !stanza.isReply() || !pingId.equals(stanza.id())) {
            return false;
        }
        pingId = null;
        return true;
    }

    private void lookIn(Duration delay) {
        link.later(delay, () -> {
            if (owner.state() != StreamState.READY) {
                return;
            }
            Duration left = settings.keepAlive().minusNanos(System.nanoTime() - lastRead);
            boolean silent = left.isNegative() || left.isZero();
            // One ping at a time is enough.
            if (silent && pingId == null) {
                ping();
            }
            lookIn(silent ? settings.keepAlive() : left);
        });
    }

    private void ping() {
        long pinged = System.nanoTime();
        pingId = UUID.randomUUID().toString();
        String child = "<ping xmlns='" + Namespaces.PING + "'/>";
        try {
            owner.send(Stanza.of(Stanza.Kind.IQ, "get", pingId, settings.domain(), owner.keepAliveTo(), child));
        } catch (StanzaNotSentException e) {
            LOG.debug("no ping: {}", e.getMessage());
        }
        link.later(owner.pingLimit, () -> {
            if (lastRead - pinged > 0 || owner.state() != StreamState.READY) {
                pingId = null;
            } else {
                link.end("the server shows no sign of life");
            }
        });
    }
}
