package org.clientproxy.proxy.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.proxy.conversations.AccountRates;
import org.clientproxy.proxy.conversations.Conversation;
import org.clientproxy.proxy.conversations.Conversations;
import org.clientproxy.proxy.jat.JatCodec;
import org.clientproxy.proxy.jat.LateRequesters;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.presence.RelayedPresence;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.PresenceCounters;
import org.clientproxy.proxy.stats.PresenceCounters.Event;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * The step {@code relay-presence}: rewrites the addresses of a presence that a requester sends to the proxy host, or a resource to
 * a requester (RFC 6121 §4.6). What is not passed on goes no further: nothing of presence is ever answered with an error. Used on
 * the loop.
 */
public final class RelayPresence implements Processor {
    private final Jid domain;
    private final Jid target;
    private final boolean service;
    private final int maxStanzaSize;
    private final StreamLoop loop;
    private final ResourcePool pool;
    private final PendingRequests pendingRequests;
    private final Conversations conversations;
    private final RelayedPresence relayed;
    private final ReverseAddresses addresses;
    private final JatCodec jat;
    private final LateRequesters late;
    private final AccessRules access;
    private final AccountRates ratesIn;
    private final AccountRates ratesOut;
    private final PresenceCounters counters;

    /**
     * @param access who may send, and be sent to
     * @param ratesIn how fast accounts send
     * @param ratesOut how fast accounts are sent to
     */
    public RelayPresence(
            ProxySettings settings,
            StreamLoop loop,
            ResourcePool pool,
            PendingRequests pendingRequests,
            Conversations conversations,
            RelayedPresence relayed,
            ReverseAddresses addresses,
            JatCodec jat,
            LateRequesters late,
            AccessRules access,
            AccountRates ratesIn,
            AccountRates ratesOut,
            PresenceCounters counters) {
        this.domain = settings.domain();
        this.target = settings.target();
        this.service = settings.uses(PresenceUse.SERVICE);
        this.maxStanzaSize = settings.stream().maxStanzaSize();
        this.loop = loop;
        this.pool = pool;
        this.pendingRequests = pendingRequests;
        this.conversations = conversations;
        this.relayed = relayed;
        this.addresses = addresses;
        this.jat = jat;
        this.late = late;
        this.access = access;
        this.ratesIn = ratesIn;
        this.ratesOut = ratesOut;
        this.counters = counters;
    }

    @Override
    public void process(Exchange exchange) {
        Stanza presence = exchange.getMessage().getBody(Stanza.class);
        Stanza passed = presence.fromJid().sameBare(target) ? out(presence) : in(presence);
        if (passed == null) {
            counters.count(Event.NOT_RELAYED);
            exchange.setRouteStop(true);
        } else {
            exchange.getMessage().setBody(passed);
        }
    }

    private @Nullable Stanza in(Stanza presence) {
        Conversation conversation = new Conversation(presence.fromJid(), presence.toJid());
        if (presence.type() == null) {
            return comes(presence, conversation);
        }
        return presence.type().equals("unavailable") ? leaves(presence, conversation) : fails(presence, conversation);
    }

    private @Nullable Stanza comes(Stanza presence, Conversation conversation) {
        Jid requester = conversation.requester();
        if (!requester.isFull() || !access.allows(requester) || !ratesIn.admit(requester.bareKey())) {
            return null;
        }
        boolean closed = pendingRequests.isDraining() || pendingRequests.isPaused();
        PooledResource resource = closed ? null : resource(conversation);
        if (resource == null) {
            // The truth, from which no loop of errors can come.
            return Stanza.of(Stanza.Kind.PRESENCE, "unavailable", null, presence.to(), presence.from(), "");
        }
        Stanza passed = passedTo(presence, resource.jid());
        if (passed == null || !relayed.told(requester, conversation.addressUsed(), resource.jid())) {
            return null;
        }
        counters.count(Event.RELAYED_IN);
        return passed;
    }

    /** The one that has the presence of this session already, as long as it is there; else that of the conversation. */
    private @Nullable PooledResource resource(Conversation conversation) {
        Jid holder = relayed.holder(conversation.requester(), conversation.addressUsed());
        PooledResource known = holder == null ? null : pool.find(holder);
        if (known != null && known.isConfirmed()) {
            conversations.holds(conversation, known);
            return known;
        }
        return conversations.choose(conversation);
    }

    private @Nullable Stanza leaves(Stanza presence, Conversation conversation) {
        Jid requester = conversation.requester();
        Jid to = relayed.holder(requester, conversation.addressUsed());
        relayed.requesterLeft(requester, conversation.addressUsed());
        if (to == null) {
            // An earlier process may have passed on that it is there.
            PooledResource resource = access.allows(requester) && ratesIn.admit(requester.bareKey())
                    ? pool.chooseForConversation(conversation)
                    : null;
            to = resource == null ? null : resource.jid();
        }
        return counted(to == null ? null : passedTo(presence, to), Event.RELAYED_IN);
    }

    private @Nullable Stanza fails(Stanza presence, Conversation conversation) {
        Jid requester = conversation.requester();
        Jid to = relayed.holder(requester, conversation.addressUsed());
        if (to == null) {
            PooledResource holder = conversations.holder(conversation);
            to = holder == null ? null : holder.jid();
        }
        if (to == null || !access.allows(requester) || !ratesIn.admit(requester.bareKey())) {
            return counted(null, Event.RELAYED_IN);
        }
        return counted(passedTo(presence, to), Event.RELAYED_IN);
    }

    /** Null where it is too large. */
    private @Nullable Stanza passedTo(Stanza presence, Jid resource) {
        String requester = presence.fromJid().toString();
        Jid encodedFrom = jat.encodedFrom(requester, String.valueOf(presence.to()));
        late.wrote(encodedFrom, requester, presence.toJid().toString(), loop.nanoTime());
        return fitting(presence.readdressed(encodedFrom, resource));
    }

    private @Nullable Stanza out(Stanza presence) {
        Jid session = presence.fromJid();
        ReverseAddresses.Meant meant = addresses.requester(session, presence.toJid());
        if (meant == null || meant.asked().sameBare(target)) {
            return null;
        }
        Jid requester = meant.asked();
        boolean available = presence.type() == null;
        boolean error = "error".equals(presence.type());
        if (error) {
            relayed.refused(requester, meant.from(), session);
        } else if (!available && !relayed.hidden(requester, meant.from(), session)) {
            return null;
        }
        if (available && pendingRequests.isDraining()) {
            // Nobody would say when it ends.
            return null;
        }
        // One address cannot have two presences.
        boolean ofService = service && !error && meant.from().equals(domain);
        Stanza passed = fitting(presence.readdressed(meant.from(), requester));
        if (ofService || passed == null || !access.allows(requester) || !ratesOut.admit(requester.bareKey())) {
            return null;
        }
        if (available) {
            if (!relayed.shown(requester, meant.from(), session)) {
                return null;
            }
            conversations.spoke(new Conversation(requester, meant.from()), session);
        }
        return counted(passed, Event.RELAYED_OUT);
    }

    private @Nullable Stanza fitting(Stanza presence) {
        return presence.octets() > maxStanzaSize ? null : presence;
    }

    private @Nullable Stanza counted(@Nullable Stanza passed, Event event) {
        if (passed != null) {
            counters.count(event);
        }
        return passed;
    }
}
