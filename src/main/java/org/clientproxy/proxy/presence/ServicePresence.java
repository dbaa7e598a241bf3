package org.clientproxy.proxy.presence;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.PresenceCounters;
import org.clientproxy.proxy.stats.PresenceCounters.Event;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamListener;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy host as a contact in users' rosters (RFC 6121 §3, §4): whoever asks for its presence gets it now and at each change.
 * All are told in small portions, so that no number of them holds up the loop. Used on the loop, where nothing else is said.
 */
public final class ServicePresence implements StreamListener, Adjustable, Farewell {
    private static final Logger LOG = LoggerFactory.getLogger(ServicePresence.class);

    /** How often the service looks whether it has changed, and how long a change must last before all are told. */
    static final Duration LOOK = Duration.ofSeconds(1);

    static final Duration QUIET = Duration.ofSeconds(5);

    /** So many are told at a time, and so often: 500 a second. */
    static final int PORTION = 25;

    static final Duration PACE = Duration.ofMillis(50);

    /** At a stop all are told in the time that is left, in portions that are no larger than this. */
    static final int LARGEST_PORTION = 256;

    static final Duration LAST_PACE = Duration.ofMillis(10);

    /** So many subscribers are passed over at a time, where they need not be told. */
    private static final int MOST_STEPS = 2_000;

    /** A sign of life is noted in the file once in so many days. */
    private static final int NOTED_DAYS = 30;

    private static final int KEPT_DAYS = 365;

    private final Jid domain;
    private final ComponentStream stream;
    private final StreamLoop loop;
    private final Predicate<Jid> allowed;
    private final Supplier<@Nullable ShownPresence> current;
    private final InstantSource clock;
    private final PresenceCounters counters;
    private final Subscribers subscribers;
    private final SubscribersFile file;
    private int most;
    // As it was at the last look, since when, and as all are told; null: not known.
    private @Nullable ShownPresence seen;
    private long seenAt;
    private volatile @Nullable ShownPresence told;
    // Counts what all are told; who has an older number is still to be told.
    private int number;
    private final AtomicInteger untold = new AtomicInteger();
    private int portion = PORTION;
    private Duration pace = PACE;
    private volatile boolean stopping;
    private StreamLoop.@Nullable Timeout look;
    private StreamLoop.@Nullable Timeout next;

    private ServicePresence(
            ProxySettings settings,
            ComponentStream stream,
            Predicate<Jid> allowed,
            Supplier<@Nullable ShownPresence> current,
            InstantSource clock,
            PresenceCounters counters,
            Subscribers subscribers,
            SubscribersFile file) {
        this.domain = settings.domain();
        this.stream = stream;
        this.loop = stream.loop();
        this.allowed = allowed;
        this.current = current;
        this.clock = clock;
        this.counters = counters;
        this.subscribers = subscribers;
        this.file = file;
        this.most = settings.maxConversations();
        file.load(new SubscriberLines(today(), most), today() - KEPT_DAYS);
    }

    /**
     * Begins with those whom an earlier process left in {@code proxy.data-dir}. Not on the loop.
     *
     * @param allowed whether somebody may have the proxy host in its roster
     * @param current how the service shows itself now; null: it is not known who is there
     * @param writer writes the file, one task after the other
     */
    public static ServicePresence open(
            ProxySettings settings,
            ComponentStream stream,
            Predicate<Jid> allowed,
            Supplier<@Nullable ShownPresence> current,
            InstantSource clock,
            PresenceCounters counters,
            Executor writer) {
        Subscribers subscribers = new Subscribers();
        SubscribersFile file = new SubscribersFile(
                settings.dataDir().resolve(settings.name() + ".subscribers"), stream.loop(), writer, subscribers);
        return new ServicePresence(settings, stream, allowed, current, clock, counters, subscribers, file);
    }

