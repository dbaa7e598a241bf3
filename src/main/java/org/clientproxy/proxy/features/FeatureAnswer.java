package org.clientproxy.proxy.features;

import java.util.Set;
import org.clientproxy.proxy.caps.CapsHash;
import org.clientproxy.proxy.caps.DiscoInfo;
import org.clientproxy.proxy.pool.Caps;
import org.clientproxy.proxy.stats.FeatureCounters;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * What is made of the answer of one session.
 *
 * @param features empty where it does not count
 * @param trouble why it does not count; empty where it does
 */
record FeatureAnswer(FeatureCounters.Answer worth, Set<String> features, String trouble) {
    /**
     * Any reply gives one; this never throws.
     *
     * @param caps what the session says of itself in its presence
     * @param reply null where none came in time
     */
    static FeatureAnswer of(@Nullable Caps caps, @Nullable Stanza reply) {
        if (reply == null || !"result".equals(reply.type())) {
            return new FeatureAnswer(FeatureCounters.Answer.FAILED, Set.of(), reply == null ? "none came" : "an error");
        }
        try {
            DiscoInfo info = DiscoReader.read(reply);
            return new FeatureAnswer(worth(CapsHash.of(caps), info), Set.copyOf(info.features()), "");
        } catch (WorthlessAnswerException e) {
            return new FeatureAnswer(FeatureCounters.Answer.WORTHLESS, Set.of(), e.why());
        }
    }

    private static FeatureCounters.Answer worth(@Nullable CapsHash hash, DiscoInfo info) {
        if (hash == null) {
            return FeatureCounters.Answer.UNVERIFIED;
        }
        return hash.standsFor(info) ? FeatureCounters.Answer.VERIFIED : FeatureCounters.Answer.DIFFERENT;
    }
}
