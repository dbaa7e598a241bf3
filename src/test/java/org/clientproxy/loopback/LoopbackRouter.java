package org.clientproxy.loopback;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/** Where stanzas go: to sessions, to the component, or back (RFC 6120 §10, RFC 6121 §4, §8). On the server's thread. */
final class LoopbackRouter {
    private final LoopbackServer server;
    private final Subscriptions subscriptions;
    private final OwnServices services;
    private final Map<String, Map<String, ClientLink>> sessions = new HashMap<>();

    LoopbackRouter(LoopbackServer server) {
        this.server = server;
        this.subscriptions = new Subscriptions(server, this);
        this.services = new OwnServices(server, this, subscriptions);
    }

    /** A session has bound its resource; one that had it is thrown out. */
    void join(ClientLink link) {
        ClientLink old = sessions(link.jid()).get(link.jid().resource());
        if (old != null) {
            leave(old);
            old.streamError("conflict");
        }
        sessions(link.jid()).put(link.jid().resource(), link);
    }

    /** A session is gone, with goodbye or without: the server says so for it. */
    void leave(ClientLink link) {
        if (sessions(link.jid()).remove(link.jid().resource(), link)) {
            unavailable(link, Subscriptions.presence("unavailable", link.jid(), null));
        }
    }

    /** The server has died: nobody says goodbye. */
    void forgetSessions() {
        sessions.clear();
    }

    /** @param stanza with the session's full address as sender */
    void fromClient(ClientLink link, Stanza stanza) {
        Jid to = Jid.read(stanza.to()).orElse(null);
        boolean presence = stanza.kind() == Stanza.Kind.PRESENCE;
        if (stanza.to() == null && presence) {
            broadcast(link, stanza);
        } else if (stanza.to() == null) {
            services.answer(link, stanza);
        } else if (to == null) {
            bounce(stanza, "jid-malformed");
        } else if (Subscriptions.handles(stanza)) {
            subscriptions.outbound(stanza, link.jid(), to);
        } else if (stanza.kind() == Stanza.Kind.IQ
                && (isOurs(to) || to.equals(link.jid().bare()))) {
            services.answer(link, stanza);
        } else {
            if (presence && !subscriptions.roster(link.jid()).isWatcher(to)) {
                link.directed(to, stanza.type() == null);
            }
            deliver(stanza, to);
        }
    }

    /** Sends a stanza with valid addresses on its way. */
    void route(Stanza stanza) {
        Jid to = Jid.parse(stanza.to());
        if (Subscriptions.handles(stanza) && to.domain().equalsIgnoreCase(server.domain())) {
            subscriptions.inbound(stanza, Jid.parse(stanza.from()), to);
        } else if (stanza.kind() == Stanza.Kind.IQ && isOurs(to)) {
            services.answer(null, stanza);
        } else {
            deliver(stanza, to);
        }
    }

    private boolean isOurs(Jid to) {
        return to.local() == null && to.domain().equalsIgnoreCase(server.domain());
    }

    private void deliver(Stanza stanza, Jid to) {
        if (to.domain().equalsIgnoreCase(server.componentDomain())) {
            if (!server.toComponent(stanza)) {
                bounce(stanza, "remote-server-timeout");
            }
        } else if (!to.domain().equalsIgnoreCase(server.domain())) {
            bounce(stanza, "remote-server-not-found");
        } else if (to.isFull()) {
            ClientLink session = sessions(to).get(to.resource());
            if (session != null) {
                session.write(stanza);
            } else {
                bounce(stanza, "service-unavailable");
            }
        } else if (stanza.isRequest()) {
            services.answerFor(to, stanza);
        } else {
            List<ClientLink> there = stanza.kind() == Stanza.Kind.IQ ? List.of() : available(to);
            if (there.isEmpty()) {
                bounce(stanza, "service-unavailable");
            }
            there.forEach(session -> session.write(stanza));
        }
    }

    private void broadcast(ClientLink link, Stanza presence) {
        if ("unavailable".equals(presence.type())) {
            unavailable(link, presence);
            return;
        }
        if (presence.type() != null) {
            link.write(presence.error(LoopbackLink.error("bad-request")));
            return;
        }
        boolean initial = link.presence() == null;
        link.presence(presence);
        available(link.jid()).forEach(session -> to(session.jid(), link, presence));
        toWatchers(link, presence);
        if (initial) {
            greet(link);
        }
    }

    /** What a session is told, and others are asked, when it becomes available. */
    private void greet(ClientLink link) {
        Jid account = link.jid().bare();
        List<Roster.Contact> contacts =
                new ArrayList<>(subscriptions.roster(account).contacts().values());
        for (Roster.Contact contact : contacts) {
            if (contact.to) {
                route(Subscriptions.presence("probe", link.jid(), contact.jid()));
            }
        }
        for (ClientLink other : available(account)) {
            if (other != link) {
                to(link.jid(), other, other.presence());
            }
        }
        subscriptions.roster(account).pending().values().forEach(link::write);
        for (Roster.Contact contact : contacts) {
            if (contact.ask) {
                route(Subscriptions.presence("subscribe", account, contact.jid()));
            }
        }
    }

    private void unavailable(ClientLink link, Stanza presence) {
        boolean wasAvailable = link.presence() != null;
        link.presence(null);
        if (wasAvailable) {
            available(link.jid()).forEach(session -> to(session.jid(), link, presence));
            toWatchers(link, presence);
        }
        link.takeDirected().forEach(to -> to(to, link, presence));
    }

    private void toWatchers(ClientLink link, Stanza presence) {
        for (Roster.Contact contact :
                List.copyOf(subscriptions.roster(link.jid()).contacts().values())) {
            if (contact.from) {
                to(contact.jid(), link, presence);
            }
        }
    }

    private void to(Jid to, ClientLink link, Stanza presence) {
        deliver(LoopbackLink.addressed(presence, link.jid().toString(), to.toString()), to);
    }

    /** An error goes back for what may be answered (RFC 6120 §8.3.1); as with Prosody it echoes no payload. */
    void bounce(Stanza stanza, String condition) {
        boolean answered = stanza.kind() == Stanza.Kind.IQ
                ? stanza.isRequest()
                : stanza.kind() == Stanza.Kind.MESSAGE
                        && (stanza.type() == null
                                || stanza.type().equals("chat")
                                || stanza.type().equals("normal"));
        if (answered) {
            route(stanza.error(LoopbackLink.error(condition)));
        }
    }

    /** From now on this contact sees the account's presence. */
    void addWatcher(Jid account, Jid contact) {
        subscriptions.roster(account).contact(contact).from = true;
    }

    /** The sessions of an account that have sent their presence. */
    List<ClientLink> available(Jid account) {
        return sessions(account).values().stream()
                .filter(session -> session.presence() != null)
                .toList();
    }

    /** The sessions of an account that have asked for its roster. */
    List<ClientLink> interested(Jid account) {
        return sessions(account).values().stream()
                .filter(ClientLink::isInterested)
                .toList();
    }

    private Map<String, ClientLink> sessions(Jid account) {
        return sessions.computeIfAbsent(account.bare().key(), key -> new LinkedHashMap<>());
    }
}
