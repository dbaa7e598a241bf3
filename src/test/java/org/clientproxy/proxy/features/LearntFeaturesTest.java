package org.clientproxy.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.features.LearningFixture.caps;
import static org.clientproxy.proxy.features.LearningFixture.info;
import static org.clientproxy.proxy.features.LearningFixture.ver;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.clientproxy.proxy.features.LearningFixture.Asked;
import org.clientproxy.proxy.pool.AnnouncedFeatures;
import org.clientproxy.proxy.pool.AnnouncedFeatures.Knowledge;
import org.clientproxy.proxy.stats.FeatureCounters.Answer;
import org.clientproxy.scenarios.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How features are learnt: whom is asked what and when, and for whom the answer counts. */
class LearntFeaturesTest {
    private static final String X = info("urn:x");
    private static final String Y = info("urn:x", "urn:y");
    private final LearningFixture sessions = new LearningFixture();

    private static AnnouncedFeatures verified(String... features) {
        return new AnnouncedFeatures(Knowledge.VERIFIED, Set.of(features));
    }

    private static AnnouncedFeatures own(String... features) {
        return new AnnouncedFeatures(Knowledge.SESSION, Set.of(features));
    }

    @Test
    void oneIsAskedForAllThatSayTheSame() throws Exception {
        String caps = caps("sha-1", ver(X));
        for (String resource : List.of("a", "b", "c")) {
            sessions.comes(resource, caps);
            assertThat(sessions.of(resource)).isEqualTo(AnnouncedFeatures.UNKNOWN);
        }
        Asked asked = sessions.onlyAsked();
        assertThat(asked.to()).hasToString("worker@some.example/a");
        assertThat(asked.child())
                .isEqualTo("<query xmlns='http://jabber.org/protocol/disco#info' node='urn:n#" + ver(X) + "'/>");
        assertThat(asked.limit()).isEqualTo(Duration.ofSeconds(10));
        asked.answer(X);
        for (String resource : List.of("a", "b", "c")) {
            assertThat(sessions.of(resource)).isEqualTo(verified("urn:x"));
        }
        assertThat(sessions.learnt).isEqualTo(1);
    }

    @Test
    void whatAHashStandsForIsKnownFromThenOn() throws Exception {
        sessions.comes("a", caps("sha-1", ver(X)));
        sessions.onlyAsked().answer(X);
        sessions.leaves("a");
        sessions.comes("a", caps("sha-1", ver(X)));
        sessions.comes("b", caps("sha-1", ver(X)).replace("urn:n", "urn:other-program"));
        assertThat(sessions.asked).isEmpty();
        assertThat(List.of(sessions.of("a"), sessions.of("b"))).containsOnly(verified("urn:x"));
    }

    @Test
    void aPresenceThatSaysTheSameAsksNothing() throws Exception {
        sessions.comes("a", caps("sha-1", ver(X)));
        sessions.comes("b", "");
        sessions.asked.clear();
        sessions.comes("a", caps("sha-1", ver(X)) + "<show>dnd</show>");
        sessions.comes("b", "<show>dnd</show>");
        assertThat(sessions.asked).isEmpty();
    }

    @Test
    void whoSaysSomethingElseIsAskedAgain() throws Exception {
        sessions.comes("a", caps("sha-1", ver(X)));
        sessions.onlyAsked().answer(X);
        sessions.comes("a", caps("sha-1", ver(Y)));
        assertThat(sessions.of("a")).isEqualTo(AnnouncedFeatures.UNKNOWN);
        sessions.onlyAsked().answer(Y);
        assertThat(sessions.of("a")).isEqualTo(verified("urn:x", "urn:y"));
        sessions.comes("a", caps("sha-1", ver(X)));
        assertThat(sessions.of("a")).isEqualTo(verified("urn:x"));
        sessions.comes("a", "");
        Asked withoutNode = sessions.onlyAsked();
        assertThat(withoutNode.child()).isEqualTo("<query xmlns='http://jabber.org/protocol/disco#info'/>");
        withoutNode.answer(Y);
        assertThat(sessions.of("a")).isEqualTo(own("urn:x", "urn:y"));
    }

