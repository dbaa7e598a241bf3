package org.clientproxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.List;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.xml.SkipReason;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests near the limits are refused as long as an answer fits, and replies beyond them are not lost. */
class SkippedStanzasTest {
    private static final int LIMIT = 10_000;

    private final SimulatedLoop loop = new SimulatedLoop();
    private final SkippedStanzas skipped = new SkippedStanzas(settings(), loop);

    private static StreamSettings settings() {
        StreamSettings usual = StreamSettings.of("localhost", 5347, "proxy.example", "secret");
        return new StreamSettings(
                usual.host(),
                usual.port(),
                usual.domain(),
                usual.secret(),
                null,
                true,
                usual.connectTimeout(),
                usual.reconnectMin(),
                usual.reconnectMax(),
                usual.reconnectMultiplier(),
                usual.keepAlive(),
                LIMIT,
                false);
    }

    private static Stanza request(String id) {
        return Stanza.of(Stanza.Kind.IQ, "get", id, "a@some.example/x", "proxy.example", "<q xmlns='u'/>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"i", "\u20ac", "\"", "'", "'\"", "<", "&", "\n", "\ud83d\udc2b"})
    void anAnswerAlwaysFitsUntilEvenTheBareConditionDoesNot(String piece) {
        boolean taken = true;
        boolean answered = true;
        int octetsOfId = octets(piece) - octets("");
        for (int length = (LIMIT - 2000) / octetsOfId; length <= LIMIT / octetsOfId + 1; length++) {
            Stanza request = request(piece.repeat(length));
            boolean takes = skipped.leavesRoom(request, LIMIT);
            Stanza answer = skipped.refusal(request, SkipReason.TOO_LARGE);
            // Once too long, longer ones are too long as well; what is taken leaves room for all that may be said of
            // it.
            assertThat(taken || !takes).isTrue();
            assertThat(answered || answer == null).isTrue();
            taken = takes;
            answered = answer != null;
            if (takes) {
                assertThat(request.error(longestError()).octets()).isLessThanOrEqualTo(LIMIT);
            }
            if (answer != null) {
                assertThat(answer.octets()).isLessThanOrEqualTo(LIMIT);
                assertThat(answer.id()).isEqualTo(request.id());
                assertThat(StanzaXml.errorOf(answer).condition()).isEqualTo(StanzaError.Condition.POLICY_VIOLATION);
            } else {
                // There is no smaller answer than this.
                assertThat(request.error(new StanzaError(
                                        StanzaError.Condition.POLICY_VIOLATION, StanzaError.Type.MODIFY, null, null))
                                .octets())
                        .isGreaterThan(LIMIT);
            }
        }
        assertThat(taken).isFalse();
        assertThat(answered).isFalse();
    }

    private static int octets(String id) {
        return request(id).error(longestError()).octets();
    }

    private static StanzaError longestError() {
        return StanzaError.of(StanzaError.Condition.REMOTE_SERVER_TIMEOUT, "x".repeat(600))
                .with(OwnErrors.NAMESPACE, "reply-timeout");
    }

    @Test
    void aSmallStartTagNeedsNoSecondLookAndAReplyNoRoom() {
        Stanza huge = request("x".repeat(LIMIT));
        assertThat(skipped.leavesRoom(huge, LIMIT - SkippedStanzas.ERROR_ROOM)).isTrue();
        assertThat(skipped.leavesRoom(huge, LIMIT - SkippedStanzas.ERROR_ROOM + 1))
                .isFalse();
        Stanza reply = Stanza.of(Stanza.Kind.IQ, "result", "x".repeat(LIMIT), "a@b/c", "proxy.example", "");
        assertThat(skipped.leavesRoom(reply, LIMIT)).isTrue();
    }

    @Test
    void saysOnceAMinuteHowManyRequestsCouldNotBeAnswered() {
        try (CapturedLog log = CapturedLog.ofUs(Level.WARN)) {
            for (int i = 0; i < 100; i++) {
                assertThat(skipped.refusal(request("x".repeat(LIMIT)), SkipReason.TOO_LARGE))
                        .isNull();
            }
            assertThat(log.events()).singleElement().asString().hasSizeLessThan(1000);
            loop.advance(Duration.ofMinutes(1));
            skipped.refusal(request("x".repeat(LIMIT)), SkipReason.TOO_LARGE);
            assertThat(log.events()).hasSize(2).last().asString().contains(" 100 requests were dropped");
        }
    }

    @ParameterizedTest
    @EnumSource(SkipReason.class)
    void anErrorStandsForAReplyAndOneLineAMinuteSaysHowLargeItWasAndWhy(SkipReason reason) {
        Stanza reply = Stanza.of(Stanza.Kind.IQ, "result", "7", "worker@b/c", "proxy.example/T", "");
        try (CapturedLog log = CapturedLog.ofUs(Level.WARN)) {
            Stanza standIn = skipped.standIn(reply, reason, 720_123);
            assertThat(standIn.isTruncated()).isTrue();
            assertThat(standIn.isReply()).isTrue();
            assertThat(List.of(standIn.id(), standIn.from(), standIn.to()))
                    .containsExactly("7", "worker@b/c", "proxy.example/T");
            StanzaError error = StanzaXml.errorOf(standIn);
            assertThat(error.condition()).isEqualTo(StanzaError.Condition.INTERNAL_SERVER_ERROR);
            assertThat(error.application().name()).isEqualTo("bad-reply");
            for (int i = 0; i < 500; i++) {
                skipped.standIn(reply, reason, 720_123);
            }
            String words =
                    switch (reason) {
                        case TOO_LARGE -> "xmpp.max-stanza-size";
                        case TOO_DEEP -> "too deep";
                        case TOO_MANY_ATTRIBUTES -> "too many attributes";
                        case BAD_NAMESPACE -> "namespaces";
                    };
            assertThat(log.events())
                    .singleElement()
                    .asString()
                    .contains("WARN", "720123 octets", words, "worker@b/c")
                    .endsWith("octets)\n");
            loop.advance(Duration.ofMinutes(1));
            skipped.standIn(reply, reason, 1);
            assertThat(log.events()).hasSize(2).last().asString().contains("There were 501 such replies");
        }
    }
}
