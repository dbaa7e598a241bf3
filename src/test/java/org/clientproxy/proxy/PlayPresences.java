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
                presence("", resource, null, says(step.d() % 3 == 0 ? pick(SHOWS, step.c() / 4) : null, step));
            case 7, 8, 9, 10 -> presence("unavailable", resource, null);
            case 11 -> presence("error", resource, step.c() % 2 == 0 ? "available" : null);
            case 12, 13, 14 -> presence("subscribed", TARGET, null);
            case 15 -> presence("unavailable", TARGET, null);
            case 16 -> presence("unsubscribed", TARGET, null);
            case 17 -> presence("error", TARGET, step.c() % 2 == 0 ? "available" : null);
            case 18 -> presence(pick(List.of("subscribe", "probe", "unsubscribe"), step.c()), TARGET, null);
            default -> {
                // ejabberd's order of a session that is replaced.
                presence("", resource, null, says(null, step));
                presence("unavailable", resource, null);
            }
        }
    }

    /** The stream has got ready, and all goes well: the target accepts, and some are there. */
    void showUp(ModelStep step) {
        presence("subscribed", TARGET, null);
        for (String resource : RESOURCES) {
            if (step.b() % 5 < 3) {
                presence("", resource, null, says(null, step));
            }
        }
    }

    void presence(String type, String from, @Nullable String id) {
        presence(type, from, id, ModelPresence.PLAIN);
    }

    private void presence(String type, String from, @Nullable String id, ModelPresence says) {
        Stanza presence = StanzaXml.parse(
                Stanza.of(Stanza.Kind.PRESENCE, type.isEmpty() ? null : type, id, from, "proxy.example", says.xml())
                        .toXml());
        stage.model.presence(type, Jid.parse(from), id, says);
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