    @Test
    void theAnswerToAnEarlierQuestionCountsForNobody() throws Exception {
        sessions.comes("a", caps("sha-1", ver(X)));
        Asked earlier = sessions.onlyAsked();
        sessions.comes("a", caps("sha-1", ver(Y)));
        Asked later = sessions.onlyAsked();
        earlier.answer(X);
        assertThat(sessions.of("a")).isEqualTo(AnnouncedFeatures.UNKNOWN);
        later.answer(Y);
        assertThat(sessions.of("a")).isEqualTo(verified("urn:x", "urn:y"));
    }

    /** The name of the hash function is unknown, absent, or there is no such element at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<c xmlns='http://jabber.org/protocol/caps' hash='md6' node='urn:n' ver='x'/>",
                "<c xmlns='http://jabber.org/protocol/caps' node='urn:n' ver='0.9'/>",
                "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:n'/>",
                "",
            })
    void whoHasNoHashThatCouldBeCheckedIsAskedItself(String caps) {
        sessions.comes("a", caps);
        sessions.comes("b", caps);
        assertThat(sessions.asked).hasSize(2);
        Asked ofA = sessions.asked.get(0);
        assertThat(ofA.child().contains("node='urn:n#x'")).isEqualTo(caps.contains("md6"));
        ofA.answer(X);
        sessions.asked.get(1).answer(Y);
        assertThat(sessions.of("a")).isEqualTo(own("urn:x"));
        assertThat(sessions.of("b")).isEqualTo(own("urn:x", "urn:y"));
        assertThat(sessions.counters.answers(Answer.UNVERIFIED)).isEqualTo(2);
    }

    /** Poisoning: the first session says the hash of others, and answers something else. */
    @Test
    void aSessionThatAnswersAnotherHashSpeaksForItselfAlone() throws Exception {
        String caps = caps("sha-1", ver(X));
        sessions.comes("liar", caps);
        sessions.comes("a", caps);
        sessions.comes("b", caps);
        try (CapturedLog log = CapturedLog.ofUs(Level.WARN)) {
            sessions.onlyAsked().answer(Y);
            assertThat(log.events()).singleElement().asString().contains("worker@some.example/liar", "hash");
        }
        assertThat(sessions.of("liar")).isEqualTo(own("urn:x", "urn:y"));
        assertThat(sessions.of("a")).isEqualTo(AnnouncedFeatures.UNKNOWN);
        Asked next = sessions.onlyAsked();
        assertThat(next.resource()).isEqualTo("a");
        next.answer(X);
        assertThat(List.of(sessions.of("a"), sessions.of("b"))).containsOnly(verified("urn:x"));
        assertThat(sessions.of("liar")).isEqualTo(own("urn:x", "urn:y"));
        assertThat(sessions.counters.answers(Answer.DIFFERENT)).isEqualTo(1);
        assertThat(sessions.counters.answers(Answer.VERIFIED)).isEqualTo(1);
    }

    @Test
    void whoDoesNotAnswerHasNoFeaturesAndIsAskedAgainAfterAMinute() throws Exception {
        String caps = caps("sha-1", ver(X));
        sessions.comes("a", caps);
        sessions.comes("b", caps);
        sessions.onlyAsked().silence();
        assertThat(sessions.of("a")).isEqualTo(AnnouncedFeatures.NONE);
        Asked next = sessions.onlyAsked();
        assertThat(next.resource()).isEqualTo("b");
        next.fail();
        assertThat(sessions.of("b")).isEqualTo(AnnouncedFeatures.NONE);
        sessions.loop.advance(Duration.ofSeconds(60).minusNanos(1));
        assertThat(sessions.asked).isEmpty();
        sessions.loop.advance(Duration.ofNanos(1));
        sessions.onlyAsked().answer(X);
        assertThat(List.of(sessions.of("a"), sessions.of("b"))).containsOnly(verified("urn:x"));
        assertThat(sessions.counters.answers(Answer.FAILED)).isEqualTo(2);
        assertThat(sessions.counters.queries()).isEqualTo(3);
    }

