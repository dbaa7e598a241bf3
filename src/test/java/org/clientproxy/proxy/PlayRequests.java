package org.clientproxy.proxy;

import static org.clientproxy.proxy.PlayCast.pick;

import java.util.List;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.ReverseKeys;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/** The steps in which somebody asks: a requester the proxy host, or a session of the target a requester. */
final class PlayRequests {
    private final PlayStage stage;
    private final boolean reverse;
    private final List<Jid> reach;

    PlayRequests(PlayStage stage, ProxySettings settings) {
        this.stage = stage;
        this.reverse = settings.get(ReverseKeys.REVERSE);
        this.reach = settings.get(ReverseKeys.REACH);
    }

    void request(ModelStep step) {
        if (!stage.isReady()) {
            return;
        }
        List<String> tokens = stage.wire.tokens();
        String used = pick(PlayCast.USED, step.b());
        if (step.d() % 16 == 0 && !tokens.isEmpty() && step.a() % PlayCast.REQUESTERS.size() != 5) {
            used = "proxy.example/" + pick(tokens, step.d() / 16);
        }
        String id = pick(PlayCast.IDS, step.c());
        String extra = step.d() % 3 == 0 ? " xml:lang='he' xmlns:x='urn:x' x:y='&lt;&#10;'" : "";
        Stanza request = StanzaXml.parse("<iq" + extra + " type='" + (step.d() % 2 == 0 ? "get" : "set") + "' id=\""
                + id
                + "\" from=\"" + pick(PlayCast.REQUESTERS, step.a()) + "\" to='" + used + "'><q xmlns='"
                + pick(PlayCast.NAMESPACES, step.c() / 8) + "' n='" + stage.serial()
                + "'>&amp;\u05d0<b xmlns=''/></q></iq>");
        boolean ofTarget = request.fromJid().sameBare(Jid.parse(PlayCast.TARGET));
        ModelAddressees.Meant meant = ofTarget ? stage.model.addressees().meant(request.toJid()) : null;
        if (meant == null) {
            stage.model.request(request);
        } else {
            // Where addresses stand for themselves, so does whatever may be one.
            stage.model.asks(request, new ModelReverse.Meant(meant.to(), meant.from()), meant.refusal());
        }
        stage.receive(request);
    }

    /** A session of the target asks somebody who has written, by the token, or somebody by name. */
    void ask(ModelStep step) {
        List<String> tokens = stage.wire.tokens();
        if (!stage.isReady() || tokens.isEmpty()) {
            return;
        }
        String session = pick(PlayCast.SESSIONS, step.a());
        String token = pick(tokens, step.d());
        List<String> owner = stage.wire.owner(token);
        boolean byName = !reach.isEmpty() && step.d() / 64 % 8 == 0;
        String to = byName ? PlayCast.REACHED_BY_NAME : "proxy.example/" + token;
        Jid asks = Jid.parse(byName ? PlayCast.REACHED : owner.get(0));
        ModelReverse.Meant meant = new ModelReverse.Meant(asks, Jid.parse(byName ? "proxy.example" : owner.get(1)));
        ModelAddressees addressees = stage.model.addressees();
        boolean known = reverse && addressees.isKnown(token) || !addressees.mustHaveWritten(token);
        String refusal = byName || known ? null : "unknown-token";
        if (refusal == null && !reverse) {
            refusal = byName ? "not-reachable" : "no-reverse-requests";
        }
        Stanza request = StanzaXml.parse("<iq xml:lang='he' type='" + (step.b() % 2 == 0 ? "get" : "set") + "' id=\""
                + pick(PlayCast.IDS, step.c()) + "\" from=\"" + session + "\" to='" + to + "'><asks xmlns='urn:q' n='"
                + stage.serial() + "'>&amp;</asks></iq>");
        stage.model.asks(request, meant, refusal);
        stage.receive(request);
    }
}
