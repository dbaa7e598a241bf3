package org.clientproxy.loopback;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/**
 * Who may see whose presence: subscription stanzas and probes, handled as Prosody 0.12 handles them (RFC 6121 §3, §4.3).
 * On the server's thread.
 */
final class Subscriptions {
    private static final Set<String> TYPES = Set.of("subscribe", "subscribed", "unsubscribe", "unsubscribed", "probe");

    private final LoopbackServer server;
    private final LoopbackRouter router;
    private final Map<String, Roster> rosters = new HashMap<>();

    Subscriptions(LoopbackServer server, LoopbackRouter router) {
        this.server = server;
        this.router = router;
    }

    static boolean handles(Stanza stanza) {
        return stanza.kind() == Stanza.Kind.PRESENCE && stanza.type() != null && TYPES.contains(stanza.type());
    }

    Roster roster(Jid account) {
        return rosters.computeIfAbsent(account.bare().key(), key -> new Roster());
    }

    /** One of our accounts sends. */
    void outbound(Stanza presence, Jid from, Jid to) {
        if (from.sameBare(to)) {
            return;
        }
        Roster roster = roster(from);
        Stanza bare = between(presence, from.bare(), to.bare());
        switch (presence.type()) {
            case "subscribe" -> {
                Roster.Contact contact = roster.contact(to);
                contact.ask = !contact.to;
                push(from, contact);
                pass(bare);
            }
            case "unsubscribe" -> {
                Roster.Contact contact = roster.contact(to);
                contact.ask = false;
                contact.to = false;
                push(from, contact);
                pass(bare);
            }
            case "subscribed" -> {
                if (roster.pending().remove(to.bare().key()) != null) {
                    Roster.Contact contact = roster.contact(to);
                    contact.from = true;
                    push(from, contact);
                }
                // Without a request this allows nothing and is not passed on.
                if (roster.isWatcher(to)) {
                    pass(bare);
                    sendPresences(from, to.bare());
                }
            }
            case "unsubscribed" -> cancel(bare, from, to);
            default -> pass(presence);
        }
    }

    private void cancel(Stanza unsubscribed, Jid from, Jid to) {
        Roster roster = roster(from);
        boolean waited = roster.pending().remove(to.bare().key()) != null;
        boolean watched = roster.isWatcher(to);
        if (watched) {
            Roster.Contact contact = roster.contact(to);
            contact.from = false;
            push(from, contact);
        }
        if (waited || watched) {
            pass(unsubscribed);
        }
        if (watched) {
            for (ClientLink session : router.available(from)) {
                pass(presence("unavailable", session.jid(), to.bare()));
            }
        }
    }

    /** One of our accounts is sent to. */
    void inbound(Stanza presence, Jid from, Jid to) {
        Jid account = to.bare();
        if (!server.hasAccount(account)) {
            return;
        }
        Roster roster = roster(account);
        Stanza bare = between(presence, from.bare(), account);
        Roster.Contact contact = roster.contacts().get(from.bare().key());
        switch (presence.type()) {
            case "subscribe" -> subscribe(bare, from.bare(), account);
            case "subscribed" -> {
                if (contact != null && contact.ask) {
                    contact.ask = false;
                    contact.to = true;
                    tell(account, contact, bare);
                }
            }
            case "unsubscribe" -> {
                boolean waited = roster.pending().remove(from.bare().key()) != null;
                if (contact != null && contact.from) {
                    contact.from = false;
                    tell(account, contact, bare);
                } else if (waited) {
                    router.interested(account).forEach(session -> session.write(bare));
                }
            }
            case "unsubscribed" -> {
                if (contact != null && (contact.ask || contact.to)) {
                    contact.ask = false;
                    contact.to = false;
                    tell(account, contact, bare);
                }
            }
            default -> {
                if (roster.isWatcher(from) || from.sameBare(account)) {
                    answerProbe(account, from);
                } else {
                    // Prosody forgets the request that may be waiting.
                    roster.pending().remove(from.bare().key());
                    pass(presence("unsubscribed", account, from.bare()));
                }
            }
        }
    }

    private void subscribe(Stanza subscribe, Jid from, Jid account) {
        Roster roster = roster(account);
        if (roster.isWatcher(from)) {
            pass(presence("subscribed", account, from));
            answerProbe(account, from);
            return;
        }
        // The mere acknowledgement of a request that waits now.
        pass(presence("unavailable", account, from));
        if (roster.pending().putIfAbsent(from.key(), subscribe) == null) {
            router.available(account).forEach(session -> session.write(subscribe));
        }
    }

    private void answerProbe(Jid account, Jid to) {
        if (sendPresences(account, to) == 0) {
            pass(presence("unavailable", account, to));
        }
    }

    private int sendPresences(Jid account, Jid to) {
        List<ClientLink> sessions = router.available(account);
        for (ClientLink session : sessions) {
            pass(between(session.presence(), session.jid(), to));
        }
        return sessions.size();
    }

    private void tell(Jid account, Roster.Contact contact, Stanza presence) {
        router.interested(account).forEach(session -> session.write(presence));
        push(account, contact);
    }

    /** Tells the sessions that asked for the roster what has become of a contact (RFC 6121 §2.1.6). */
    void push(Jid account, Roster.Contact contact) {
        push(account, contact.item());
    }

    void push(Jid account, String item) {
        for (ClientLink session : router.interested(account)) {
            session.write(Stanza.of(
                    Stanza.Kind.IQ,
                    "set",
                    LoopbackLink.newId(),
                    null,
                    session.jid().toString(),
                    "<query xmlns='jabber:iq:roster'>" + item + "</query>"));
        }
    }

    private void pass(Stanza presence) {
        router.route(presence);
    }

    private static Stanza between(Stanza presence, Jid from, Jid to) {
        return LoopbackLink.addressed(presence, from.toString(), to.toString());
    }

    static Stanza presence(String type, Jid from, Jid to) {
        return Stanza.of(Stanza.Kind.PRESENCE, type, null, from.toString(), to == null ? null : to.toString(), "");
    }
}
