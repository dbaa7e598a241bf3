package org.clientproxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.List;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** What is dropped, and how often that is said, on a clock that the test turns. */
class InboundCheckTest {
    private final SimulatedLoop loop = new SimulatedLoop();
    private final StreamCounters counters = new StreamCounters();
    private final InboundCheck check = new InboundCheck(Jid.parse("proxy.example"), counters, loop);

    @Test
    void warnsOnceAMinuteAndSaysHowManyThereWere() {
        Stanza wrong = Stanza.of(Stanza.Kind.IQ, "get", "1", "a@b", "other.example", "<q xmlns='u'/>");
        try (CapturedLog log = CapturedLog.ofUs(Level.WARN)) {
            for (int i = 0; i < 1000; i++) {
                assertThat(check.accepts(wrong)).isFalse();
            }
            assertThat(log.events()).singleElement().asString().contains("dropped 1 stanzas");
            loop.advance(Duration.ofSeconds(59));
            check.accepts(wrong);
            assertThat(log.events()).hasSize(1);
            loop.advance(Duration.ofSeconds(1));
            check.accepts(wrong);
            assertThat(log.events()).hasSize(2).last().asString().contains("dropped 1001 stanzas");
        }
        assertThat(counters.drops(StreamCounters.Drop.NOT_TO_US)).isEqualTo(1002);
    }

    @Test
    void takesWhatIsToUsFromSomebodyElse() {
        for (String to : List.of("proxy.example", "PROXY.example/x", "n@proxy.example")) {
            assertThat(check.accepts(Stanza.of(Stanza.Kind.IQ, "get", "1", "a@b", to, "<q xmlns='u'/>")))
                    .as(to)
                    .isTrue();
        }
    }
}
