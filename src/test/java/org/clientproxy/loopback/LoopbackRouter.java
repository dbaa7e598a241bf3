package org.clientproxy.loopback;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/** Where stanzas go: to sessions, to the component, or back (RFC 6120 §10, RFC 6121 §3, §4, §8). On the server's thread. */
final class LoopbackRouter {
    private final LoopbackServer server;
    private final LoopbackServer.Subscriptions subscriptions = new LoopbackServer.Subscriptions();
    private final Map<String, Map<String, ClientLink>> sessions = new HashMap<>();

    LoopbackRouter(LoopbackServer server) {
        this.server = server;
    }

    void join(ClientLink link) {
        ClientLink old = sessions(link.jid()).get(link.jid().resource());
        if (old != null) {
            leave(old);
            old.streamError("conflict");
        }
        sessions(link.jid()).put(link.jid().resource(), link);
    }

    void leave(ClientLink link) {
        if (sessions(link.jid()).remove(link.jid().resource(), link) && link.presence() != null) {
            unavailable(link, presence("unavailable", link.jid().toString(), null));
        }
    }

    void forgetSessions() {
        sessions.clear();
    }

    void fromClient(ClientLink link, Stanza stanza) {
        if (stanza.kind() == Stanza.Kind.PRESENCE && stanza.to() == null) {
            broadcast(link, stanza);
        } else if (stanza.to() == null) {
            toServer(stanza);
        } else {
            if (stanza.kind() == Stanza.Kind.PRESENCE
                    && (stanza.type() == null || "unavailable".equals(stanza.type()))) {
                Jid.read(stanza.to()).ifPresent(link.directed()::add);
            }
            route(stanza);
        }
    }

    void route(Stanza stanza) {
        Jid to = Jid.read(stanza.to()).orElse(null);
        if (to == null) {
            bounce(stanza, "jid-malformed");
        } else if (stanza.kind() == Stanza.Kind.PRESENCE && isSubscription(stanza)) {
            subscription(stanza, Jid.parse(stanza.from()).bare(), to.bare());
        } else {
            deliver(stanza, to);
        }
    }

    private void deliver(Stanza stanza, Jid to) {
        if (to.domain().equalsIgnoreCase(server.componentDomain())) {
            if (!server.toComponent(stanza)) {
                bounce(stanza, "remote-server-timeout");
            }
        } else if (!to.domain().equals(server.domain())) {
            bounce(stanza, "remote-server-not-found");
        } else if (to.local() == null) {
            toServer(stanza);
        } else if (to.isFull()) {
            ClientLink session = sessions(to).get(to.resource());
            if (session != null) {
                session.write(stanza);
            } else {
                bounce(stanza, "service-unavailable");
            }
        } else if (stanza.kind() == Stanza.Kind.IQ) {
            bounce(stanza, "service-unavailable");
        } else {
            available(to).forEach(session -> session.write(stanza));
        }
    }

    private void toServer(Stanza stanza) {
        if (!stanza.isRequest()) {
            return;
        }
        String content = new String(stanza.content(), StandardCharsets.UTF_8);
        Jid from = Jid.parse(stanza.from());
        if (content.contains("jabber:iq:roster")) {
            reply(stanza, "get".equals(stanza.type()) ? roster(from) : "");
        } else if (content.contains("http://jabber.org/protocol/disco#info")) {
            reply(
                    stanza,
                    "<query xmlns='http://jabber.org/protocol/disco#info'>"
                            + "<identity category='server' type='im' name='loopback'/></query>");
        } else if (content.contains("http://jabber.org/protocol/disco#items")) {
            reply(
                    stanza,
                    "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='" + server.componentDomain()
                            + "'/></query>");
        } else if (content.contains("urn:xmpp:ping") || content.contains("urn:ietf:params:xml:ns:xmpp-session")) {
            reply(stanza, "");
        } else {
            bounce(stanza, "service-unavailable");
        }
    }

    private String roster(Jid account) {
        StringBuilder items = new StringBuilder("<query xmlns='jabber:iq:roster'>");
        for (String watcher : subscriptions.watchers(account)) {
            items.append("<item jid='").append(watcher).append("' subscription='from'/>");
        }
        return items.append("</query>").toString();
    }

    private void broadcast(ClientLink link, Stanza presence) {
        if ("unavailable".equals(presence.type())) {
            if (link.presence() != null) {
                unavailable(link, presence);
            }
            return;
        }
        boolean initial = link.presence() == null;
        link.presence(presence);
        toWatchers(link, presence);
        if (initial) {
            for (ClientLink other : available(link.jid())) {
                if (other != link) {
                    link.write(LoopbackServer.addressed(
                            other.presence(), other.jid().toString(), link.jid().toString()));
                }
            }
            subscriptions.pending(link.jid()).values().forEach(link::write);
        }
    }

