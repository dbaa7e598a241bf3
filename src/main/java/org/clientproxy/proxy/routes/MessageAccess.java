package org.clientproxy.proxy.routes;

import org.clientproxy.proxy.conversations.AccountRates;
import org.clientproxy.proxy.conversations.Conversation;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.stats.MessageCounters;
import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;

/** Which messages of one direction are taken: not too many in their time, and who may write or be written to. On the loop. */
public final class MessageAccess {
    private final boolean out;
    private final PendingRequests pendingRequests;
    private final AccessRules access;
    private final AccountRates rates;
    private final MessageCounters counters;

    /**
     * @param out whether these are the messages to requesters
     * @param rates those of this direction
     * @param counters those of this direction
     */
    public MessageAccess(
            boolean out,
            PendingRequests pendingRequests,
            AccessRules access,
            AccountRates rates,
            MessageCounters counters) {
        this.out = out;
        this.pendingRequests = pendingRequests;
        this.access = access;
        this.rates = rates;
        this.counters = counters;
    }

    boolean isOut() {
        return out;
    }

    MessageCounters counters() {
        return counters;
    }

    /** Counts one more of this requester's account; false where it is one too many. */
    boolean isInTime(Conversation conversation) {
        boolean inTime = rates.admit(conversation.account());
        if (!inTime) {
            counters.count(MessageCounters.Fate.THROTTLED);
        }
        return inTime;
    }

    /** Whether it may be said now that a message was one too many. */
    boolean mayTell(Conversation conversation) {
        return rates.mayTell(conversation.account());
    }

    /** Why the message is not passed on; null: it is. An operator's pause is for requesters, as it is for requests. */
    @Nullable
    StanzaError refusal(Conversation conversation) {
        if (pendingRequests.isDraining()) {
            return ProxyErrors.STOPPING;
        }
        if (!out && pendingRequests.isPaused()) {
            return ProxyErrors.PAUSED;
        }
        if (access.allows(conversation.requester())) {
            return null;
        }
        return out ? ProxyErrors.FORBIDDEN_TO_ASK : ProxyErrors.FORBIDDEN;
    }
}
