package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** The requests that sessions of the target begin, as they are specified, for the reference model. */
final class ModelReverse {
    /** One request of a session. */
    private static final class Asked {
        private final Stanza stanza;
        private final Jid to;
        private final Jid from;
        private final long startedAt;
        private final long deadline;
        private String wireId = "";
        // Whether it means somebody who may be asked.
        private boolean isMeant = true;
        private boolean sent;
        private boolean mustBeSent;
        private @Nullable Stanza reply;
        private List<String> errors = List.of();

        private Asked(Stanza stanza, Jid to, Jid from, long startedAt, long deadline) {
            this.stanza = stanza;
            this.to = to;
            this.from = from;
            this.startedAt = startedAt;
            this.deadline = deadline;
        }

        private String key() {
            return ModelClosedKeys.key(to.key(), from.key(), wireId);
        }

        private boolean mustNow() {
            return mustBeSent || reply != null || !errors.isEmpty();
        }

        @Override
        public String toString() {
            return stanza + " to=" + to + " from=" + from + " under=" + wireId + " must=" + mustNow() + errors;
        }
    }

    /** Whom a session means by an address of ours, and from which address of ours that one is asked. */
    record Meant(Jid to, Jid from) {}

    private final ProxySettings settings;
    private final LongSupplier clock;
    private final ModelWire wire;
    private final ModelHints hints;
    private final ModelHolders holders;
    private final ModelAccess access;
    private final List<Asked> open = new ArrayList<>();
    private final Map<String, Asked> byPayload = new HashMap<>();
    // Those whose session has ended at this time, which an end of the same moment may have overtaken.
    private final List<Asked> left = new ArrayList<>();
    private long leftAt;
    private final ModelClosedKeys closed;
    private final long replyTimeout;
    private final int most;
    private long requests;
    private long ended;
    private long abandoned;

    ModelReverse(
            ProxySettings settings,
            LongSupplier clock,
            ModelWire wire,
            ModelClosedKeys closed,
            ModelHolders holders,
            ModelAccess access,
            ModelHints hints) {
        this.access = access;
        this.closed = closed;
        this.holders = holders;
        this.settings = settings;
        this.clock = clock;
        this.wire = wire;
        this.hints = hints;
        this.replyTimeout = settings.replyTimeout().toNanos();
        this.most = Math.max(1, settings.maxPending() / 10);
    }

    int pending() {
        return open.size();
    }

    long requests() {
        return requests;
    }

    /** How many of them have their answer, or are such that nobody is there any more to get it. */
    long ended() {
        return ended + abandoned;
    }

    long nextDue() {
        return open.stream().mapToLong(each -> each.deadline).min().orElse(0);
    }

    /**
     * A session asks somebody.
     *
     * @param refusal the application condition of the error that it gets at once for what it means; null: none
     * @param pending how many requests are pending in all
     */
    void asks(Stanza stanza, Meant meant, @Nullable String refusal, int pending, boolean draining) {
        requests++;
        Asked asked = new Asked(stanza, meant.to(), meant.from(), now(), now() + replyTimeout);
        String session = stanza.fromJid().key();
        String account = meant.to().bare().key();
        boolean flood = open.stream()
                                .filter(each -> each.stanza.fromJid().key().equals(session))
                                .count()
                        >= settings.maxPendingPerRequester()
                || open.stream()
                                .filter(each -> each.to.bare().key().equals(account))
                                .count()
                        >= settings.maxPendingPerRequester();
        if (refusal != null) {
            asked.errors = List.of(refusal);
            asked.isMeant = false;
        } else if (draining) {
            asked.errors = List.of("stopping");
        } else if (!access.allows(asked.to)) {
            asked.errors = List.of("forbidden");
        } else if (flood) {
            asked.errors = List.of("too-many-pending-of-requester");
        } else if (open.size() >= most || pending >= settings.maxPending()) {
            asked.errors = List.of("too-many-pending");
        } else {
            asked.mustBeSent = true;
        }
        open.add(asked);
        byPayload.put(payload(stanza), asked);
    }

    /** Somebody answers, or claims to. */
    void answers(Stanza reply, ModelReply kind) {
        for (Asked asked : open) {
            boolean its = asked.sent
                    && !asked.mustNow()
                    && asked.key()
                            .equals(ModelClosedKeys.key(
                                    reply.fromJid().key(), reply.toJid().key(), reply.id()));
            if (its && kind.isSound()) {
                asked.reply = reply;
            } else if (its) {
                asked.errors = List.of("bad-reply");
            }
        }
    }

    /** The session has ended that had this address before this time. */
    void sessionEnded(String session, long before) {
        forgetLeft();
        for (Asked asked : List.copyOf(open)) {
            if (asked.stanza.fromJid().key().equals(session) && asked.startedAt < before) {
                close(asked);
                abandoned++;
                left.add(asked);
            }
        }
    }

