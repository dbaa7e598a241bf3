package org.clientproxy.proxy.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.clientproxy.proxy.answer.LocalQuestions;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pool.TargetPresence;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;

/**
 * Says what a stanza is to the proxy; the routes ask it by the predicates {@code is-request}, {@code is-reply} and so on.
 * Errors and results never have a role in which something is answered (RFC 6120 §8.2.3, §8.3.1).
 */
public final class StanzaRoles implements Adjustable {
    /** Whether the body of an exchange is a stanza of this role. */
    private final class Is implements Predicate {
        private final StanzaRole role;

        Is(StanzaRole role) {
            this.role = role;
        }

        @Override
        public boolean matches(Exchange exchange) {
            return exchange.getMessage().getBody() instanceof Stanza stanza && of(stanza) == role;
        }
    }

    private final Jid domain;
    private final Jid target;
    private final ReverseAddresses addresses;
    private final LocalQuestions localQuestions;
    private final boolean service;
    private final boolean relay;
    private boolean messages;
    // The stanza that was asked about last, and what it is.
    private @Nullable Stanza last;
    private StanzaRole lastRole = StanzaRole.IGNORED;

    public StanzaRoles(ProxySettings settings, ReverseAddresses addresses, LocalQuestions localQuestions) {
        this.domain = settings.domain();
        this.target = settings.target();
        this.addresses = addresses;
        this.localQuestions = localQuestions;
        this.service = settings.uses(PresenceUse.SERVICE);
        this.relay = settings.uses(PresenceUse.RELAY);
        adjust(settings);
    }

    @Override
    public void adjust(ProxySettings now) {
        messages = now.get(MessageKeys.MESSAGES);
        last = null;
    }

    public Predicate is(StanzaRole role) {
        return new Is(role);
    }

    /** What this stanza is. It is found out once, however many predicates ask in turn. On the loop. */
    public StanzaRole of(Stanza stanza) {
        if (stanza != last) {
            lastRole = switch (stanza.kind()) {
                case IQ -> ofIq(stanza);
                case PRESENCE -> ofPresence(stanza);
                case MESSAGE -> ofMessage(stanza);
            };
            last = stanza;
        }
        return lastRole;
    }

    private StanzaRole ofIq(Stanza iq) {
        if (iq.id() == null) {
            return StanzaRole.IGNORED;
        }
        if (iq.isReply()) {
            return StanzaRole.REPLY;
        }
        if (!iq.isRequest()) {
            return StanzaRole.IGNORED;
        }
        if (iq.children() != 1) {
            return StanzaRole.UNSUPPORTED;
        }
        ReverseAddresses.Meant meant = meant(iq);
        if (meant != null) {
            return meant.refusal() == null ? StanzaRole.REVERSE : StanzaRole.UNSUPPORTED;
        }
        return localQuestions.of(iq) == null ? StanzaRole.REQUEST : StanzaRole.ANSWERED_HERE;
    }

    /** The error with which an IQ request is refused for what it is; null where it is proxied, passed on or answered here. */
    @Nullable
    StanzaError refusal(Stanza iq) {
        if (iq.children() != 1) {
            return ProxyErrors.ONE_CHILD;
        }
        ReverseAddresses.Meant meant = meant(iq);
        return meant == null ? null : meant.refusal();
    }

    /**
     * What a session of the target sends to the address that stands for somebody else is meant for that one: were it proxied,
     * another session would answer in that one's name.
     */
    private ReverseAddresses.@Nullable Meant meant(Stanza iq) {
        return iq.fromJid().sameBare(target) ? addresses.meant(iq.fromJid(), iq.toJid()) : null;
    }

    private StanzaRole ofPresence(Stanza presence) {
        String type = presence.type();
        Jid to = presence.toJid();
        if (presence.fromJid().sameBare(target)) {
            if (TargetPresence.isToHost(presence, domain)) {
                return StanzaRole.TARGET_PRESENCE;
            }
        } else if (service && type != null && isOfService(type, to)) {
            return StanzaRole.SERVICE_PRESENCE;
        }
        if (relay && (type == null || type.equals("unavailable") || type.equals("error"))) {
            return StanzaRole.RELAYED_PRESENCE;
        }
        return "subscribe".equals(type) ? StanzaRole.UNSUPPORTED : StanzaRole.IGNORED;
    }

    /** Whether somebody's roster is about the bare proxy host; ejabberd passes on a resourcepart that means nothing. */
    private boolean isOfService(String type, Jid to) {
        return switch (type) {
            case "subscribe", "unsubscribe" -> to.sameBare(domain);
            case "probe" -> to.equals(domain);
            default -> false;
        };
    }

    /** Whether messages are passed on at all. */
    boolean passesMessages() {
        return messages;
    }

    private StanzaRole ofMessage(Stanza message) {
        if (!messages) {
            boolean silent = !PassedMessage.isAnswered(message) || "groupchat".equals(message.type());
            return silent ? StanzaRole.IGNORED : StanzaRole.UNSUPPORTED;
        }
        if (!message.fromJid().sameBare(target)) {
            return StanzaRole.MESSAGE;
        }
        if (messageRefusal(message) == null) {
            return StanzaRole.REVERSE_MESSAGE;
        }
        return PassedMessage.isAnswered(message) ? StanzaRole.UNSUPPORTED : StanzaRole.IGNORED;
    }

    /**
     * The error with which a message is refused for what it is; null where it is passed on. What a session of the target writes to
     * the proxy host itself goes to no other session: two that reply by themselves would talk to each other for ever.
     */
    @Nullable
    StanzaError messageRefusal(Stanza message) {
        if (!messages) {
            return ProxyErrors.NO_MESSAGES;
        }
        if (!message.fromJid().sameBare(target)) {
            return null;
        }
        ReverseAddresses.Meant meant = addresses.meantByMessage(message);
        return meant == null ? ProxyErrors.OWN_SESSION : meant.refusal();
    }
}
