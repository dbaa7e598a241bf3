package org.clientproxy.stream;
import org.clientproxy.xml.SkipReason;

import org.clientproxy.xmpp.LogLimit;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a stanza that is too much to be read whole, or to be answered: a request gets an error that is sure to fit,
 * a reply is replaced by an error that stands for it. Used on the loop only.
 */
final class SkippedStanzas {
    private static final Logger LOG = LoggerFactory.getLogger(SkippedStanzas.class);

    /** More octets than any error of ours has beside what it repeats of its request. */
    static final int ERROR_ROOM = 1024;

    private final String stream;
    private final int maxStanzaSize;
    private final LogLimit warnings;

    SkippedStanzas(StreamSettings settings, StreamLoop loop) {
        this.stream = settings.toString();
        this.maxStanzaSize = settings.maxStanzaSize();
        this.warnings = new LogLimit(loop::nanoTime);
    }

    /**
     * Whether an answer to the stanza, if there is to be one, has room for its id, both addresses and any error of ours. An
     * answer never writes these in more octets than the stanza did, so of nearly all stanzas the size of the start tag shows it.
     *
     * @param startTag how many octets the stanza's start tag has
     */
    boolean leavesRoom(Stanza stanza, int startTag) {
        if (startTag + ERROR_ROOM <= maxStanzaSize || stanza.isReply() || stanza.kind() == Stanza.Kind.PRESENCE) {
            return true;
        }
        Stanza answer = Stanza.of(stanza.kind(), "error", stanza.id(), stanza.to(), stanza.from(), "");
        return answer.octets() + ERROR_ROOM <= maxStanzaSize;
    }

    /** The error for a request that is not taken; null, and a warning, where no answer is small enough to be sent. */
    @Nullable
    Stanza refusal(Stanza request, SkipReason reason) {
        StanzaError error = errorFor(reason);
        Stanza answer = request.error(error);
        if (answer.octets() > maxStanzaSize) {
            // The condition alone says enough.
            answer = request.error(new StanzaError(error.condition(), error.type(), null, null));
        }
        if (answer.octets() <= maxStanzaSize) {
            return answer;
        }
        int before = warnings.admit("unanswerable request");
        if (before >= 0) {
            LOG.warn(
                    "{}: {} requests were dropped whose id is so long that no answer could be sent, the last one: {}",
                    stream,
                    before + 1,
                    request);
        }
        return null;
    }

    /**
     * What stands for a reply of which only the start tag was read, so that its request does not wait for ever.
     *
     * @param octets how large the reply was
     */
    Stanza standIn(Stanza reply, SkipReason reason, long octets) {
        String why =
                switch (reason) {
                    case TOO_LARGE -> "it is larger than " + maxStanzaSize + " octets (xmpp.max-stanza-size)";
                    case TOO_DEEP -> "its elements are nested too deep";
                    case TOO_MANY_ATTRIBUTES -> "an element of it has too many attributes";
                    case BAD_NAMESPACE -> "it breaks the rules of XML namespaces";
                };
        int before = warnings.admit("reply");
        if (before >= 0) {
            LOG.warn(
                    "{}: a reply of {} octets was not read, for {}. Its request, if there is one, fails. There were {}"
                            + " such replies since the last warning; this one is {}",
                    stream,
                    octets,
                    why,
                    before + 1,
                    reply);
        }
        return reply.truncated(StanzaError.of(
                        StanzaError.Condition.INTERNAL_SERVER_ERROR, "The reply cannot be passed on, for " + why + '.')
                .with(OwnErrors.NAMESPACE, "bad-reply"));
    }

    private static StanzaError errorFor(SkipReason reason) {
        return switch (reason) {
            case BAD_NAMESPACE ->
                StanzaError.of(StanzaError.Condition.BAD_REQUEST, "The request breaks the rules of XML namespaces.")
                        .with(OwnErrors.NAMESPACE, "malformed-request");
            case TOO_LARGE ->
                StanzaError.of(StanzaError.Condition.POLICY_VIOLATION, "The request is larger than this service takes.")
                        .with(OwnErrors.NAMESPACE, "too-large");
            case TOO_DEEP, TOO_MANY_ATTRIBUTES ->
                StanzaError.of(
                                StanzaError.Condition.POLICY_VIOLATION,
                                "The request has more nested elements or attributes than this service takes.")
                        .with(OwnErrors.NAMESPACE, "too-complex");
        };
    }
}
