package org.clientproxy.proxy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** What the proxy sends for requests of requesters, for the reference model: to the resources, and as answers. */
final class ModelSent {
    private final ModelOpen open;
    private final ModelPool pool;
    private final ModelFate fate;
    private final ModelWire wire;
    private final ModelChoices choices;
    private final ModelRules rules;
    private final ModelMoves moves;
    private final ModelBlame blame;
    private final ModelHolders holders;
    private final ModelAddressees addressees;
    private final ModelHints hints;

    ModelSent(
            ModelOpen open,
            ModelPool pool,
            ModelFate fate,
            ModelWire wire,
            ModelChoices choices,
            ModelRules rules,
            ModelMoves moves,
            ModelBlame blame,
            ModelHolders holders,
            ModelAddressees addressees,
            ModelHints hints) {
        this.open = open;
        this.pool = pool;
        this.fate = fate;
        this.wire = wire;
        this.choices = choices;
        this.rules = rules;
        this.moves = moves;
        this.blame = blame;
        this.holders = holders;
        this.addressees = addressees;
        this.hints = hints;
    }

    /** A request goes to a resource. Says what is wrong with that; null: nothing. */
    @Nullable
    String forwarded(Stanza sent, StanzaNotSentException.@Nullable Reason refused) {
        ModelRequest request = open.of(sent);
        if (request == null || request.answered || !ModelWire.isReaddressed(sent, request.stanza)) {
            return "forwarded what is no open request: " + sent;
        }
        dropOthers(request);
        // Where it may be either, the proxy says whether the present attempt stays open beside this one.
        boolean beside = rules.mayAskAnother(request, true) && hints.isOpen(request.now.key(), request.stanza);
        if (!beside && !rules.mayAttempt(request) && isOverAtOne(request)) {
            moves.fallBack(request, request.now.graceEnd);
        }
        if (!beside && !rules.mayAttempt(request)) {
            return "forwarded " + sent + " though it may not be now: " + request + " in " + pool;
        }
        Jid from = sent.fromJid();
        Jid to = sent.toJid();
        String token = from.resource();
        String id = sent.id();
        boolean others = beside || !request.others.isEmpty();
        if (!choices.allow(request, to.key(), others)) {
            return "forwarded to a resource that cannot be chosen, or is full: " + sent + " of " + open.all() + " in "
                    + pool;
        }
        if (from.local() != null
                || token == null
                || !from.domain().equals(open.settings.domain().toString())) {
            return "forwarded from " + from;
        }
        String wrong = wire.wrongToken(token, request.stanza.from(), request.stanza.to());
        if (wrong != null || id == null) {
            return wrong + ": " + sent;
        }
        addressees.wrote(token);
        String choice = holders.requested(
                request.requester, request.stanza.toJid(), to.key(), choices.among(request, to.key(), others, beside));
        if (choice != null) {
            return choice + ": " + sent + " of " + request + " in " + pool;
        }
        if (beside) {
            request.stepAside();
        } else {
            moves.leaves(request, true);
        }
        String wanted = request.stanza.id();
        int taken = wanted.isEmpty() ? 1 : moves.taken(ModelClosedKeys.key(to.key(), from.key(), wanted));
        boolean fresh = !id.equals(wanted);
        if (fresh ? taken < 0 || !wire.isFresh(id) : taken > 0) {
            return "the id on the wire is " + id + ", taken=" + taken + ": " + request;
        }
        ModelAttempt attempt = new ModelAttempt(to.key(), from.key(), id, open.now());
        for (ModelRequest other : open.all()) {
            // One whose resource has refused it waits for another one already, which nobody sees.
            List<ModelAttempt> having = other.must == ModelRequest.Must.BUSY ? other.others : other.attempts();
            if (having.stream().anyMatch(each -> each.key().equals(attempt.key()))) {
                return "two open requests under one key: " + other + " and " + request;
            }
        }
        if (!request.tried.isEmpty()) {
            open.freed();
        }
        open.leavesQueue(request);
        request.learnsUntil = 0;
        request.now = attempt;
        request.tried.add(to.key());
        request.ended.remove(to.key());
        moves.looks(request, open.now());
        if (refused != null && !request.others.isEmpty()) {
            moves.fallBack(request, open.now());
        } else if (refused != null) {
            request.mustFail(notSent(refused));
        }
        return null;
    }

    /** Those of several attempts that are over end, as far as that shows nowhere but at the proxy. */
    private void dropOthers(ModelRequest request) {
        for (ModelAttempt other : List.copyOf(request.others)) {
            if (fate.mayBeOver(request, other) && !hints.isOpen(other.key(), request.stanza)) {
                moves.drop(request, other);
            }
        }
    }

    /** Whether the resource of the present attempt is gone in this very moment, and others have it. */
    private boolean isOverAtOne(ModelRequest request) {
        return !request.others.isEmpty()
                && request.now != null
                && request.must == null
                && request.bounce == null
                && fate.isGone(request);
    }

    /** The application condition of the error of a request that was not sent on. */
    static String notSent(StanzaNotSentException.Reason reason) {
        return switch (reason) {
            case OUTBOX_FULL -> "too-many-pending";
            case NOT_READY -> "resource-gone";
            case TOO_LARGE -> "too-large";
            case INVALID -> "failure";
        };
    }

    /** A requester gets an answer. Says what is wrong with that; null: nothing. */
    @Nullable
    String answered(Stanza sent, StanzaNotSentException.@Nullable Reason refused) {
        List<ModelRequest> alike = new ArrayList<>(open.all());
        alike.removeIf(request -> !request.stanza.from().equals(sent.to())
                || !request.stanza.to().equals(sent.from())
                || !request.stanza.id().equals(sent.id()));
        if (alike.size() > 1) {
            alike.sort(Comparator.comparing(request -> hints.isPending(request.stanza)));
        }
        for (ModelRequest request : alike) {
            if (fate.isGone(request)) {
                dropOthers(request);
            }
            if (rules.mayAnswer(request, sent)) {
                boolean over =
                        request.must == null && ModelReply.application(sent).equals("reply-timeout");
                for (ModelAttempt attempt : over ? request.attempts() : List.<ModelAttempt>of()) {
                    if (blame.isUnjustlySpared(request, attempt, 0)) {
                        return "not blamed, though " + sent + " was sent: " + request + " in " + pool;
                    }
                }
                moves.leaves(request, refused != null);
                if (refused != null) {
                    request.mustFail("failure");
                } else {
                    open.answered(request);
                }
                return null;
            }
        }
        return "an answer that nothing allows: " + sent + " " + ModelReply.application(sent) + " of " + open.all()
                + " at " + open.now() + " in " + pool;
    }
}
