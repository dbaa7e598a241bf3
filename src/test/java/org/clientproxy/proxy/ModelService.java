package org.clientproxy.proxy;

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

/** The proxy host as a contact in rosters as it is specified, for the reference model ({@code proxy.presence=service}). */
final class ModelService {
    /** How long a change must last, and how long it may take after that until all have heard of it. */
    private static final long QUIET = Duration.ofSeconds(5).toNanos();

    private static final long TELLING = Duration.ofMillis(1200).toNanos();

    /** Somebody who has the proxy host in the roster. */
    private static final class Subscriber {
        private final Jid account;
        // What each address of it heard last on this stream; all of them hear what is said to the bare one.
        private final Map<String, ModelShown> heard = new HashMap<>();
        // What it heard last of those things that all hear; null: nothing.
        private @Nullable ModelShown heardWithAll;
        private long heardWithAllAt;
        // Whether a session of it has heard something else since; that it asked again says nothing of the others.
        private boolean heardElse;

        private Subscriber(Jid account) {
            this.account = account;
        }

        private void hears(Jid at, ModelShown shown) {
            if (!at.isFull()) {
                heard.clear();
                heardElse = false;
            } else if (!shown.equals(heardWithAll)) {
                heardElse = true;
            }
            heard.put(at.key(), shown);
        }

        /** Whether nobody there has heard anything else last. */
        private boolean knows(ModelShown shown) {
            return !heard.isEmpty() && heard.values().stream().allMatch(shown::equals);
        }

        @Override
        public String toString() {
            return account + " heard " + heard;
        }
    }

    /** Something that must be said in this very step; of what type, or how the service shows itself. */
    private record Due(Jid to, @Nullable String type, boolean shows) {}

    private final Jid domain;
    private final LongSupplier clock;
    private final ModelPool pool;
    private final ModelAccess access;
    private final BooleanSupplier draining;
    private final BooleanSupplier paused;
    private final boolean on;
    private final Map<String, Subscriber> subscribers = new HashMap<>();
    private final List<Due> due = new ArrayList<>();
    private @Nullable ModelShown now;
    private long changedAt;
    // Since when all must hear that the proxy stops; 0: they need not.
    private long stopsAt;

    ModelService(
            ProxySettings settings,
            LongSupplier clock,
            ModelPool pool,
            ModelAccess access,
            BooleanSupplier draining,
            BooleanSupplier paused) {
        this.access = access;
        this.domain = settings.domain();
        this.clock = clock;
        this.pool = pool;
        this.draining = draining;
        this.paused = paused;
        this.on = settings.uses(PresenceUse.SERVICE);
    }

    private @Nullable ModelShown current() {
        if (draining.getAsBoolean()) {
            return ModelShown.UNAVAILABLE;
        }
        return !pool.isConfirmed() ? null : paused.getAsBoolean() ? ModelShown.UNAVAILABLE : pool.shown();
    }

    /** Whether this is for the service: a subscribe, an unsubscribe or a probe of a user. */
    boolean isFor(Stanza presence) {
        Jid to = presence.toJid();
        return on
                && switch (String.valueOf(presence.type())) {
                    case "subscribe", "unsubscribe" -> to.sameBare(domain);
                    case "probe" -> to.equals(domain);
                    default -> false;
                };
    }

    void received(Stanza presence) {
        Jid from = presence.fromJid();
        Jid account = from.bare();
        boolean shows = current() != null;
        switch (presence.type()) {
            case "subscribe" -> {
                if (!access.allows(account)) {
                    due.add(new Due(account, "unsubscribed", false));
                    return;
                }
                subscribers.computeIfAbsent(account.key(), key -> new Subscriber(account));
                due.add(new Due(account, "subscribed", false));
                if (shows) {
                    due.add(new Due(account, null, true));
                }
            }
            case "unsubscribe" -> {
                subscribers.remove(account.key());
                due.add(new Due(account, "unavailable", false));
            }
            default -> {
                if (!access.allows(account)) {
                    return;
                }
                subscribers.computeIfAbsent(account.key(), key -> new Subscriber(account));
                if (shows) {
                    due.add(new Due(from, null, true));
                }
            }
        }
    }

    void down() {
        stopsAt = 0;
        subscribers.values().forEach(each -> {
            each.heard.clear();
            each.heardWithAll = null;
            each.heardElse = false;
        });
    }

    void drain() {
        stopsAt = pool.isReady() ? clock.getAsLong() : 0;
    }

    /** Says what is wrong with a presence to somebody who is no session of the target; null: nothing. */
    @Nullable
    String sent(Stanza sent) {
        Subscriber subscriber = subscribers.get(sent.toJid().bare().key());
        boolean shows = sent.type() == null || sent.type().equals("unavailable");
        ModelShown shown = shows ? ModelShown.of(sent) : null;
        if (!due.isEmpty()) {
            Due first = due.remove(0);
            boolean right = first.to().toString().equals(sent.to())
                    && (first.shows() ? shows : Objects.equals(first.type(), sent.type()));
            if (!right || !domain.toString().equals(sent.from())) {
                return "a presence that is not " + first + ": " + sent;
            }
            if (!first.shows()) {
                return null;
            }
            subscriber.hears(first.to(), shown);
            return shown.equals(current()) ? null : "the service is not so: " + sent + ", but " + current();
        }
        if (!on
                || !shows
                || subscriber == null
                || !subscriber.account.toString().equals(sent.to())) {
            return "a presence that no rule allows: " + sent;
        }
        boolean again = shown.equals(subscriber.heardWithAll) && subscriber.knows(shown) && !subscriber.heardElse;
        // Who has heard something else since is told that it is over, which is no change.
        boolean hasty = subscriber.heardWithAll != null
                && !shown.equals(subscriber.heardWithAll)
                && !draining.getAsBoolean()
                && clock.getAsLong() - subscriber.heardWithAllAt < QUIET;
        subscriber.hears(subscriber.account, shown);
        subscriber.heardWithAll = shown;
        subscriber.heardWithAllAt = clock.getAsLong();
        return !shown.equals(current()) || again || hasty
                ? "all hear " + shown + ", and it is " + current() + ", again=" + again + " hasty=" + hasty
                : null;
    }

    /** A step is over: whatever had to show has; null if so. */
    @Nullable
    String owes() {
        if (!due.isEmpty()) {
            return "presences that were not sent: " + due;
        }
        ModelShown current = current();
        long at = clock.getAsLong();
        if (!Objects.equals(current, now)) {
            now = current;
            changedAt = at;
        }
        boolean late = draining.getAsBoolean()
                ? stopsAt != 0 && at - stopsAt >= ReferenceModel.TOLERANCE
                : at - changedAt >= QUIET + TELLING;
        if (late && current != null && pool.isReady()) {
            for (Subscriber subscriber : subscribers.values()) {
                if (!subscriber.knows(current)) {
                    return "who has it in the roster does not hear that it is " + current + ": " + subscriber;
                }
            }
        }
        return null;
    }
}
