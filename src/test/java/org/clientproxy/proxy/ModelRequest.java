package org.clientproxy.proxy;

import java.util.ArrayList;
import java.util.List;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** One request as the reference model sees it: where it is, and what must become of it now. */
final class ModelRequest {
    /** What has happened to it that must show before anything else happens. */
    enum Must {
        /** It has come in, or the pool is confirmed: it goes to a resource, waits, or is refused. */
        ATTEMPT,
        /** Its resource has replied. */
        REPLY,
        /** Its resource is gone for good. */
        GONE,
        /** It gets this error of ours. */
        ERROR
    }

    final Stanza stanza;
    final Jid requester;
    final String account;
    final long deadline;
    final List<String> tried = new ArrayList<>();

    /** The resource that it is at, folded; null while it waits for the pool. */
    @Nullable
    String at;

    String token = "";
    String wireId = "";
    long sentAt;

    /** The error with which it came back, while it is not known whether the resource has left. */
    @Nullable
    Stanza bounce;

    boolean undelivered;

    /** Whether the error says that the session was not found. */
    boolean notFound;

    /** Until when an error is passed on that was held while its resource was suspect; 0: it was not. */
    long bounceLimit;

    /** Whether the session that it went to last has ended, so that one that is there at that address now has not had it. */
    boolean formerSession;

    /** Since when it waits for a resource, as the model has noticed it; 0: it does not. */
    long waitsSince;

    long bouncedAt;

    /** When the grace of its resource that left is over; 0: it has not left so. */
    long graceEnd;

    @Nullable
    Must must;

    @Nullable
    Stanza reply;

    /** The application conditions that {@link Must#ERROR} may have. */
    List<String> errors = List.of();

    boolean answered;

    ModelRequest(Stanza stanza, long deadline) {
        this.stanza = stanza;
        this.requester = stanza.fromJid();
        this.account = requester.bare().key();
        this.deadline = deadline;
    }

    boolean isGet() {
        return "get".equals(stanza.type());
    }

    void mustFail(String... conditions) {
        must = Must.ERROR;
        errors = List.of(conditions);
    }

    boolean isAt(String resource) {
        return !answered && resource.equals(at);
    }

    @Override
    public String toString() {
        return stanza + " tried=" + tried + " at=" + at + " under=" + wireId + " must=" + must + errors + " bounce="
                + (bounce != null) + " graceEnd=" + graceEnd + " deadline=" + deadline;
    }
}
