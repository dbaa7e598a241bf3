package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of messages, as it is specified, for the reference model: each goes to the one it is for, once, or its sender is
 * told that it does not, once, or neither where that is the rule.
 */
final class ModelMessages {
    /** A message of a requester that waits until it is known who is there, at most until then. */
    private record Waiting(Stanza message, long until) {}

    private final ProxySettings settings;
    private final LongSupplier clock;
    private final ModelPool pool;
    private final ModelWire wire;
    private final ModelHolders holders;
    private final ModelAddressees addressees;
    private final ModelAccess access;
    private final ModelRate ratesIn;
    private final ModelRate ratesOut;
    private final ModelRate ratesOfRefusals;
    private final BooleanSupplier draining;
    private final BooleanSupplier paused;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    // What must be passed on in this very step.
    private final List<Stanza> due = new ArrayList<>();
    // Those that went to resources in this very step.
    private final List<Stanza> sentNow = new ArrayList<>();
    private final ModelRefusals refusals = new ModelRefusals();
    private final ModelNames names;
    private final boolean on;

    /**
     * @param ratesIn those of what requesters send, presence too
     * @param ratesOut those of what is sent to them
     * @param draining whether the proxy is being stopped
     * @param paused whether an operator wants nothing new of requesters
     */
    ModelMessages(
            ProxySettings settings,
            LongSupplier clock,
            ModelPool pool,
            ModelWire wire,
            ModelHolders holders,
            ModelAddressees addressees,
            ModelAccess access,
            ModelRate ratesIn,
            ModelRate ratesOut,
            BooleanSupplier draining,
            BooleanSupplier paused) {
        this.settings = settings;
        this.clock = clock;
        this.pool = pool;
        this.wire = wire;
        this.holders = holders;
        this.addressees = addressees;
        this.access = access;
        this.ratesIn = ratesIn;
        this.ratesOut = ratesOut;
        this.ratesOfRefusals = new ModelRate(clock, settings);
        this.names = new ModelNames(clock);
        this.draining = draining;
        this.paused = paused;
        this.on = settings.get(MessageKeys.MESSAGES);
    }

    private boolean isOut(Stanza message) {
        return message.fromJid().sameBare(settings.target());
    }

    // ---- What the proxy is given.

    void message(Stanza message) {
        if (!on) {
            if (!"groupchat".equals(message.type())) {
                refusals.owe(message, "no-messages");
            }
        } else if (isOut(message)) {
            written(message);
        } else {
            received(message);
        }
    }

    private void received(Stanza message) {
        String account = message.fromJid().bare().key();
        if (!ratesIn.admit(account)) {
            if (ModelRefusals.isAnswered(message) && ratesIn.tells(account)) {
                refusals.owe(message, "throttled");
            }
        } else if (draining.getAsBoolean()) {
            refusals.owe(message, "stopping");
        } else if (paused.getAsBoolean()) {
            refusals.owe(message, "paused");
        } else if (!access.allows(message.fromJid())) {
            refusals.owe(message, "forbidden");
        } else if (!waiting.isEmpty() || !isKnown()) {
            waiting.add(new Waiting(
                    message, clock.getAsLong() + settings.confirmTimeout().toNanos()));
        } else {
            decide(message);
        }
    }

    /** It waits no more, or has not waited. */
    private void decide(Stanza message) {
        String why = whyNot(message);
        if (why == null) {
            due.add(message);
        } else {
            refusals.owe(message, why);
        }
    }

    /** Why a requester's message goes to nobody now; null: it goes to somebody. */
    private @Nullable String whyNot(Stanza message) {
        boolean somebody = ModelRefusals.isError(message)
                ? holders.holder(message.fromJid(), message.toJid()) != null
                : !pool.choosable().isEmpty();
        if (somebody && pool.isConfirmed()) {
            return null;
        }
        return draining.getAsBoolean() ? "stopping" : pool.isConfirmed() ? "no-resource" : "resource-gone";
    }

    private void written(Stanza message) {
        ModelAddressees.Meant meant = addressees.meant(message.toJid());
        String refusal = refusal(message, meant);
        if (meant == null || refusal != null) {
            if (ModelRefusals.isAnswered(message)
                    && ratesOfRefusals.admit(message.fromJid().bare().key())) {
                refusals.owe(message, Objects.requireNonNull(refusal));
            }
            return;
        }
        String account = meant.to().bare().key();
        if (!ratesOut.admit(account)) {
            if (ModelRefusals.isAnswered(message) && ratesOut.tells(account)) {
                refusals.owe(message, "throttled");
            }
        } else if (draining.getAsBoolean()) {
            refusals.owe(message, "stopping");
        } else if (!access.allows(meant.to())) {
            refusals.owe(message, "forbidden");
        } else {
            due.add(message);
        }
    }

