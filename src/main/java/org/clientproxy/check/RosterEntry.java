package org.clientproxy.check;

import java.util.Set;
import java.util.UUID;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Whether the target's roster lets the proxy host see who is there. It is asked what the account can, which servers answer in
 * earnest to those only who may see its presence (XEP-0030 §8). A probe would show it as well; but where a request to subscribe
 * still waits for the account, Prosody forgets that at a probe. One use.
 */
final class RosterEntry {
    /** What is known of it. */
    enum Knowledge {
        THERE,
        NOT_THERE,
        /** No request reaches the account's server. */
        OUT_OF_REACH,
        /** The server does not say; a probe will show it. */
        UNKNOWN
    }

    private static final String QUERY = "<query xmlns='" + Namespaces.DISCO_INFO + "'/>";
    private static final Set<Condition> OUT_OF_REACH =
            Set.of(Condition.REMOTE_SERVER_NOT_FOUND, Condition.REMOTE_SERVER_TIMEOUT);

    private final Dialogue dialogue;
    private final Jid target;
    private final Jid domain;
    private final Limits limits;
    private @Nullable String said;

    RosterEntry(Dialogue dialogue, ProxySettings settings, Limits limits) {
        this.dialogue = dialogue;
        this.target = settings.target();
        this.domain = settings.domain();
        this.limits = limits;
    }

    Knowledge ask() throws InterruptedException {
        Stanza answer = ask(target);
        if (answer == null) {
            return Knowledge.UNKNOWN;
        } else if (isResult(answer)) {
            return Knowledge.THERE;
        }
        Condition condition = condition(answer);
        if (condition == Condition.SUBSCRIPTION_REQUIRED) {
            return Knowledge.NOT_THERE;
        } else if (OUT_OF_REACH.contains(condition)) {
            return Knowledge.OUT_OF_REACH;
        }
        return compare(condition);
    }

    /** A server may refuse the question for reasons of its own, but not in the same words to those who may ask and to others. */
    private Knowledge compare(Condition condition) throws InterruptedException {
        Jid server = Jid.parse(target.domain());
        // No such account lets anybody see anything.
        Stanza stranger = ask(Jid.parse("check-" + UUID.randomUUID() + '@' + server));
        if (stranger != null && !isResult(stranger) && condition(stranger) != condition) {
            return Knowledge.THERE;
        }
        Stanza ofServer = ask(server);
        if (ofServer != null && isResult(ofServer)) {
            // It knows the question, and keeps the answer of the account from us.
            return Knowledge.NOT_THERE;
        }
        said = condition.xmlName();
        return Knowledge.UNKNOWN;
    }

    private @Nullable Stanza ask(Jid whom) throws InterruptedException {
        return dialogue.ask(whom, QUERY, limits.answer());
    }

    private static boolean isResult(Stanza answer) {
        return "result".equals(answer.type());
    }

    private static Condition condition(Stanza answer) {
        StanzaError error = StanzaXml.errorOf(answer);
        return error == null ? Condition.UNDEFINED_CONDITION : error.condition();
    }

    Finding there() {
        return Finding.ok(Matter.ROSTER, target + " lets " + domain + " see who is there");
    }

    Finding notThere() {
        return Finding.wrong(
                Matter.ROSTER,
                target + " does not let " + domain + " see who is there, or there is no such account."
                        + " Start the proxy, which asks for it, and accept its request in a session of the account; or let the"
                        + " server say so, by one command (docs/servers.md)"
                        + (said == null ? "" : ". The server answered: " + said));
    }

    Finding outOfReach() {
        return Finding.wrong(
                Matter.ROSTER,
                "the server does not reach " + target.domain()
                        + ", the domain of the account. Correct proxy.target, or the server's connections to other servers");
    }
}
