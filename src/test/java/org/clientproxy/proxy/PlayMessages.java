package org.clientproxy.proxy;

import static org.clientproxy.proxy.PlayCast.pick;

import java.util.Arrays;
import java.util.List;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;
import org.jspecify.annotations.Nullable;

/** The steps in which somebody writes, or what was written is given back. */
final class PlayMessages {
    private static final List<@Nullable String> TYPES =
            Arrays.asList("chat", "chat", "chat", null, "normal", "groupchat", "headline", "nonsense", "error");
    private static final List<@Nullable String> IDS = Arrays.asList("1", "1", "2", "", null, "\u05d0 '");

    private final PlayStage stage;

    PlayMessages(PlayStage stage) {
        this.stage = stage;
    }

    /** A requester writes to the proxy host. */
    void message(ModelStep step) {
        String requester = pick(PlayCast.REQUESTERS, step.a());
        if (!requester.startsWith(PlayCast.TARGET)) {
            String to = step.d() % 16 == 0 ? "proxy.example/" + PlayCast.FOREIGN_TOKEN : pick(PlayCast.USED, step.b());
            say(pick(TYPES, step.c()), pick(IDS, step.d()), requester, to);
        }
    }

    /** A session of the target writes to somebody, there or not, or to nobody; or the account itself. */
    void write(ModelStep step) {
        List<String> tokens = stage.wire.tokens();
        String session = step.d() % 20 == 0 ? PlayCast.TARGET : pick(PlayCast.SESSIONS, step.a());
        String to =
                switch (step.b() % 16) {
                    case 0 -> "proxy.example/" + PlayCast.FOREIGN_TOKEN;
                    case 1 -> pick(PlayCast.USED, step.a());
                    case 2 -> "mallory\\40other.example@proxy.example";
                    case 3 -> "x\\40@proxy.example";
                    case 4, 5 -> PlayCast.REACHED_BY_NAME;
                    case 6 -> PlayCast.REACHED_BY_NAME + "/phone";
                    default -> tokens.isEmpty() ? "proxy.example" : "proxy.example/" + pick(tokens, step.b() / 16);
                };
        say(pick(TYPES, step.c()), pick(IDS, step.d()), session, to);
    }

    /** A server gives a message back, for its session has gone; or somebody else does in its name. */
    void giveBack(ModelStep step) {
        List<Stanza> messages = stage.heard.messages;
        if (messages.isEmpty()) {
            return;
        }
        Stanza message = messages.get(messages.size() - 1 - step.a() % Math.min(6, messages.size()));
        String from = message.to();
        String to = message.from();
        switch (step.b() % 8) {
            case 0 -> from = pick(PlayCast.STRANGERS, step.c());
            case 1 -> from = pick(step.d() % 2 == 0 ? PlayCast.RESOURCES : PlayCast.REQUESTERS, step.c());
            case 2 -> to = pick(PlayCast.USED, step.c());
            default -> {
                // It is the right one.
            }
        }
        say("error", message.id(), from, to);
    }

    private void say(@Nullable String type, @Nullable String id, String from, String to) {
        if (!stage.isReady()) {
            return;
        }
        StringBuilder xml = new StringBuilder("<message xml:lang='he'");
        attribute("type", type, xml);
        attribute("id", id, xml);
        attribute("from", from, xml);
        attribute("to", to, xml);
        xml.append("><body>").append(stage.serial()).append("&amp;\u05d0</body>");
        if ("error".equals(type)) {
            xml.append(
                    "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
        }
        Stanza message = StanzaXml.parse(xml.append("</message>").toString());
        stage.model.message(message);
        stage.receive(message);
    }

    private static void attribute(String name, @Nullable String value, StringBuilder xml) {
        if (value != null) {
            xml.append(' ').append(name).append("='");
            XmlText.escape(value, xml);
            xml.append('\'');
        }
    }
}
