package org.clientproxy.proxy.stats;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts what becomes of the presence of those who write to the proxy host: on the loop, read by any thread. */
public final class PresenceCounters {
    /** What happened with the proxy host in somebody's roster, or with presence that is passed on. */
    public enum Event {
        /** A request to subscribe was accepted. */
        SUBSCRIBED,
        /** A request to subscribe was declined: the account is not allowed, or there is no room. */
        DECLINED,
        /** A server asked for somebody who subscribed. */
        PROBED,
        /** Somebody who was not known was taken in, for a server asked for it. */
        RECOVERED,
        /** A subscription was given up. */
        UNSUBSCRIBED,
        /** Somebody who had shown no sign of life for longest made room for another. */
        FORGOTTEN,
        /** A presence of the service went out. */
        SHOWN,
        /** A requester's presence went to a resource. */
        RELAYED_IN,
        /** A resource's presence went to a requester. */
        RELAYED_OUT,
        /** A requester heard that a resource which it had the presence of has left. */
        HIDDEN,
        /** A presence that is passed on otherwise was not: not allowed, too fast, no room, or to nobody who is known. */
        NOT_RELAYED
    }

    private final Map<Event, LoopCounter> events = new EnumMap<>(Event.class);

    PresenceCounters() {
        for (Event event : Event.values()) {
            events.put(event, new LoopCounter());
        }
    }

    public void count(Event event) {
        counter(event).increment();
    }

    /** How often this happened. */
    public long events(Event event) {
        return counter(event).get();
    }

    private LoopCounter counter(Event event) {
        return Objects.requireNonNull(events.get(event));
    }
}
