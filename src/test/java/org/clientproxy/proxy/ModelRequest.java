package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        /** Its resource has said that it cannot take it, or sent it back while others have it. */
        BUSY,
        /** It gets this error of ours. */
        ERROR
    }

    /** What anybody can say of itself, and no feature is wanted for. */
    private static final Set<String> ANYBODYS =
            Set.of("http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/disco#items");

    private static final Pattern NAMESPACE = Pattern.compile("xmlns=['\"]([^'\"]+)");

    final Stanza stanza;
    final Jid requester;
    final String account;
    final long deadline;

    /** The namespace of its child, which {@code proxy.features} looks at; null: any resource can say that of itself. */
    final @Nullable String feature;

    final List<String> tried = new ArrayList<>();

    /** The present attempt: the last one, or the one that has replied last; null while it waits. */
    @Nullable
    ModelAttempt now;

    /** The attempts that are open beside it, in the order in which they were sent. */
    final List<ModelAttempt> others = new ArrayList<>();

    /** When it is looked at again whether the present attempt is late, at the latest. */
    long lookBy;

    /** Since when another resource could be asked, as far as that depends on others; 0: none could. */
    long askableSince;

    /** The error with which it came back, while it is not known whether the resource has left. */
    @Nullable
    Stanza bounce;

    boolean undelivered;

    /** Whether the error says that the session was not found. */
    boolean notFound;

    /** Until when an error is passed on that was held while its resource was suspect; 0: it was not. */
    long bounceLimit;

    /** Where the session that had it has ended, so that another one there never had it. */
    final Set<String> ended = new HashSet<>();

    /** Since when it waits for a resource, as the model has noticed it; 0: it does not. */
    long waitsSince;

    /** Whether as many as may waited already when it began to wait, or may have. */
    boolean mayHaveFoundFull;

    /** Until when it waits for what somebody announces; 0: it has not begun to. */
    long learnsUntil;

    /** The same, if it began to when it could first; the model may have noticed that late. */
    long learnsAtLeastUntil;

    long bouncedAt;

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
        Matcher namespace = NAMESPACE.matcher(new String(stanza.content(), StandardCharsets.UTF_8));
        this.feature = namespace.find() && !ANYBODYS.contains(namespace.group(1)) ? namespace.group(1) : null;
    }

    boolean isGet() {
        return "get".equals(stanza.type());
    }

    void mustFail(String... conditions) {
        must = Must.ERROR;
        errors = List.of(conditions);
    }

    /** All attempts that are open. */
    List<ModelAttempt> attempts() {
        List<ModelAttempt> all = new ArrayList<>(others);
        if (now != null) {
            all.add(now);
        }
        return all;
    }

    /** The resource of the present attempt; null while it waits. */
    @Nullable
    String at() {
        return now == null ? null : now.at;
    }

    /** Whether the session of the present attempt has ended. */
    boolean isFormerSession() {
        return now != null && now.formerSession;
    }

    /** Where it was and may not go again, for the session that had it is there, or may be. */
    List<String> triedElsewhere() {
        List<String> elsewhere = new ArrayList<>(tried);
        elsewhere.removeAll(ended);
        if (isFormerSession()) {
            elsewhere.removeIf(now.at::equals);
        }
        return elsewhere;
    }

    /** The present attempt is over. */
    void endsNow() {
        if (isFormerSession()) {
            ended.add(now.at);
        }
        now = null;
    }

    /** Its present attempt stays open beside the next one. */
    void stepAside() {
        others.add(now);
        now = null;
    }

    /** Something has come to this one of the others. */
    void turnTo(ModelAttempt attempt) {
        if (now != null) {
            others.add(now);
        }
        others.remove(attempt);
        now = attempt;
        bounce = null;
        // The last one is that of the present attempt.
        tried.remove(attempt.at);
        tried.add(attempt.at);
    }

    @Override
    public String toString() {
        return stanza + " tried=" + tried + " now=" + now + " others=" + others + " must=" + must + errors + " bounce="
                + (bounce != null) + " deadline=" + deadline + " waitsSince=" + waitsSince + " learnsUntil="
                + learnsUntil;
    }
}
