package org.clientproxy.proxy;

import static org.clientproxy.proxy.PlayCast.pick;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;

/** The steps in which a session says what it can, mostly in truth, or somebody in its name. */
final class PlayAnnouncements {
    private final PlayStage stage;

    PlayAnnouncements(PlayStage stage) {
        this.stage = stage;
    }

    void announce(ModelStep step) {
        List<Stanza> questions = stage.heard.questions;
        if (!stage.isReady() || questions.isEmpty()) {
            return;
        }
        Stanza question = pick(questions, step.a());
        ModelAnnouncement says =
                step.c() % 2 == 0 ? honest(question, step.d()) : pick(List.of(ModelAnnouncement.values()), step.d());
        switch (step.b() % 16) {
            case 0 -> announce(question, says, pick(PlayCast.RESOURCES, step.c()), question.id());
            case 1 -> announce(question, says, question.to(), pick(PlayCast.IDS, step.c()));
            case 2 -> announce(question, says, "mallory@evil.example/x", question.id());
            default -> announce(question, says, question.to(), question.id());
        }
    }

    /** Whoever was asked so far says the truth. */
    void announceAll(ModelStep step) {
        for (Stanza question : List.copyOf(stage.heard.questions)) {
            announce(question, honest(question, step.d() / 3), question.to(), question.id());
        }
    }

    /** What the hash in the question stands for; anything where there is none. */
    private static ModelAnnouncement honest(Stanza question, int random) {
        String asked = new String(question.content(), StandardCharsets.UTF_8);
        for (ModelAnnouncement each : ModelAnnouncement.values()) {
            if (each.features != null && asked.contains(ModelCaps.hashOf(each.features))) {
                return each;
            }
        }
        return random % 2 == 0 ? ModelAnnouncement.OLD : ModelAnnouncement.NEW;
    }

    private void announce(Stanza question, ModelAnnouncement says, String from, String id) {
        Stanza reply = StanzaXml.parse(Stanza.of(Stanza.Kind.IQ, says.type(), id, from, question.from(), says.content())
                .toXml());
        if (from.equals(question.to()) && id.equals(question.id())) {
            stage.heard.questions.remove(question);
        }
        stage.model.announces(reply, says);
        stage.receive(reply);
        stage.check();
    }
}
