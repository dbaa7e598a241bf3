package org.clientproxy.proxy.routes;

import org.clientproxy.proxy.conversations.Conversation;
import org.clientproxy.proxy.stats.MessageCounters;
import org.clientproxy.xmpp.Stanza;

/** A message on its way through the proxy, as it came. Used on the loop only. */
final class PassedMessage {
    private final Stanza message;
    private final Conversation conversation;
    private final boolean out;
    private final MessageCounters counters;
    private boolean failed;

    /**
     * @param conversation to which it belongs
     * @param out whether it goes to the requester
     * @param counters those of its direction
     */
    PassedMessage(Stanza message, Conversation conversation, boolean out, MessageCounters counters) {
        this.message = message;
        this.conversation = conversation;
        this.out = out;
        this.counters = counters;
    }

    Stanza message() {
        return message;
    }

    Conversation conversation() {
        return conversation;
    }

    boolean isOut() {
        return out;
    }

    MessageCounters counters() {
        return counters;
    }

    /** Notes that a step has failed; false where one had before. */
    boolean fail() {
        boolean first = !failed;
        failed = true;
        return first;
    }

    static boolean isError(Stanza message) {
        return "error".equals(message.type());
    }

    /**
     * Whether the sender of a message that cannot be passed on is told so: not of an error, which nobody answers (RFC 6120 §8.3.1),
     * and not of a headline (RFC 6121 §8.5).
     */
    static boolean isAnswered(Stanza message) {
        return !isError(message) && !"headline".equals(message.type());
    }

    @Override
    public String toString() {
        return message.toString();
    }
}
