package org.clientproxy.proxy;

import static org.clientproxy.proxy.PlayCast.pick;

import java.util.Arrays;
import java.util.List;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;
import org.jspecify.annotations.Nullable;

/** The steps with presence that is not the pool's: of users to the proxy host, and of sessions of the target to users. */
final class PlayUsers {
    private static final List<@Nullable String> USERS_TYPES = Arrays.asList(
            null,
            null,
            null,
            "unavailable",
            "unavailable",
            "error",
            "subscribe",
            "subscribe",
            "probe",
            "unsubscribe",
            "subscribed",
            "unsubscribed");
    private static final List<@Nullable String> SESSIONS_TYPES =
            Arrays.asList(null, null, null, null, "unavailable", "error", "probe", "unsubscribe");

    private final PlayStage stage;
    private String shownBy = "";
    private String shownTo = "";

    PlayUsers(PlayStage stage) {
        this.stage = stage;
    }

    /** A user sends presence to the proxy host. */
    void user(ModelStep step) {
        String user = pick(PlayCast.REQUESTERS, step.a());
        if (!user.startsWith(PlayCast.TARGET)) {
            say(pick(USERS_TYPES, step.c()), user, pick(PlayCast.USED, step.b()));
        }
    }

    /** A session of the target sends presence to a user, or to what stands for nobody. */
    void show(ModelStep step) {
        List<String> tokens = stage.wire.tokens();
        String token = tokens.isEmpty() || step.b() % 8 == 0 ? PlayCast.FOREIGN_TOKEN : pick(tokens, step.d());
        String to = step.b() % 8 == 1 ? PlayCast.REACHED_BY_NAME : "proxy.example/" + token;
        String session = step.d() % 20 == 0 ? PlayCast.TARGET : pick(PlayCast.SESSIONS, step.a());
        if (shownTo.isEmpty() || step.b() / 8 % 2 == 0) {
            shownBy = session;
            shownTo = to;
        }
        // Often it is the same two again.
        say(pick(SESSIONS_TYPES, step.c()), shownBy, shownTo);
    }

    private void say(@Nullable String type, String from, String to) {
        if (!stage.isReady()) {
            return;
        }
        StringBuilder xml = new StringBuilder("<presence to='").append(to).append('\'');
        if (type != null) {
            xml.append(" type='").append(type).append('\'');
        }
        xml.append(" from='");
        XmlText.escape(from, xml);
        xml.append("'><status>").append(stage.serial()).append("</status></presence>");
        Stanza presence = StanzaXml.parse(xml.toString());
        stage.model.userPresence(presence);
        stage.receive(presence);
    }
}