    void stop() {
        forgetLeft();
        open.forEach(each -> each.errors = List.of("stopping"));
        left.forEach(each -> each.errors = List.of("stopping"));
    }

    private void forgetLeft() {
        if (leftAt != now()) {
            left.clear();
            leftAt = now();
        }
    }

    /** Whether this, which the proxy sends, is a request of a session. */
    boolean isAsked(Stanza sent) {
        return sent.isRequest() && byPayload.containsKey(payload(sent));
    }

    @Nullable
    String sent(Stanza sent, StanzaNotSentException.@Nullable Reason refused) {
        Asked asked = byPayload.get(payload(sent));
        if (asked == null || !asked.mustBeSent || !ModelWire.isReaddressed(sent, asked.stanza)) {
            return "asked what is not to be asked: " + sent + " of " + open;
        }
        if (!sent.to().equals(asked.to.toString()) || !sent.from().equals(asked.from.toString())) {
            return "asked from or to a wrong address: " + sent + " of " + asked;
        }
        String wanted = asked.stanza.id();
        int taken = wanted.isEmpty() ? 1 : taken(ModelClosedKeys.key(asked.to.key(), asked.from.key(), wanted));
        boolean fresh = !wanted.equals(sent.id());
        if (fresh ? taken < 0 || !wire.isFresh(sent.id()) : taken > 0) {
            return "the id on the wire is " + sent.id() + ", taken=" + taken + ": " + asked;
        }
        asked.mustBeSent = false;
        asked.sent = true;
        holders.spoke(asked.to, asked.from, asked.stanza.fromJid().key());
        asked.wireId = sent.id();
        if (refused != null) {
            asked.errors = List.of(ModelSent.notSent(refused));
        }
        return null;
    }

    /** Whether a session gets this answer from an address that stands for somebody. */
    boolean isAnswer(Stanza sent) {
        return !alike(sent).isEmpty();
    }

    @Nullable
    String answered(Stanza sent, StanzaNotSentException.@Nullable Reason refused) {
        List<Asked> alike = alike(sent);
        if (alike.size() > 1) {
            alike.sort(Comparator.comparing(each -> hints.isPending(each.stanza)));
        }
        for (Asked asked : alike) {
            if (mayGet(asked, sent)) {
                if (left.remove(asked)) {
                    return null;
                }
                if (asked.reply != null) {
                    holders.spoke(asked.to, asked.from, asked.stanza.fromJid().key());
                }
                if (refused != null && !asked.isMeant) {
                    // What is refused for whom it means is nobody's request, and that it is refused is said once.
                    close(asked);
                    abandoned++;
                } else if (refused != null) {
                    asked.reply = null;
                    asked.errors = List.of("failure");
                } else {
                    close(asked);
                    ended++;
                }
                return null;
            }
        }
        return "an answer to a session that nothing allows: " + sent + " " + ModelReply.application(sent) + " of "
                + open;
    }

    private boolean mayGet(Asked asked, Stanza sent) {
        if (asked.reply != null) {
            return ModelWire.isReaddressed(sent, asked.reply);
        }
        String condition = ModelReply.application(sent);
        return asked.errors.isEmpty()
                ? asked.sent && now() >= asked.deadline && condition.equals("reply-timeout")
                : asked.errors.contains(condition);
    }

    private List<Asked> alike(Stanza sent) {
        List<Asked> alike = new ArrayList<>(open);
        forgetLeft();
        left.stream().filter(each -> !each.errors.isEmpty()).forEach(alike::add);
        alike.removeIf(each -> !sent.isReply()
                || !each.stanza.from().equals(sent.to())
                || !each.stanza.to().equals(sent.from())
                || !each.stanza.id().equals(sent.id()));
        return alike;
    }

    /** A step is over: whatever had to show has; null if so. */
    @Nullable
    String owes() {
        for (Asked asked : open) {
            if (asked.mustNow() || asked.deadline + ReferenceModel.TOLERANCE <= now()) {
                return "nothing came of what a session asked: " + asked + " at " + now();
            }
        }
        if (open.isEmpty()) {
            byPayload.clear();
        }
        return null;
    }

    private void close(Asked asked) {
        open.remove(asked);
        boolean replied = asked.reply != null || asked.errors.contains("bad-reply");
        if (asked.sent && !replied) {
            closed.add(asked.key(), now());
        }
    }

    private int taken(String key) {
        return open.stream().anyMatch(each -> each.sent && each.key().equals(key)) ? 1 : closed.taken(key, most);
    }

    private static String payload(Stanza stanza) {
        return new String(stanza.content(), StandardCharsets.UTF_8);
    }

    private long now() {
        return clock.getAsLong();
    }
}