    private void unavailable(ClientLink link, Stanza presence) {
        link.presence(null);
        toWatchers(link, presence);
        for (Jid to : link.directed()) {
            deliver(LoopbackServer.addressed(presence, link.jid().toString(), to.toString()), to);
        }
        link.directed().clear();
    }

    private void toWatchers(ClientLink link, Stanza presence) {
        List<String> watchers = new ArrayList<>(subscriptions.watchers(link.jid()));
        watchers.add(link.jid().bare().key());
        for (String watcher : watchers) {
            deliver(LoopbackServer.addressed(presence, link.jid().toString(), watcher), Jid.parse(watcher));
        }
    }

    private static boolean isSubscription(Stanza presence) {
        String type = presence.type();
        return "subscribe".equals(type)
                || "subscribed".equals(type)
                || "unsubscribe".equals(type)
                || "unsubscribed".equals(type)
                || "probe".equals(type);
    }

    private void subscription(Stanza presence, Jid from, Jid to) {
        Stanza bare = LoopbackServer.addressed(presence, from.toString(), to.toString());
        boolean account = server.hasAccount(to);
        switch (presence.type()) {
            case "subscribe" -> {
                if (!to.domain().equals(server.domain())) {
                    deliver(bare, to);
                } else if (!account) {
                    deliver(presence("unsubscribed", to.toString(), from.toString()), from);
                } else if (subscriptions.isWatcher(to, from)) {
                    deliver(presence("subscribed", to.toString(), from.toString()), from);
                    sendPresences(to, from);
                } else {
                    subscriptions.pending(to).put(from.key(), bare);
                    available(to).forEach(session -> session.write(bare));
                    deliver(presence("unavailable", to.toString(), from.toString()), from);
                }
            }
            case "subscribed" -> {
                if (subscriptions.pending(from).remove(to.key()) != null) {
                    subscriptions.watchers(from).add(to.key());
                    deliver(bare, to);
                    sendPresences(from, to);
                }
            }
            case "unsubscribed" -> {
                subscriptions.pending(from).remove(to.key());
                subscriptions.watchers(from).remove(to.key());
                deliver(bare, to);
            }
            case "unsubscribe" -> {
                subscriptions.watchers(to).remove(from.key());
                deliver(bare, to);
            }
            default -> {
                if (subscriptions.isWatcher(to, from)) {
                    sendPresences(to, from);
                } else if (account) {
                    subscriptions.pending(to).remove(from.key());
                    deliver(presence("unsubscribed", to.toString(), from.toString()), from);
                } else {
                    deliver(presence, to);
                }
            }
        }
    }

    private void sendPresences(Jid of, Jid to) {
        List<ClientLink> there = available(of);
        for (ClientLink session : there) {
            deliver(LoopbackServer.addressed(session.presence(), session.jid().toString(), to.toString()), to);
        }
        if (there.isEmpty()) {
            deliver(presence("unavailable", of.toString(), to.toString()), to);
        }
    }

    private void reply(Stanza request, String child) {
        String from = request.to() == null ? server.domain() : request.to();
        deliver(
                Stanza.of(Stanza.Kind.IQ, "result", request.id(), from, request.from(), child),
                Jid.parse(request.from()));
    }

    /** An error goes back for what may be answered (RFC 6120 §8.3.1). */
    private void bounce(Stanza stanza, String condition) {
        boolean answered = stanza.kind() == Stanza.Kind.IQ
                ? stanza.isRequest()
                : stanza.kind() == Stanza.Kind.MESSAGE && !"error".equals(stanza.type());
        if (answered) {
            Stanza error = stanza.error(LoopbackServer.error(condition));
            deliver(error, Jid.parse(stanza.from()));
        }
    }

    private List<ClientLink> available(Jid account) {
        List<ClientLink> there = new ArrayList<>();
        for (ClientLink session : sessions(account).values()) {
            if (session.presence() != null) {
                there.add(session);
            }
        }
        return there;
    }

    private Map<String, ClientLink> sessions(Jid account) {
        return sessions.computeIfAbsent(account.bare().key(), key -> new LinkedHashMap<>());
    }

    private static Stanza presence(String type, String from, String to) {
        return Stanza.of(Stanza.Kind.PRESENCE, type, null, from, to, "");
    }
}
