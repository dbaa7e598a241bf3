package org.clientproxy.proxy;

import static org.clientproxy.proxy.PlayCast.RESOURCES;
import static org.clientproxy.proxy.PlayCast.TARGET;
import static org.clientproxy.proxy.PlayCast.pick;

import java.util.List;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** The steps in which the target and its sessions say to the proxy host who is there. */
final class PlayPresences {
    private static final List<String> SHOWS = List.of("dnd", "dnd", "dnd", "xa", "away", "chat");

    private final PlayStage stage;
    private final boolean limited;

    PlayPresences(PlayStage stage, ProxySettings settings) {
        this.stage = stage;
        this.limited = settings.get(WorkerKeys.MAX_PENDING_PER_RESOURCE) > 0
                || !settings.get(WorkerKeys.QUEUE_TIMEOUT).isZero();
    }

    void presence(ModelStep step) {
        if (!stage.isReady()) {
            return;
        }
        String resource = pick(RESOURCES, step.b());
        switch (step.a() % 20) {
            case 0, 1, 2, 3, 4, 5, 6 ->
                presence("", resource, says(step.d() % 3 == 0 ? pick(SHOWS, step.c() / 4) : null, step));
            case 7, 8, 9, 10 -> presence("unavailable", resource);
            case 11 -> presence("error", resource);
            case 12, 13, 14 -> presence("subscribed", TARGET);
            case 15 -> presence("unavailable", TARGET);
            case 16 -> presence("unsubscribed", TARGET);
            case 17 -> presence("error", TARGET);
            case 18 -> presence(pick(List.of("subscribe", "probe", "unsubscribe"), step.c()), TARGET);
            default -> {
                // ejabberd's order of a session that is replaced.
                presence("", resource, says(null, step));
                presence("unavailable", resource);
            }
        }
    }

    /** The stream has got ready, and all goes well: the target accepts, and some are there. */
    void showUp(ModelStep step) {
        presence("subscribed", TARGET);
        for (String resource : RESOURCES) {
            if (step.b() % 5 < 3) {
                presence("", resource, says(null, step));
            }
        }
    }

    void presence(String type, String from) {
        presence(type, from, ModelPresence.PLAIN);
    }

    private void presence(String type, String from, ModelPresence says) {
        Stanza presence = StanzaXml.parse(
                Stanza.of(Stanza.Kind.PRESENCE, type.isEmpty() ? null : type, null, from, "proxy.example", says.xml())
                        .toXml());
        stage.model.presence(type, Jid.parse(from), says);
        stage.receive(presence);
        stage.check();
    }

    private ModelPresence says(@Nullable String show, ModelStep step) {
        return new ModelPresence(show, wishes(step.c()), ModelCaps.pick(step.d() / 3));
    }

    /** Where there are capacities at all, most sessions want few requests at a time. */
    private int wishes(int random) {
        return limited ? random % 4 : 0;
    }
}
