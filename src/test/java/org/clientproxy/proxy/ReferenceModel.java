package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * What {@code docs/protocol.md} demands of the proxy, written from its tables and not from the code: it is told each
 * input before the proxy gets it, hears each stanza that the proxy sends in that very moment, and says what is wrong.
 * Which resource is chosen, and which fresh id, is the proxy's to say; all else is determined. The classes whose names
 * begin with {@code Model} are its parts.
 */
final class ReferenceModel implements ModelPool.Listener {
    /** A deadline is never given early, and late by this much at most. */
    static final long TOLERANCE = Duration.ofMillis(34).toNanos();

    /** How long a bounce waits for the presence that explains it. */
    static final long BOUNCE_WAIT = Duration.ofMillis(200).toNanos();

    /** Of our presence, by which an error for it is told from all others. */
    private final ProxySettings settings;

    private final ModelOpen open;
    private final ModelPool pool;
    private final ModelReverse reverse;
    private final ModelFate fate;
    private final ModelRules rules;
    private final ModelEvents events;
    private final ModelSent sent;
    private final ModelSettling settling;
    private final ModelBlame blame;
    private final ModelAddressees addressees;
    private final ModelMessages messages;
    private final ModelRelay relay;
    private final ModelService service;
    private final List<String> refusals = new ArrayList<>();
    private long confirmAt;
    private long stopAt;
    private boolean draining;
    private boolean paused;

    /** @param hints what the proxy says where several things are right */
    ReferenceModel(LongSupplier clock, ProxySettings settings, ModelWire wire, ModelHints hints) {
        this.settings = settings;
        open = new ModelOpen(clock, settings);
        pool = new ModelPool(this, open::now, settings);
        ModelClosedKeys closed = new ModelClosedKeys(open::now, settings);
        ModelHolders holders = new ModelHolders(pool, open::now, settings);
        ModelAccess access = new ModelAccess(settings);
        addressees = new ModelAddressees(settings, open::now, wire);
        reverse = new ModelReverse(settings, open::now, wire, closed, holders, access, hints);
        ModelRate in = new ModelRate(open::now, settings);
        ModelRate out = new ModelRate(open::now, settings);
        messages = new ModelMessages(
                settings, open::now, pool, wire, holders, addressees, access, in, out, () -> draining, () -> paused);
        relay = new ModelRelay(
                settings,
                open::now,
                pool,
                wire,
                holders,
                addressees,
                access,
                in,
                out,
                () -> draining || paused,
                () -> draining);
        service = new ModelService(settings, open::now, pool, access, () -> draining, () -> paused);
        fate = new ModelFate(open, pool);
        ModelChoices choices = new ModelChoices(open, pool, fate, hints);
        rules = new ModelRules(open, pool, fate, choices);
        ModelMoves moves = new ModelMoves(open, fate, closed);
        blame = new ModelBlame(open, pool);
        sent = new ModelSent(open, pool, fate, wire, choices, rules, moves, blame, holders, addressees, hints);
        events = new ModelEvents(open, pool, access);
        settling = new ModelSettling(open, pool, fate, choices, rules, moves, blame, hints);
    }

    ModelAddressees addressees() {
        return addressees;
    }

    ModelReverse reverse() {
        return reverse;
    }

    ModelPool pool() {
        return pool;
    }

    int pending() {
        return open.all().size() + reverse.pending();
    }

    /** Of both directions. */
    long requests() {
        return open.requests() + reverse.requests();
    }

    long answers() {
        return open.answers() + reverse.ended();
    }

    /** The next moment at which something is due, on the clock; 0: none. */
    long nextDue() {
        long next = 0;
        for (long at : new long[] {confirmAt, stopAt, reverse.nextDue(), messages.nextDue(), relay.nextDue()}) {
            next = ModelOpen.sooner(next, at);
        }
        for (ModelRequest request : open.all()) {
            next = ModelOpen.sooner(next, rules.due(request));
            next = ModelOpen.sooner(
                    next, request.now != null && open.attemptTimeout > 0 ? request.lookBy - TOLERANCE : 0);
            // When it is looked at once more cannot be told exactly, so it is asked at each step of the clock.
            next = ModelOpen.sooner(next, open.attemptTimeout > 0 && fate.mayHaveLeft(request) ? now() + 1 : 0);
        }
        return next;
    }

    /** The next moment at which something happens then and not a little later; 0: none. */
    long dueExactly() {
        // Who leaves for a suspicion leaves between the times of all else, and so does what is known of its presence.
        return ModelOpen.sooner(pool.nextDue(), relay.nextDue());
    }

    // ---- What the proxy is given. Each is called before it gets it.

    void up() {
        confirmAt = now() + settings.confirmTimeout().toNanos();
        pool.up();
    }

    /** @param written whether what was sent in this step was written before */
    void down(boolean written) {
        if (!written) {
            messages.unwritten();
        }
        confirmAt = 0;
        events.change(pool::down);
        service.down();
    }

    void presence(String type, Jid from, ModelPresence says) {
        events.change(() -> pool.receive(type, from, says));
    }

    /** A message of anybody, to whatever address of ours. */
    void message(Stanza message) {
        messages.message(message);
    }

    /** A presence that is not the pool's. */
    void userPresence(Stanza presence) {
        String type = presence.type();
        boolean fromTarget = presence.fromJid().sameBare(settings.target());
        if (!fromTarget && service.isFor(presence)) {
            service.received(presence);
        } else if (type == null || type.equals("unavailable") || type.equals("error")) {
            if (fromTarget) {
                relay.shows(presence);
            } else {
                relay.received(presence);
            }
        } else if (type.equals("subscribe")) {
            refusable(presence, "unsubscribed");
        }
    }

