package org.clientproxy.proxy;

import static org.clientproxy.proxy.PlayCast.RESOURCES;
import static org.clientproxy.proxy.PlayCast.TARGET;
import static org.clientproxy.proxy.PlayCast.pick;

import java.util.List;
import java.util.Locale;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.ReverseKeys;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** The steps with stanzas that are refused, or met with silence, whatever has happened before. */
final class PlayNoise {
    private final PlayStage stage;
    private final boolean reaches;
    private final boolean talk;

    PlayNoise(PlayStage stage, ProxySettings settings) {
        this.stage = stage;
        this.talk = settings.get(MessageKeys.MESSAGES);
        this.reaches = settings.get(ReverseKeys.REVERSE)
                && !settings.get(ReverseKeys.REACH).isEmpty();
    }

    void noise(ModelStep step) {
        if (!stage.isReady()) {
            return;
        }
        List<String> tokens = stage.wire.tokens();
        String requester = pick(PlayCast.REQUESTERS, step.a());
        String from = requester.equals(RESOURCES.get(0)) ? TARGET + "/z" : requester;
        String to = pick(PlayCast.USED, step.b());
        String token = tokens.isEmpty() ? null : pick(tokens, step.d());
        int kind = step.c() % 12;
        if (talk && kind >= 4 && kind <= 7) {
            // What is noise elsewhere, and is passed on here.
            return;
        }
        switch (kind) {
            case 0 -> noise("iq", "get", "1", from, to, "", "malformed-request");
            case 1 -> noise("iq", "set", "1", from, to, "<a/><b/>", "malformed-request");
            case 2 -> noise("iq", "get", null, from, to, "<a/>", null);
            case 3 -> noise("iq", "probe", "1", from, to, "<a/>", null);
            case 4 -> noise("message", null, "1", from, to, "<body>x</body>", "no-messages");
            case 5 -> noise("message", "error", "1", from, to, "", null);
            case 6 -> {
                if (!from.startsWith(TARGET)) {
                    noise("presence", "subscribe", "1", from, to, "", "unsubscribed");
                    noise("presence", null, null, from, to, "", null);
                    noise("presence", "unavailable", null, from, to, "", null);
                }
            }
            case 7 -> {
                for (String type : List.of("unavailable", "error", "probe")) {
                    noise("presence", type, "1", pick(RESOURCES, step.a()), to(step, token), "", null);
                }
                noise("presence", null, "1", pick(RESOURCES, step.a()), to(step, token), "", null);
            }
            case 8 ->
                noise(
                        "iq",
                        "set",
                        "1",
                        RESOURCES.get(0),
                        "x\\40@proxy.example",
                        "<a/>",
                        reaches ? "bad-name" : "not-reachable");
            case 9 ->
                noise(
                        "iq",
                        "get",
                        "1",
                        TARGET + "/z",
                        "proxy.example/" + PlayCast.FOREIGN_TOKEN,
                        "<a/>",
                        "unknown-token");
            default -> {
                // Nobody is reached who is not named, and by nobody but a session of the target.
                String name = "mallory\\40other.example@proxy.example";
                noise("iq", "get", "1", RESOURCES.get(0), name, "<a/>", "not-reachable");
            }
        }
    }

    /** An address that stands for a requester. */
    private static String to(ModelStep step, @Nullable String token) {
        return step.d() % 2 == 0 || token == null ? PlayCast.REACHED_BY_NAME : "proxy.example/" + token;
    }

    private void noise(
            String kind,
            @Nullable String type,
            @Nullable String id,
            String from,
            String to,
            String content,
            @Nullable String refusal) {
        Stanza parsed = StanzaXml.parse(
                Stanza.of(Stanza.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), type, id, from, to, content)
                        .toXml());
        stage.model.refusable(parsed, refusal);
        stage.receive(parsed);
        stage.check();
    }
}
