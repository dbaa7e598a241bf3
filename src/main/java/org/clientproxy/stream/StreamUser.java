package org.clientproxy.stream;

import org.clientproxy.xmpp.LogLimit;
import org.clientproxy.xmpp.Stanza;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who gets the stanzas of a stream and is asked before any are written. Whatever that throws does not end the stream. */
final class StreamUser {
    private static final Logger LOG = LoggerFactory.getLogger(StreamUser.class);

    private final LogLimit failures;
    private StanzaListener stanzas = stanza -> {};
    private Runnable beforeWrites = () -> {};
    private MessageCare messages = MessageCare.NONE;

    StreamUser(StreamLoop loop) {
        this.failures = new LogLimit(loop::nanoTime);
    }

    /** To be called before the start. */
    void onStanza(StanzaListener listener) {
        stanzas = listener;
    }

    /** To be called before the start. */
    void beforeWrites(Runnable task) {
        beforeWrites = task;
    }

    /** To be called before the start. */
    void messagesBy(MessageCare care) {
        messages = care;
    }

    /** Who says what becomes of messages that cannot be written or read. */
    MessageCare messages() {
        return messages;
    }

    void beforeWrites() {
        try {
            beforeWrites.run();
        } catch (Throwable e) {
            failed("before stanzas were written", e);
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