    @Test
    void aWorthlessAnswerIsNoneAndIsSaidOnceAMinute() throws Exception {
        String twice = X + "<feature var='urn:x'/>";
        try (CapturedLog log = CapturedLog.ofUs(Level.WARN)) {
            for (int i = 0; i < 100; i++) {
                sessions.comes("r" + i, "");
                sessions.onlyAsked().answer(twice);
                assertThat(sessions.of("r" + i)).isEqualTo(AnnouncedFeatures.NONE);
            }
            assertThat(log.events()).singleElement().asString().contains("worker@some.example/r0", "twice");
            sessions.loop.advance(Duration.ofSeconds(60));
            sessions.asked.remove(0).answer(twice);
            assertThat(log.events()).hasSize(2).last().asString().contains("99 times more");
        }
        assertThat(sessions.counters.answers(Answer.WORTHLESS)).isEqualTo(101);
    }

    @Test
    void atMostEightAreAskedAtATime() {
        for (int i = 0; i < 20; i++) {
            sessions.comes("r" + i, "");
        }
        assertThat(sessions.asked).hasSize(8);
        for (int i = 0; i < 20; i++) {
            assertThat(sessions.asked.get(i).resource()).isEqualTo("r" + i);
            sessions.asked.get(i).answer(X);
            assertThat(sessions.asked).hasSize(Math.min(20, i + 9));
        }
    }

    @Test
    void whoLeavesIsNotAskedAnyMoreAndHoldsNobodyUp() throws Exception {
        for (int i = 0; i < 10; i++) {
            sessions.comes("r" + i, "");
        }
        sessions.leaves("r8");
        sessions.asked.get(0).silence();
        assertThat(sessions.asked).last().extracting(Asked::resource).isEqualTo("r9");
        sessions.loop.advance(Duration.ofSeconds(59));
        sessions.leaves("r0");
        sessions.loop.advance(Duration.ofSeconds(5));
        assertThat(sessions.asked).hasSize(9);
        // A hash that the one who leaves was asked for.
        sessions.asked.forEach(Asked::silence);
        sessions.asked.clear();
        sessions.comes("a", caps("sha-1", ver(X)));
        sessions.comes("b", caps("sha-1", ver(X)));
        assertThat(sessions.onlyAsked().resource()).isEqualTo("a");
        sessions.leaves("a");
        sessions.onlyAsked().answer(X);
        assertThat(sessions.of("b")).isEqualTo(verified("urn:x"));
    }

    /** It comes and leaves without end, and answers nothing. */
    @Test
    void aSessionThatFlapsOpensNoMoreQuestionsThanThat() {
        for (int i = 0; i < 1000; i++) {
            sessions.comes("a", "");
            sessions.leaves("a");
            sessions.comes("a", caps("sha-1", "ver" + i));
        }
        assertThat(sessions.asked).hasSize(8);
        for (int i = 0; i < sessions.asked.size(); i++) {
            sessions.asked.get(i).silence();
        }
        // Only what it says at last is asked for.
        assertThat(sessions.asked).hasSize(9);
        assertThat(sessions.asked.get(8).child()).contains("ver999");
    }

    @Test
    void aSessionThatComesBackIsAnotherOne() {
        sessions.comes("a", "");
        sessions.onlyAsked().answer(X);
        sessions.leaves("a");
        sessions.comes("a", "");
        assertThat(sessions.of("a")).isEqualTo(AnnouncedFeatures.UNKNOWN);
        sessions.onlyAsked().answer(Y);
        assertThat(sessions.of("a")).isEqualTo(own("urn:x", "urn:y"));
    }