    /** Something that is to be refused with this application condition, or in silence if null. */
    void refusable(Stanza stanza, @Nullable String condition) {
        if (condition != null) {
            refusals.add(stanza.to() + '\n' + stanza.from() + '\n' + stanza.id() + '\n' + condition);
        }
    }

    void request(Stanza stanza) {
        String closed = draining ? "stopping" : paused ? "paused" : null;
        events.request(stanza, pending(), closed);
    }

    /** A session says what it can, or somebody in its name. */
    void announces(Stanza reply, ModelAnnouncement says) {
        // Under another id it may be its answer to what it has asked itself.
        reverse.answers(reply, says == ModelAnnouncement.ERROR ? ModelReply.ERROR : ModelReply.RESULT);
        events.change(() -> {
            if (pool.features().answered(reply, says)) {
                pool.lookAgain();
            }
        });
    }

    /** A session of the target asks somebody; null for the refusal: it is not refused for whom it means. */
    void asks(Stanza stanza, ModelReverse.Meant meant, @Nullable String refusal) {
        reverse.asks(stanza, meant, refusal, pending(), draining);
    }

    void reply(Stanza reply, ModelReply kind) {
        pool.ejections().answered(reply.fromJid().key(), reply.id(), kind);
        reverse.answers(reply, kind);
        events.reply(reply, kind);
        settling.changed();
    }

    /** The proxy says that the resource has not replied in time. */
    void blamed(String resource) {
        blame.blamed(resource);
        settling.changed();
    }

    /** An operator wants no new requests, or wants them again. */
    void pause(boolean pause) {
        paused = pause;
    }

    void retire(Jid resource) {
        events.change(() -> pool.retire(resource.key()));
    }

    void restore(Jid resource) {
        events.change(() -> pool.restore(resource.key()));
    }

    void drain() {
        if (!draining) {
            draining = true;
            stopAt = now() + settings.drainTimeout().toNanos();
            relay.drain();
            service.drain();
        }
    }

    void stop() {
        stopAll();
        confirmAt = 0;
        events.change(pool::stop);
    }

    /** The clock is about to come to this moment. */
    void timeComes(long now) {
        open.timeComes(now);
        pool.timeComes(now);
        relay.timeComes(now);
        if (now == confirmAt) {
            confirmAt = 0;
            pool.confirmTimeout();
        }
        if (now == stopAt) {
            stopAt = 0;
            stopAll();
        }
    }

    private void stopAll() {
        events.stop();
        reverse.stop();
    }

    @Override
    public void left(String resource, boolean settle) {
        relay.left(resource, settle);
        events.left(resource, settle);
    }

    @Override
    public void ended(String session, long before) {
        reverse.sessionEnded(session, before);
        relay.ended(session, before);
    }

    @Override
    public void returned(String resource) {
        events.returned(resource);
    }

    @Override
    public void confirmed() {
        events.confirmed();
    }

    // ---- What the proxy does. Each gives what is wrong with it, or null.

    @Nullable
    String sent(Stanza stanza, StanzaNotSentException.@Nullable Reason refused) {
        String refusable =
                stanza.from() + '\n' + stanza.to() + '\n' + stanza.id() + '\n' + ModelReply.application(stanza);
        if (refusals.remove(refusable)) {
            return null;
        }
        return switch (stanza.kind()) {
            case MESSAGE -> messages.sent(stanza, refused);
            case PRESENCE -> presence(stanza);
            case IQ -> {
                if (reverse.isAsked(stanza)) {
                    yield reverse.sent(stanza, refused);
                }
                if (reverse.isAnswer(stanza)) {
                    yield reverse.answered(stanza, refused);
                }
                if (isOwn(stanza)) {
                    yield isQuestion(stanza)
                            ? pool.features().asked(stanza)
                            : pool.ejections().pinged(stanza.toJid().key(), stanza.id());
                }
                String wrong = stanza.isRequest() ? sent.forwarded(stanza, refused) : sent.answered(stanza, refused);
                settling.changed();
                yield wrong;
            }
        };
    }

    private @Nullable String presence(Stanza stanza) {
        boolean toTarget = stanza.toJid().sameBare(settings.target());
        if (toTarget && settings.domain().toString().equals(stanza.from())) {
            return pool.sent(stanza.type() == null ? "" : stanza.type(), stanza.toJid());
        }
        return relay.expects(stanza) ? relay.sent(stanza) : service.sent(stanza);
    }

    private boolean isOwn(Stanza sent) {
        return settings.domain().toString().equals(sent.from()) && sent.isRequest();
    }

    /** Whether the proxy asks a session of itself what it can. */
    boolean isQuestion(Stanza sent) {
        return isOwn(sent) && new String(sent.content(), StandardCharsets.UTF_8).contains("disco#info");
    }

    /** A step is over: whatever had to show has. */
    @Nullable
    String settle() {
        String owed = settling.owes();
        owed = owed == null && !refusals.isEmpty() ? "not refused: " + refusals : owed;
        owed = owed == null ? pool.owes() : owed;
        owed = owed == null ? pool.ejections().owes() : owed;
        owed = owed == null ? reverse.owes() : owed;
        owed = owed == null ? messages.owes() : owed;
        owed = owed == null ? relay.owes() : owed;
        owed = owed == null ? service.owes() : owed;
        owed = owed == null ? blame.wrong() : owed;
        refusals.clear();
        open.forget();
        return owed;
    }

    private long now() {
        return open.now();
    }
}
