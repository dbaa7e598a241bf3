package org.clientproxy.proxy;

import static org.clientproxy.proxy.PlayCast.pick;

import java.util.List;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;

/** The steps in which somebody who was asked replies, or somebody else in that one's name. */
final class PlayReplies {
    private final PlayStage stage;
    private final PlayPresences presences;

    PlayReplies(PlayStage stage, PlayPresences presences) {
        this.stage = stage;
        this.presences = presences;
    }

    /** A resource replies to a request. */
    void reply(ModelStep step, boolean forged) {
        List<Stanza> forwarded = stage.heard.forwarded;
        if (!stage.isReady() || forwarded.isEmpty()) {
            return;
        }
        // Mostly of the last ones, for they are open most likely.
        int back = step.a() % 4 == 0 ? step.b() % forwarded.size() : step.b() % Math.min(6, forwarded.size());
        ModelReply kind = step.c() % 3 == 0 ? ModelReply.RESULT : pick(List.of(ModelReply.values()), step.c() / 3);
        reply(step, forged, forwarded.get(forwarded.size() - 1 - back), kind);
    }

    /** A requester whom a session asked answers. */
    void answer(ModelStep step) {
        List<Stanza> asked = stage.heard.asked;
        if (stage.isReady() && !asked.isEmpty()) {
            int back = step.a() % 4 == 0 ? step.b() % asked.size() : step.b() % Math.min(3, asked.size());
            ModelReply kind = pick(List.of(ModelReply.values()), step.c() / 3);
            reply(step, step.c() % 3 == 0, asked.get(asked.size() - 1 - back), kind);
        }
    }

    /** A bounce at a time that matters, and the leave that explains it. */
    void bounce(ModelStep step) {
        List<Stanza> forwarded = stage.heard.forwarded;
        if (!stage.isReady() || forwarded.isEmpty()) {
            return;
        }
        Stanza last = forwarded.get(forwarded.size() - 1);
        stage.pass(PlayStage.GRID * List.of(0, 19, 20, 21, 40).get(step.a() % 5));
        boolean leavesFirst = step.b() % 3 == 0;
        if (leavesFirst) {
            presences.presence("unavailable", last.to());
        }
        reply(step, false, last, step.c() % 4 == 0 ? ModelReply.RECIPIENT_UNAVAILABLE : ModelReply.SERVICE_UNAVAILABLE);
        stage.check();
        stage.pass(PlayStage.GRID * (step.d() / 16 % 2));
        if (!leavesFirst && step.d() % 4 != 0) {
            presences.presence("unavailable", last.to());
        }
    }

    private void reply(ModelStep step, boolean forged, Stanza to, ModelReply kind) {
        String from = to.to();
        String wireFrom = to.from();
        String id = to.id();
        if (forged) {
            switch (step.d() % 8) {
                case 0 -> from = pick(step.d() / 8 % 2 == 0 ? PlayCast.RESOURCES : PlayCast.REQUESTERS, step.d() / 16);
                case 1 -> from = pick(PlayCast.STRANGERS, step.d() / 8);
                case 2 -> id = pick(PlayCast.IDS, step.d() / 8);
                case 3 -> id = id + 'x';
                case 4 -> wireFrom = "proxy.example/" + pick(stage.wire.tokens(), step.d() / 8);
                case 5 -> wireFrom = almost(wireFrom, step.d() / 8 % 2 == 0 ? "" : "!");
                case 6 -> wireFrom = step.d() / 8 % 2 == 0 ? "proxy.example" : "other@" + wireFrom.replace("node@", "");
                // The same address in another form, which is right.
                default -> {
                    from = from.replace("worker@some", "Worker@SOME");
                    wireFrom = wireFrom.replace("proxy.example", "Proxy.Example");
                }
            }
        }
        StringBuilder xml =
                new StringBuilder("<iq xml:lang='fr' type='" + kind.type + "' to='" + wireFrom + "' from='");
        XmlText.escape(from, xml);
        xml.append("' id='");
        XmlText.escape(id, xml);
        xml.append("'>").append(kind.content(stage.serial())).append("</iq>");
        Stanza reply = StanzaXml.parse(xml.toString());
        stage.model.reply(reply, kind);
        stage.receive(reply);
    }

    /** Another address, of which one character is another. */
    private static String almost(String address, String last) {
        String shorter = address.substring(0, address.length() - 1);
        return shorter.contains("/") && !shorter.endsWith("/") ? shorter + last : "proxy.example/y" + last;
    }
}