    @Test
    void afterABreakOfTheStreamNoSessionIsTheSameForSure() throws Exception {
        sessions.comes("a", "");
        sessions.onlyAsked().answer(X);
        sessions.comes("b", caps("sha-1", ver(Y)));
        sessions.onlyAsked().answer(Y);
        sessions.comes("c", "");
        sessions.onlyAsked().silence();
        sessions.streamBreaksAndReturns();
        sessions.loop.advance(Duration.ofSeconds(2));
        assertThat(sessions.of("a")).isEqualTo(AnnouncedFeatures.UNKNOWN);
        sessions.comes("a", "");
        sessions.comes("b", caps("sha-1", ver(Y)));
        assertThat(sessions.of("b")).isEqualTo(verified("urn:x", "urn:y"));
        sessions.onlyAsked().answer(X);
        assertThat(sessions.of("a")).isEqualTo(own("urn:x"));
        sessions.loop.advance(Duration.ofSeconds(70));
        assertThat(sessions.asked).isEmpty();
    }

    @Test
    void whatWasAskedOnAStreamThatBrokeHoldsNobodyUpOnTheNextOne() throws Exception {
        for (int i = 0; i < 8; i++) {
            sessions.comes("r" + i, "");
        }
        sessions.comes("same", caps("sha-1", ver(X)));
        List<Asked> before = List.copyOf(sessions.asked);
        sessions.asked.clear();
        sessions.streamBreaksAndReturns();
        // Nobody was asked on the way down.
        assertThat(sessions.asked).isEmpty();
        sessions.comes("r0", "");
        Asked again = sessions.onlyAsked();
        before.forEach(each -> each.answer(X));
        assertThat(sessions.of("r0")).isEqualTo(AnnouncedFeatures.UNKNOWN);
        again.answer(Y);
        assertThat(sessions.of("r0")).isEqualTo(own("urn:x", "urn:y"));
    }

    @Test
    void whoSaysTheSameAsOneThatIsAskedIsNotAskedOverAStreamThatIsDown() throws Exception {
        for (int i = 0; i < 5; i++) {
            sessions.comes("r" + i, caps("sha-1", ver(X)));
        }
        sessions.onlyAsked();
        sessions.streamBreaksAndReturns();
        assertThat(sessions.asked).isEmpty();
        assertThat(sessions.counters.queries()).isOne();
    }

    @Test
    void aThousandHashesAreKept() throws Exception {
        for (int i = 0; i <= KnownCaps.MOST; i++) {
            String info = info("urn:" + i);
            sessions.comes("a", caps("sha-1", ver(info)));
            sessions.onlyAsked().answer(info);
            // The first one stays in use.
            sessions.comes("b", caps("sha-1", ver(info("urn:0"))));
            sessions.leaves("b");
        }
        sessions.comes("b", caps("sha-1", ver(info("urn:0"))));
        sessions.comes("c", caps("sha-1", ver(info("urn:2"))));
        assertThat(sessions.asked).isEmpty();
        sessions.comes("d", caps("sha-1", ver(info("urn:1"))));
        assertThat(sessions.onlyAsked().resource()).isEqualTo("d");
    }

    @Test
    void nobodyHearsTwiceOfOneAnswer() throws Exception {
        Set<String> hashes = new HashSet<>();
        for (String info : List.of(X, Y)) {
            hashes.add(ver(info));
            sessions.comes("a" + hashes.size(), caps("sha-1", ver(info)));
        }
        assertThat(sessions.asked).hasSize(2);
        sessions.asked.get(1).answer(Y);
        sessions.asked.get(0).answer(X);
        assertThat(sessions.learnt).isEqualTo(2);
        assertThat(sessions.of("a1")).isEqualTo(verified("urn:x"));
        assertThat(sessions.of("a2")).isEqualTo(verified("urn:x", "urn:y"));
    }
}
