package org.clientproxy.stream;

import java.util.UUID;
import org.clientproxy.xmpp.LogLimit;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who gets the stanzas of a stream and is asked whether any may be written. Whatever that throws does not end the stream. */
final class StreamUser {
    private static final Logger LOG = LoggerFactory.getLogger(StreamUser.class);

    private final LogLimit failures;
    private StanzaListener stanzas = stanza -> {};
    // Who hears of a stanza first: the listener, or the relay before it.
    private StanzaListener first = stanzas;
    private @Nullable StanzaRelay relay;
    private final Runnable opened;
    private WriteBarrier barrier = WriteBarrier.NONE;
    private MessageCare messages = MessageCare.NONE;

    /** @param opened called when the barrier opens after it was asked */
    StreamUser(StreamLoop loop, Runnable opened) {
        this.opened = opened;
        this.failures = new LogLimit(loop::nanoTime);
    }

    /** To be called before the start. */
    void onStanza(StanzaListener listener) {
        stanzas = listener;
        join();
    }

    /** To be called before the start. */
    void relayedBy(StanzaRelay asked) {
        relay = asked;
        join();
    }

    private void join() {
        StanzaRelay asked = relay;
        StanzaListener listener = stanzas;
        first = asked == null
                ? listener
                : stanza -> {
                    if (asked.isHere(stanza)) {
                        listener.onStanza(stanza);
                    }
                };
    }

    /** To be called before the start. */
    void beforeWrites(WriteBarrier asked) {
        barrier = asked;
    }

    /** To be called before the start. */
    void messagesBy(MessageCare care) {
        messages = care;
    }

    /** Who says what becomes of messages that cannot be written or read. */
    MessageCare messages() {
        return messages;
    }

    /** Whether all that was sent may be written now; else the barrier says when. */
    boolean mayWrite() {
        try {
            return barrier.isOpen(opened);
        } catch (Throwable e) {
            failed("before stanzas were written", e);
            return true;
        }
    }

    void deliver(Stanza stanza) {
        deliver(stanza, first);
    }

    /** It is for this process, whoever has read it. */
    void deliverHere(Stanza stanza) {
        deliver(stanza, stanzas);
    }

    /** Whether somebody has a use for what comes after our side of the stream was closed. */
    boolean takesLate() {
        return relay != null;
    }

    /** It came after that. */
    void deliverLate(Stanza stanza) {
        StanzaRelay asked = relay;
        if (asked != null) {
            deliver(stanza, asked::late);
        }
    }

    String pingId() {
        return relay == null ? UUID.randomUUID().toString() : relay.pingId();
    }

    private void deliver(Stanza stanza, StanzaListener to) {
        try {
            to.onStanza(stanza);
        } catch (Throwable e) {
            // Errors too: one stanza's must not end the stream for all.
            failed("at " + stanza, e);
        }
    }

    /** Whoever can cause it can do so by each stanza, so it is said once a minute. */
    private void failed(String where, Throwable failure) {
        int before = failures.admit(LogLimit.kind(failure));
        if (before >= 0) {
            LOG.error("failed {}{}", where, before == 0 ? "" : ", after " + before + " more of this kind", failure);
        } else {
            LOG.debug("failed {}: {}", where, failure.toString());
        }
    }
}