    private long today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toEpochDay();
    }

    @Override
    public void adjust(ProxySettings now) {
        most = now.maxConversations();
    }

    /** How many have the proxy host in their rosters. Any thread. */
    public int size() {
        return subscribers.size();
    }

    /** How all are told that the service is; null: they have not been told yet. Any thread. */
    public @Nullable ShownPresence told() {
        return told;
    }

    /** Whether this account has the proxy host in its roster. */
    public boolean isSubscriber(Jid account) {
        return subscribers.find(account.bare()) != null;
    }

    /** No server tells users when a component comes or goes, so all are told anew on each stream. */
    @Override
    public void onState(StreamState before, StreamState now, @Nullable String reason) {
        if (look != null) {
            look.cancel();
            look = null;
        }
        if (next != null) {
            next.cancel();
            next = null;
        }
        seen = null;
        told = null;
        untold.set(0);
        if (now == StreamState.READY && !stopping) {
            look();
        }
    }

    /** A presence of somebody else than the target to the proxy host: of type subscribe, unsubscribe or probe. */
    public void receive(Stanza presence) {
        Jid from = presence.fromJid();
        switch (String.valueOf(presence.type())) {
            case "subscribe" -> subscribe(from.bare());
            case "unsubscribe" -> unsubscribe(from.bare());
            default -> probe(from);
        }
    }

    private void subscribe(Jid account) {
        Subscriber known = subscribers.find(account);
        if (!allowed.test(account) || known == null && subscribers.size() >= most) {
            counters.count(Event.DECLINED);
            answer("unsubscribed", account);
            return;
        }
        counters.count(Event.SUBSCRIBED);
        if (known == null) {
            known = enter(account);
        } else {
            live(known);
        }
        answer("subscribed", account);
        showNow(known, account);
    }

    private void unsubscribe(Jid account) {
        Subscriber known = subscribers.find(account);
        if (known != null) {
            counters.count(Event.UNSUBSCRIBED);
            forget(known);
        }
        answer("unavailable", account);
    }

    /** Servers probe for those only who subscribed, so an account that is not known was lost with the file, or a forgery. */
    private void probe(Jid from) {
        Jid account = from.bare();
        if (!allowed.test(account)) {
            return;
        }
        Subscriber known = subscribers.find(account);
        if (known != null) {
            counters.count(Event.PROBED);
            live(known);
        } else {
            counters.count(Event.RECOVERED);
            known = enter(account);
        }
        showNow(known, from);
    }

    private Subscriber enter(Jid account) {
        if (subscribers.size() >= most) {
            forgetOldest();
        }
        Subscriber added = new Subscriber(account, today());
        added.tell(number);
        subscribers.add(added);
        file.came(added);
        return added;
    }

    private void live(Subscriber subscriber) {
        subscribers.touch(subscriber);
        if (subscriber.probedDay() + NOTED_DAYS <= today()) {
            subscriber.probed(today());
            file.came(subscriber);
        }
    }

    private void forgetOldest() {
        Subscriber oldest = subscribers.oldest();
        if (oldest != null) {
            counters.count(Event.FORGOTTEN);
            forget(oldest);
        }
    }

    private void forget(Subscriber subscriber) {
        if (subscriber.told() != number) {
            untold.decrementAndGet();
        }
        subscribers.remove(subscriber);
        file.went(subscriber);
    }

    /** Nothing while it is not known who is there: then all are told, this one as well. */
    private void showNow(Subscriber subscriber, Jid to) {
        ShownPresence now = stopping ? ShownPresence.UNAVAILABLE : current.get();
        if (now == null) {
            return;
        }
        boolean shown = show(now, to);
        boolean known = subscriber.told() == number;
        if (told != null && !now.equals(told) && known) {
            // It knows more than all others, who do not hear of it if that does not last.
            subscriber.tell(number - 1);
            untold.incrementAndGet();
        } else if (shown && now.equals(told) && !known && !to.isFull()) {
            // Each session of it has heard now what all others have.
            subscriber.tell(number);
            untold.decrementAndGet();
        }
    }

    private void look() {
        look = loop.schedule(this::look, LOOK.toNanos());
        for (int i = 0; i < LARGEST_PORTION && subscribers.size() > most; i++) {
            forgetOldest();
        }
        ShownPresence now = current.get();
        if (now == null || !now.equals(seen)) {
            seen = now;
            seenAt = loop.nanoTime();
        }
        // On a new stream good news need not wait: users may have seen an error meanwhile, or not have come yet.
        boolean lasts = loop.nanoTime() - seenAt >= QUIET.toNanos() || told == null && now != null && now.available();
        if (now != null && lasts && !now.equals(told)) {
            LOG.debug("{} shows itself {} to {} subscribers", domain, now.word(), subscribers.size());
            tellAll(now);
        } else if (lasts && next == null && untold.get() > 0) {
            tellNext();
        }
    }

    private void tellAll(ShownPresence now) {
        told = now;
        number++;
        untold.set(subscribers.size());
        if (next == null) {
            tellNext();
        }
    }

    private void tellNext() {
        next = null;
        ShownPresence now = told;
        int sent = 0;
        for (int steps = 0;
                now != null && untold.get() > 0 && sent < portion && steps < MOST_STEPS && !stream.isCongested();
                steps++) {
            Subscriber subscriber = subscribers.next();
            if (subscriber != null && subscriber.told() != number) {
                if (!tell(subscriber, now)) {
                    break;
                }
                sent++;
            }
        }
        if (untold.get() > 0) {
            next = loop.schedule(this::tellNext, pace.toNanos());
        }
    }

    /** False where the stream takes no more at present. */
    private boolean tell(Subscriber subscriber, ShownPresence now) {
        boolean welcome = allowed.test(subscriber.jid());
        if (!show(welcome ? now : ShownPresence.UNAVAILABLE, subscriber.jid())) {
            return false;
        }
        if (welcome) {
            subscriber.tell(number);
            untold.decrementAndGet();
        } else {
            forget(subscriber);
        }
        return true;
    }

    @Override
    public void begin(long nanos) {
        if (stopping) {
            return;
        }
        stopping = true;
        if (look != null) {
            look.cancel();
        }
        if (stream.state() == StreamState.READY) {
            portion = (int) Math.min(
                    LARGEST_PORTION,
                    Math.max(PORTION, subscribers.size() * LAST_PACE.toNanos() / Math.max(1, nanos) + 1));
            pace = LAST_PACE;
            // A round that is under way has its next portion at the former pace, for which there is no time.
            if (next != null) {
                next.cancel();
                next = null;
            }
            // Where all hear that already, the round goes on, faster.
            if (ShownPresence.UNAVAILABLE.equals(told)) {
                tellNext();
            } else {
                tellAll(ShownPresence.UNAVAILABLE);
            }
            loop.schedule(() -> giveUp(nanos), nanos);
        }
    }

    private void giveUp(long nanos) {
        if (untold.get() > 0) {
            LOG.warn(
                    "{} of {} subscribers were not told within {} ms that {} stops",
                    untold.get(),
                    subscribers.size(),
                    Duration.ofNanos(nanos).toMillis(),
                    domain);
            untold.set(0);
        }
    }

    @Override
    public int untold() {
        return stopping ? untold.get() : 0;
    }

    private boolean show(ShownPresence now, Jid to) {
        if (!send(now.stanza(domain, to))) {
            return false;
        }
        counters.count(Event.SHOWN);
        return true;
    }

    private void answer(String type, Jid to) {
        send(Stanza.of(Stanza.Kind.PRESENCE, type, null, domain.toString(), to.toString(), ""));
    }

    private boolean send(Stanza presence) {
        try {
            stream.send(presence);
            return true;
        } catch (StanzaNotSentException e) {
            LOG.debug("not sent, {}: {}", e.getMessage(), presence);
            return false;
        }
    }
}
