package org.clientproxy.check;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.clientproxy.stream.StanzaListener;
import org.clientproxy.stream.TrialStream;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;

/**
 * What is asked and heard while the check is connected as the component. Requests that come meanwhile get an answer: the one
 * that the proxy gives while it stops. Stanzas come in on the stream's loop; the rest is for one thread.
 */
final class Dialogue implements StanzaListener {
    private static final StanzaError NOT_NOW = StanzaError.of(
            StanzaError.Condition.RECIPIENT_UNAVAILABLE, "This service is not running; it is being checked.");

    private final Jid domain;
    private final BlockingQueue<Stanza> heard = new LinkedBlockingQueue<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final TrialStream stream;
    private int asked;

    Dialogue(Jid domain, TrialStream stream) {
        this.domain = domain;
        this.stream = stream;
    }

    @Override
    public void onStanza(Stanza stanza) {
        if (stanza.isRequest()) {
            refused.incrementAndGet();
            stream.send(stanza.error(NOT_NOW));
        } else {
            heard.add(stanza);
        }
    }

    /** How many requests came and were refused. */
    int refused() {
        return refused.get();
    }

    /** Asks with an IQ of type {@code get}, and gives the answer; null: there was none within the limit. */
    @Nullable
    Stanza ask(Jid whom, String child, Duration limit) throws InterruptedException {
        String id = "check-" + ++asked;
        stream.send(Stanza.of(Stanza.Kind.IQ, "get", id, domain.toString(), whom.toString(), child));
        long end = System.nanoTime() + limit.toNanos();
        for (Stanza next = next(end); next != null; next = next(end)) {
            if (next.isReply() && id.equals(next.id()) && next.fromJid().equals(whom)) {
                return next;
            }
        }
        return null;
    }

    /** Asks an account who is there (RFC 6121 §4.3); the answers are to be read one by one. */
    void probe(Jid account) {
        stream.send(Stanza.of(Stanza.Kind.PRESENCE, "probe", null, domain.toString(), account.toString(), ""));
    }

    /** The next stanza that is no request; null: there was none until then, by {@link System#nanoTime}. */
    @Nullable
    Stanza next(long end) throws InterruptedException {
        return heard.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
}
