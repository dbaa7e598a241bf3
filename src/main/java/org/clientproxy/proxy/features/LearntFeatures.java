package org.clientproxy.proxy.features;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.clientproxy.proxy.pool.AnnouncedFeatures;
import org.clientproxy.proxy.pool.AnnouncedFeatures.Knowledge;
import org.clientproxy.proxy.pool.FeatureSource;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.Queries;
import org.clientproxy.proxy.stats.FeatureCounters;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * Learns the features of sessions: by the hash in their presence (XEP-0115) where it is known what that stands for, else by
 * asking. What a hash stands for is believed only as far as it can be computed, so no session can speak for another one. Used on
 * the loop only.
 */
public final class LearntFeatures implements FeatureSource {
    /** Who did not answer, or not so that it counts, is asked again after this time. */
    private static final Duration AGAIN = Duration.ofSeconds(60);

    private final StreamLoop loop;
    private final Queries queries;
    // Those of the present stream.
    private Questions questions;
    private final Runnable learnt;
    private final FeatureCounters counters;
    private final FeatureLog log;
    private final KnownCaps known = new KnownCaps();
    private final Map<PooledResource, Announcement> announcements = new HashMap<>();

    /** @param learnt hears when more is known than before */
    public LearntFeatures(StreamLoop loop, Queries queries, FeatureCounters counters, Runnable learnt) {
        this.loop = loop;
        this.queries = queries;
        this.learnt = learnt;
        this.counters = counters;
        this.questions = questions();
        this.log = new FeatureLog(loop);
    }

    private Questions questions() {
        return new Questions(queries, counters, this::heard);
    }

    @Override
    public void present(PooledResource resource) {
        Announcement before = announcements.get(resource);
        if (before == null || !Objects.equals(before.caps, resource.caps())) {
            gone(resource);
            Announcement announcement = new Announcement(resource);
            announcements.put(resource, announcement);
            learn(announcement);
        }
    }

    @Override
    public void gone(PooledResource resource) {
        Announcement announcement = announcements.remove(resource);
        if (announcement != null) {
            cancel(announcement);
            questions.forget(announcement);
        }
        resource.announces(AnnouncedFeatures.UNKNOWN);
    }

    @Override
    public void streamDown() {
        questions.close();
        questions = questions();
        announcements.forEach((resource, announcement) -> {
            cancel(announcement);
            resource.announces(AnnouncedFeatures.UNKNOWN);
        });
        announcements.clear();
    }

    private static void cancel(Announcement announcement) {
        if (announcement.again != null) {
            announcement.again.cancel();
        }
    }

    private void learn(Announcement announcement) {
        Set<String> features = announcement.hash == null ? null : known.find(announcement.hash);
        if (features == null) {
            questions.ask(announcement);
        } else {
            announces(announcement, Knowledge.VERIFIED, features);
            learnt.run();
        }
    }

    /** Whether it counts for all who say the same of themselves. */
    private boolean heard(Question question, Announcement asked, @Nullable Stanza reply) {
        FeatureAnswer answer = FeatureAnswer.of(asked.caps, reply);
        counters.answered(answer.worth());
        log.answered(asked.resource, answer);
        switch (answer.worth()) {
            case VERIFIED -> {
                known.add(Objects.requireNonNull(asked.hash), answer.features());
                announces(asked, Knowledge.VERIFIED, answer.features());
                question.waiting.forEach(each -> announces(each, Knowledge.VERIFIED, answer.features()));
            }
            case UNVERIFIED, DIFFERENT -> announces(asked, Knowledge.SESSION, answer.features());
            case WORTHLESS, FAILED -> {
                announces(asked, Knowledge.NONE, Set.of());
                asked.again = loop.schedule(() -> askAgain(asked), AGAIN.toNanos());
            }
        }
        learnt.run();
        return answer.worth() == FeatureCounters.Answer.VERIFIED;
    }

    private void askAgain(Announcement announcement) {
        announcement.again = null;
        learn(announcement);
    }

    private static void announces(Announcement announcement, Knowledge knowledge, Set<String> features) {
        announcement.resource.announces(new AnnouncedFeatures(knowledge, features));
    }
}
