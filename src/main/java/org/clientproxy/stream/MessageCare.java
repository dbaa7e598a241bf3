package org.clientproxy.stream;

import org.clientproxy.xmpp.Stanza;

/** Says what becomes of the messages (RFC 6121 §5) that a stream cannot write, or cannot read. On the loop. */
public interface MessageCare {
    /** Nobody cares for messages: they are lost where they cannot be written, and their senders hear nothing. */
    MessageCare NONE = new MessageCare() {
        @Override
        public boolean waits(Stanza message) {
            return false;
        }

        @Override
        public void unsent(Stanza message) {
            // It is lost.
        }

        @Override
        public boolean isRefused(Stanza message) {
            return false;
        }
    };

    /** Whether a message that is to be sent waits for the next stream where there is none, as replies do. */
    boolean waits(Stanza message);

    /** The stream broke before anything of this message was written, and it does not wait for the next one. */
    void unsent(Stanza message);

    /** Whether the sender of this message, of which no more than the start tag could be read, hears that it was too much. */
    boolean isRefused(Stanza message);
}
