package org.clientproxy.stream;

import org.clientproxy.xmpp.LogLimit;
import org.clientproxy.xmpp.Stanza;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who gets the stanzas of a stream and is asked whether any may be written. Whatever that throws does not end the stream. */
final class StreamUser {
    private static final Logger LOG = LoggerFactory.getLogger(StreamUser.class);

    private final LogLimit failures;
    private StanzaListener stanzas = stanza -> {};
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
        try {
            stanzas.onStanza(stanza);
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
