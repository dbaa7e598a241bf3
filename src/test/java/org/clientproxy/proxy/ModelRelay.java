package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** Presence between requesters and resources as it is specified, for the reference model ({@code proxy.presence=relay}). */
final class ModelRelay {
    /** When it is known whether another session has come in the place of one that left. */
    private static final long IN_DOUBT = Duration.ofSeconds(3).toNanos();

    /** For so long what else says of an end that was told is not passed on. */
    private static final long TOLD = Duration.ofSeconds(30).toNanos();

    /** One of two that have to do with each other's presence, since this time. */
    private record With(String resource, long since) {}

    /** A resource that has left, and when it is certain whether another session has come in its place. */
    private record Left(String resource, long until) {}

    /** One session of a requester at one address of the proxy host. */
    private static final class Session {
        private final Jid requester;
        private final Jid used;
        // The resource that has its presence, and the one whose presence it has.
        private @Nullable With told;
        private @Nullable With shown;
        // Since when it must hear that it has nobody's presence any more; 0: it need not.
        private long mustHear;
        // Whose end that is, and when it heard of whose end.
        private String hasEnded = "";
        private final Map<String, Long> toldEnds = new HashMap<>();

        private Session(Jid requester, Jid used) {
            this.requester = requester;
            this.used = used;
        }

        private void mustHear(With ended, long now) {
            mustHear = now;
            hasEnded = ended.resource();
        }

        @Override
        public String toString() {
            return requester + " at " + used + " told=" + told + " shown=" + shown + " mustHear=" + mustHear;
        }
    }

    /**
     * A presence that must be sent in this very step.
     *
     * @param from the address of ours from which a requester gets it; null: it is a requester's, and comes from the token
     * @param to whom it goes to; null: to one resource, whichever is chosen
     */
    private record Due(
            Stanza presence, @Nullable Jid from, @Nullable String to) {}

    private final ProxySettings settings;
    private final LongSupplier clock;
    private final ModelPool pool;
    private final ModelWire wire;
    private final ModelHolders holders;
    private final ModelAddressees addressees;
    private final ModelAccess access;
    private final ModelRate ratesIn;
    private final ModelRate ratesOut;
    private final BooleanSupplier closed;
    private final BooleanSupplier draining;
    private final Map<String, Session> sessions = new HashMap<>();
    private final List<Left> left = new ArrayList<>();
    private final List<Due> due = new ArrayList<>();
    private final boolean on;
    private final boolean service;

    ModelRelay(
            ProxySettings settings,
            LongSupplier clock,
            ModelPool pool,
            ModelWire wire,
            ModelHolders holders,
            ModelAddressees addressees,
            ModelAccess access,
            ModelRate ratesIn,
            ModelRate ratesOut,
            BooleanSupplier closed,
            BooleanSupplier draining) {
        this.settings = settings;
        this.clock = clock;
        this.pool = pool;
        this.wire = wire;
        this.holders = holders;
        this.addressees = addressees;
        this.access = access;
        this.ratesIn = ratesIn;
        this.ratesOut = ratesOut;
        this.closed = closed;
        this.draining = draining;
        this.on = settings.uses(PresenceUse.RELAY);
        this.service = settings.uses(PresenceUse.SERVICE);
    }

    private Session session(Jid requester, Jid used) {
        return sessions.computeIfAbsent(requester.key() + '\n' + used.key(), key -> new Session(requester, used));
    }

    // ---- What the proxy is given: presences without a type, and of the types unavailable and error.

