package org.clientproxy.proxy.presence;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
 * Whose presence was passed on to whom, and what follows when a resource leaves: each requester that had its presence hears that
 * it is unavailable, from the address that it used, for no server knows that. Used on the loop, where nothing else is said.
 */
public final class RelayedPresence implements StreamListener, Adjustable, Farewell {
    private static final Logger LOG = LoggerFactory.getLogger(RelayedPresence.class);

    /** So many hear at a time, and so often. */
    static final int PORTION = 100;

    static final Duration PACE = Duration.ofMillis(10);

    private final ComponentStream stream;
    private final StreamLoop loop;
    private final PresenceCounters counters;
    private final RelayTable table = new RelayTable();
    private final ToldEnds toldEnds = new ToldEnds();
    private final Deque<ResourcePlace> ended = new ArrayDeque<>();
    // At the stop: those whose turn is to come.
    private final Deque<RelayedSession> last = new ArrayDeque<>();
    private final AtomicInteger untold = new AtomicInteger();
    private boolean stopping;
    private StreamLoop.@Nullable Timeout next;

    public RelayedPresence(ProxySettings settings, ComponentStream stream, PresenceCounters counters) {
        this.stream = stream;
        this.loop = stream.loop();
        this.counters = counters;
        adjust(settings);
    }

    @Override
    public void adjust(ProxySettings now) {
        table.limit(now.maxConversations());
    }

    /** How many sessions of requesters have something to do with a resource's presence. Any thread. */
    public int size() {
        return table.size();
    }

    @Override
    public void onState(StreamState before, StreamState now, @Nullable String reason) {
        if (now == StreamState.READY) {
            table.nextStream();
            // Whose resource is gone since the last one hears on this one.
            begin();
        }
    }

    /** The resource that has the presence of this session; null: none has. */
    public @Nullable Jid holder(Jid requester, Jid addressUsed) {
        RelayedSession session = table.find(requester, addressUsed);
        return session == null || session.told == null || session.told.isVoid()
                ? null
                : session.told.place().resource();
    }

    /** From now on this resource has the presence of this session; false where there is no room to know that. */
    public boolean told(Jid requester, Jid addressUsed, Jid resource) {
        // What this resource says from now on is an answer to that.
        toldEnds.remove(requester, addressUsed, resource, loop.nanoTime());
        RelayedSession session = table.enter(requester, addressUsed);
        if (session != null) {
            table.told(session, resource, loop.nanoTime());
        }
        return session != null;
    }

    /** From now on this session has the presence of this resource; false where there is no room to know that. */
    public boolean shown(Jid requester, Jid addressUsed, Jid resource) {
        toldEnds.remove(requester, addressUsed, resource, loop.nanoTime());
        RelayedSession session = table.enter(requester, addressUsed);
        if (session != null) {
            table.shown(session, resource, loop.nanoTime());
        }
        return session != null;
    }

    /** This session of a requester has ended, or wants nothing to do with that address any more. */
    public void requesterLeft(Jid requester, Jid addressUsed) {
        RelayedSession session = table.find(requester, addressUsed);
        if (session != null) {
            table.told(session, null, 0);
            table.shown(session, null, 0);
            table.removeIfIdle(session);
        }
    }

    /** A resource is unavailable for this session; false where the session has heard so of the proxy. */
    public boolean hidden(Jid requester, Jid addressUsed, Jid resource) {
        RelayedSession session = table.find(requester, addressUsed);
        if (session != null && isOf(session.shown, resource)) {
            table.shown(session, null, 0);
            table.removeIfIdle(session);
        }
        return !toldEnds.remove(requester, addressUsed, resource, loop.nanoTime());
    }

    /** A resource does not want the presence of this session. */
    public void refused(Jid requester, Jid addressUsed, Jid resource) {
        RelayedSession session = table.find(requester, addressUsed);
        if (session == null) {
            return;
        }
        if (isOf(session.shown, resource)) {
            table.shown(session, null, 0);
        }
        if (isOf(session.told, resource)) {
            table.told(session, null, 0);
        }
        table.removeIfIdle(session);
    }

    private static boolean isOf(RelayedSession.@Nullable Link link, Jid resource) {
        return link != null && link.place().resource().equals(resource);
    }

    /** The session of a resource has ended: what it had to do with presence before this time, of the loop's clock, is void. */
    public void resourceLeft(Jid resource, long before) {
        ResourcePlace place = table.end(resource, before);
        if (place != null) {
            ended.add(place);
            begin();
        }
    }

    private void begin() {
        if (next == null) {
            tellNext();
        }
    }

    private void tellNext() {
        next = null;
        if (stream.state() != StreamState.READY) {
            return;
        }
        if (!stream.isCongested()) {
            tellSome();
        }
        if (!ended.isEmpty() || !last.isEmpty()) {
            next = loop.schedule(this::tellNext, PACE.toNanos());
        }
    }

    private void tellSome() {
        int room = PORTION;
        while (room > 0 && !ended.isEmpty()) {
            ResourcePlace place = ended.element();
            List<RelayedSession.Link> some = place.take(room);
            some.forEach(this::end);
            room -= some.size();
            if (place.isEmpty()) {
                ended.remove();
            }
        }
        for (; room > 0 && !last.isEmpty(); room--) {
            RelayedSession session = last.remove();
            untold.decrementAndGet();
            if (session.shown != null) {
                hide(session, session.shown);
                table.shown(session, null, 0);
            }
        }
    }

    /** One of those that a resource had to do with, which has left. */
    private void end(RelayedSession.Link link) {
        RelayedSession session = link.session();
        boolean told = link == session.told;
        if (!link.isVoid()) {
            // It is of the next session under that address.
            if (told) {
                table.told(session, link.place().resource(), link.since());
            } else if (link == session.shown) {
                table.shown(session, link.place().resource(), link.since());
            }
            return;
        }
        if (told) {
            session.told = null;
        } else if (link == session.shown) {
            hide(session, link);
            session.shown = null;
        }
        table.removeIfIdle(session);
    }

    private void hide(RelayedSession session, RelayedSession.Link shown) {
        Stanza unavailable = Stanza.of(
                Stanza.Kind.PRESENCE,
                "unavailable",
                null,
                session.addressUsed().toString(),
                session.requester().toString(),
                "");
        try {
            stream.send(unavailable);
            counters.count(Event.HIDDEN);
            toldEnds.add(session, shown.place().resource(), loop.nanoTime());
        } catch (StanzaNotSentException e) {
            LOG.debug("not sent, {}: {}", e.getMessage(), unavailable);
        }
    }

    @Override
    public void begin(long nanos) {
        if (!stopping && stream.state() == StreamState.READY) {
            table.all().stream().filter(session -> session.shown != null).forEach(last::add);
            untold.set(last.size());
            begin();
            loop.schedule(last::clear, nanos);
            loop.schedule(() -> untold.set(0), nanos);
        }
        stopping = true;
    }

    @Override
    public int untold() {
        return untold.get();
    }
}
