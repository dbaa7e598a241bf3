package org.clientproxy.proxy;

import java.util.ArrayList;
import java.util.List;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** What the proxy has sent in the random runs of one search that somebody may answer: the last of each kind. */
final class PlayHeard {
    private static final int REMEMBERED = 64;

    /** What went to the resources, of an earlier start too. */
    final List<Stanza> forwarded = new ArrayList<>();

    /** What sessions of the target asked requesters, as those got it. */
    final List<Stanza> asked = new ArrayList<>();

    /** What the proxy asked sessions of itself, and had no answer to. */
    final List<Stanza> questions = new ArrayList<>();

    /** The messages that were passed on, to whomever. */
    final List<Stanza> messages = new ArrayList<>();

    /** The next proxy starts: of this one's questions it knows nothing, and nobody was asked for it. */
    void begin() {
        asked.clear();
        questions.clear();
    }

    void sent(Stanza stanza, StanzaNotSentException.@Nullable Reason refused, ReferenceModel model) {
        if (model.isQuestion(stanza)) {
            questions.add(stanza);
        } else if (stanza.kind() == Stanza.Kind.MESSAGE && !"error".equals(stanza.type())) {
            remember(stanza, messages);
        } else if (stanza.isRequest() && refused == null) {
            remember(stanza, model.reverse().isAsked(stanza) ? asked : forwarded);
        }
    }

    private static void remember(Stanza stanza, List<Stanza> among) {
        among.add(stanza);
        if (among.size() > REMEMBERED) {
            among.remove(0);
        }
    }
}