    /** A requester's, to any address of ours. */
    void received(Stanza presence) {
        Jid requester = presence.fromJid();
        Jid used = presence.toJid();
        if (!on) {
            return;
        }
        Session session = session(requester, used);
        String had = session.told == null ? null : session.told.resource();
        if (presence.type() == null) {
            if (requester.isFull() && admit(requester)) {
                comes(presence, session);
            }
        } else if (presence.type().equals("unavailable")) {
            session.told = null;
            session.shown = null;
            session.mustHear = 0;
            if (had != null) {
                pass(presence, had);
            } else if (admit(requester) && !pool.choosable().isEmpty()) {
                // Of an earlier start, or of nobody's; nobody holds anything for it.
                pass(presence, null);
            }
        } else {
            String to = had != null ? had : holders.holder(requester, used);
            if (to != null && admit(requester)) {
                pass(presence, to);
            }
        }
    }

    /** Whether what the requester sends is taken, for he may and is not too fast. */
    private boolean admit(Jid requester) {
        return access.allows(requester) && ratesIn.admit(requester.bare().key());
    }

    private void comes(Stanza presence, Session session) {
        boolean stays = session.told != null && pool.isSeen(session.told.resource());
        if (closed.getAsBoolean() || !stays && pool.choosable().isEmpty()) {
            // As the addresses are spelled now, which may be otherwise than before.
            due.add(new Due(unavailable(presence), presence.toJid(), presence.from()));
        } else {
            pass(presence, stays ? session.told.resource() : null);
        }
    }

    private static Stanza unavailable(Stanza about) {
        return Stanza.of(Stanza.Kind.PRESENCE, "unavailable", null, about.to(), about.from(), "");
    }

    private void pass(Stanza presence, @Nullable String to) {
        due.add(new Due(presence, null, to));
    }

    /** One of a session of the target, to another address of ours than that of the pool. */
    void shows(Stanza presence) {
        Jid from = presence.fromJid();
        ModelAddressees.Meant meant =
                presence.toJid().local() == null && from.isFull() ? addressees.meant(presence.toJid()) : null;
        if (!on || meant == null || meant.refusal() != null || meant.to().sameBare(settings.target())) {
            return;
        }
        Session session = session(meant.to(), meant.from());
        boolean available = presence.type() == null;
        boolean error = "error".equals(presence.type());
        if (!available && isWith(session.shown, from)) {
            session.shown = null;
        }
        if (error && isWith(session.told, from)) {
            session.told = null;
        }
        if ("unavailable".equals(presence.type())) {
            Long told = session.toldEnds.remove(from.key());
            if (told != null && clock.getAsLong() - told <= TOLD) {
                return;
            }
        }
        boolean ofService = service && !error && meant.from().equals(settings.domain());
        boolean late = available && draining.getAsBoolean();
        if (!ofService
                && !late
                && access.allows(meant.to())
                && ratesOut.admit(meant.to().bare().key())) {
            due.add(new Due(presence, meant.from(), meant.to().toString()));
            if (available) {
                session.shown = new With(from.key(), clock.getAsLong());
                session.mustHear = 0;
                session.toldEnds.remove(from.key());
                holders.spoke(meant.to(), meant.from(), from.key());
            }
        }
    }

    private static boolean isWith(@Nullable With with, Jid resource) {
        return with != null && with.resource().equals(resource.key());
    }

    /** What was before this time at the session of the target that had this address is void. */
    void ended(String resource, long before) {
        for (Session session : sessions.values()) {
            if (session.told != null && session.told.resource().equals(resource) && session.told.since() < before) {
                session.told = null;
            }
            if (session.shown != null && session.shown.resource().equals(resource) && session.shown.since() < before) {
                session.mustHear(session.shown, clock.getAsLong());
                session.shown = null;
            }
        }
    }

    /** @param settle whether another session may have come in its place */
    void left(String resource, boolean settle) {
        if (on && settle) {
            left.add(new Left(resource, clock.getAsLong() + IN_DOUBT));
        } else {
            ended(resource, clock.getAsLong() + 1);
        }
    }

    void drain() {
        for (Session session : sessions.values()) {
            // Where the resource leaves as well, it may hear that once more.
            if (session.shown != null && pool.isReady()) {
                session.mustHear(session.shown, clock.getAsLong());
            }
        }
    }

