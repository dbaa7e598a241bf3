package org.clientproxy.proxy.pending;

import java.util.List;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/**
 * A request that a session of the target sends to a requester: {@link #requester} is the session, which gets the answer, and the
 * resource is nobody. There is one attempt, for there is only one who can answer. Used on the loop of its stream only.
 */
public final class ReverseRequest extends PendingRequest {
    private final Jid asked;
    private final Jid from;
    private final String askedAccount;

    /**
     * @param request as the session sent it
     * @param asked to whom it goes
     * @param from the address of ours from which it goes there; of no matter once it was sent
     * @param startedAt when it came, in nanoseconds of the loop's clock
     * @param deadline when it expires, in nanoseconds of the loop's clock
     */
    public ReverseRequest(Stanza request, Jid asked, Jid from, long startedAt, long deadline) {
        super(request, request.fromJid(), startedAt, deadline);
        this.asked = asked;
        this.from = from;
        this.askedAccount = asked.bare().key();
        triedBefore(List.of(asked));
    }

    /** To whom it goes. */
    public Jid asked() {
        return asked;
    }

    /** The address of ours from which it goes to the one asked. */
    public Jid from() {
        return from;
    }

    /** The bare address of the one asked, folded. */
    public String askedAccount() {
        return askedAccount;
    }

    /** It is about to be sent under this correlation key. */
    public void send(String correlationKey, long now) {
        sent(correlationKey, now);
    }

    @Override
    public boolean isReverse() {
        return true;
    }

    @Override
    long size() {
        return super.size() + PendingSize.text(asked.toString()) + PendingSize.text(askedAccount);
    }

    @Override
    public String toString() {
        return request() + " " + state() + ", to " + asked;
    }
}