    /** Why a message of the target goes to nobody, for what it is; null: it does not depend on that. */
    private static @Nullable String refusal(Stanza message, ModelAddressees.@Nullable Meant meant) {
        if (meant == null) {
            return "own-session";
        }
        if ("unknown-token".equals(meant.refusal()) || message.fromJid().isFull() || ModelRefusals.isError(message)) {
            return meant.refusal();
        }
        // Of the account itself only errors are passed on, which its server sends.
        return "not-a-resource";
    }

    /** The stream breaks before anything of what was sent in this step is written. */
    void unwritten() {
        sentNow.forEach(message -> refusals.owe(message, "resource-gone"));
        sentNow.clear();
    }

    // ---- What the proxy does. Each says what is wrong with it; null: nothing.

    @Nullable
    String sent(Stanza sent, StanzaNotSentException.@Nullable Reason refused) {
        goOn();
        String condition = ModelReply.application(sent);
        if (!condition.isEmpty()) {
            return refusals.told(sent, condition);
        }
        Stanza message =
                due.stream().filter(each -> sameContent(each, sent)).findFirst().orElse(null);
        if (message == null) {
            return "a message that is not to be passed on: " + sent + ", due=" + due + " waiting=" + waiting;
        }
        due.remove(message);
        boolean unchanged = ModelWire.isReaddressed(sent, message) && Objects.equals(sent.id(), message.id());
        String wrong = !unchanged
                ? "it is not what was written"
                : isOut(message) ? wrongOut(sent, message) : wrongIn(sent, message);
        if (refused == null && !isOut(message)) {
            sentNow.add(message);
        } else if (refused != null) {
            refusals.owe(message, ModelSent.notSent(refused));
        }
        return wrong == null ? null : wrong + ": " + sent + " of " + message + " in " + pool;
    }

    private @Nullable String wrongIn(Stanza sent, Stanza message) {
        Jid requester = message.fromJid();
        Jid used = message.toJid();
        String to = sent.toJid().key();
        String choice;
        if (ModelRefusals.isError(message)) {
            choice = to.equals(holders.holder(requester, used)) ? null : "an error goes to the holder alone";
        } else {
            choice = holders.given(requester, used, to);
        }
        String name = ModelRefusals.isError(message) ? names.find(message) : null;
        if (name != null) {
            return name.equals(sent.from()) ? choice : "it was written by the name " + name;
        }
        Jid from = sent.fromJid();
        String token = from.resource();
        if (token == null
                || from.local() != null
                || !from.domain().equals(settings.domain().toString())) {
            return "it comes from no token";
        }
        String wrongToken = wire.wrongToken(token, requester.toString(), used.toString());
        addressees.wrote(token);
        return wrongToken == null ? choice : wrongToken;
    }

    private @Nullable String wrongOut(Stanza sent, Stanza message) {
        ModelAddressees.Meant meant = Objects.requireNonNull(addressees.meant(message.toJid()));
        Jid to = meant.to();
        Jid from = meant.from();
        String token = wire.passes(to.toString(), from.toString());
        if (token != null) {
            addressees.wrote(token);
        }
        if (!ModelRefusals.isError(message)) {
            holders.spoke(to, from, message.fromJid().key());
            names.wrote(to, from, message);
        }
        return to.toString().equals(sent.to()) && from.toString().equals(sent.from())
                ? null
                : "it is for " + to + ", from " + from;
    }

    private static boolean sameContent(Stanza one, Stanza other) {
        return new String(one.content(), StandardCharsets.UTF_8)
                .equals(new String(other.content(), StandardCharsets.UTF_8));
    }

    // ---- Time.

    /** Whether it is known who is there, or nobody waits for that any more. */
    private boolean isKnown() {
        boolean known = pool.isConfirmed() && (!pool.choosable().isEmpty() || !pool.isInDoubt());
        return draining.getAsBoolean() || known;
    }

    /** Whoever need not wait any longer is due now, one after the other: what becomes of one may depend on the one before. */
    private void goOn() {
        while (due.isEmpty()
                && !waiting.isEmpty()
                && (isKnown() || waiting.getFirst().until() - clock.getAsLong() <= 0)) {
            decide(waiting.removeFirst().message());
        }
    }

    /** The next moment at which something happens by itself; 0: none. */
    long nextDue() {
        return waiting.isEmpty() ? 0 : waiting.getFirst().until();
    }

    /** A step is over: whatever had to show has; null if so. */
    @Nullable
    String owes() {
        goOn();
        sentNow.clear();
        if (!due.isEmpty()) {
            return "messages that were not passed on: " + due + " at " + clock.getAsLong() + " in " + pool;
        }
        return refusals.owes();
    }
}