    // ---- What the proxy does.

    /** Whether this is one that is to be passed on, or an end that is to be told. */
    boolean expects(Stanza sent) {
        return find(sent) != null || hidden(sent) != null;
    }

    private @Nullable Due find(Stanza sent) {
        for (Due each : due) {
            // Somebody may hear of an end from one address, and that nobody is there from another one.
            boolean same = Objects.equals(each.presence.type(), sent.type())
                    && (each.from == null || each.from.toString().equals(sent.from()))
                    && text(each.presence).equals(text(sent));
            if (same
                    && (each.to == null
                            || each.to.equals(sent.to())
                            || each.to.equals(sent.toJid().key()))) {
                return each;
            }
        }
        return null;
    }

    private @Nullable Session hidden(Stanza sent) {
        Session session =
                sessions.get(sent.toJid().key() + '\n' + sent.fromJid().key());
        boolean hides = session != null
                && session.mustHear != 0
                && "unavailable".equals(sent.type())
                && text(sent).isEmpty();
        return hides ? session : null;
    }

    private static String text(Stanza presence) {
        return new String(presence.content(), StandardCharsets.UTF_8);
    }

    /** Says what is wrong with it; null: nothing. */
    @Nullable
    String sent(Stanza sent) {
        Due its = find(sent);
        if (its == null) {
            Session session = Objects.requireNonNull(hidden(sent));
            session.mustHear = 0;
            session.shown = null;
            session.toldEnds.put(session.hasEnded, clock.getAsLong());
            return null;
        }
        due.remove(its);
        if (!ModelWire.isReaddressed(sent, its.presence) || !Objects.equals(sent.id(), its.presence.id())) {
            return "it is not what was said: " + sent + " of " + its;
        }
        return its.from == null ? wrongIn(sent, its) : null;
    }

    private @Nullable String wrongIn(Stanza sent, Due its) {
        Jid requester = its.presence.fromJid();
        Jid used = its.presence.toJid();
        String resource = sent.toJid().key();
        String choice = null;
        if (its.to == null && its.presence.type() == null) {
            choice = holders.given(requester, used, resource);
        } else if (its.to == null) {
            choice = holders.would(requester, used, resource);
        } else if (its.presence.type() == null) {
            holders.holds(requester, used, resource);
        }
        if (its.presence.type() == null) {
            Session session = session(requester, used);
            session.told = new With(resource, clock.getAsLong());
            session.toldEnds.remove(resource);
        }
        String token = sent.fromJid().resource();
        if (token == null || sent.fromJid().local() != null) {
            return "it comes from no token: " + sent;
        }
        String wrongToken = wire.wrongToken(token, requester.toString(), used.toString());
        addressees.wrote(token);
        return wrongToken == null ? choice : wrongToken;
    }

    /** The next moment at which somebody's end is certain; 0: none. */
    long nextDue() {
        return left.stream().mapToLong(Left::until).min().orElse(0);
    }

    void timeComes(long now) {
        for (Left each : List.copyOf(left)) {
            if (each.until() - now <= 0) {
                left.remove(each);
                if (!pool.contains(each.resource())) {
                    ended(each.resource(), now + 1);
                }
            }
        }
    }

    /** A step is over: whatever had to show has; null if so. */
    @Nullable
    String owes() {
        if (!due.isEmpty()) {
            return "presences that were not passed on: " + due + " in " + pool;
        }
        for (Session session : sessions.values()) {
            if (session.mustHear != 0
                    && pool.isReady()
                    && session.mustHear + ReferenceModel.TOLERANCE <= clock.getAsLong()) {
                return "whose presence it has is gone, and nobody says so: " + session;
            }
        }
        sessions.values()
                .removeIf(each ->
                        each.told == null && each.shown == null && each.mustHear == 0 && each.toldEnds.isEmpty());
        return null;
    }
}
