package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;

import ch.qos.logback.classic.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.camel.builder.AdviceWith;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.clientproxy.xmpp.StanzaError.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers send fills no disk: what is wrong with it is said at DEBUG, and what fails of ours once a minute. */
class BoundedLogTest {
    @TempDir
    Path dataDir;

    private static List<String> loud(CapturedLog log) {
        return log.events().stream()
                .filter(event -> event.startsWith("WARN") || event.startsWith("ERROR"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<xmlns xmlns='u:x'/>",
                "<q xmlns='u:x'><xmlns/></q>",
                "<q xmlns='u:x'><a><b><xmlns xmlns=''/></b></a></q>"
            })
    void anElementThatNoDocumentTakesIsTheRequestsFault(String child) throws Exception {
        try (CapturedLog log = CapturedLog.ofUs(Level.DEBUG);
                ProxyFixture proxy = ProxyFixture.start(dataDir, settings -> new SettingsBuilder(settings)
                        .accept("/*[@type='set']")
                        .build())) {
            proxy.ready(A);
            int before = loud(log).size();
            proxy.receive("<iq type='set' id='1' from='" + ALICE + "' to='proxy.example'>" + child + "</iq>");
            Stanza answer = proxy.onlySent();
            ProxyRequestsTest.assertError(answer, Condition.BAD_REQUEST, Type.MODIFY);
            assertThat(StanzaXml.errorOf(answer).application().name()).isEqualTo("malformed-request");
            assertThat(loud(log)).hasSize(before);
            assertThat(log.events()).noneMatch(event -> event.contains("\tat "));
        }
    }

    @Test
    void aFailureOfOursIsSaidOnceAMinuteForEachKind() throws Exception {
        try (CapturedLog log = CapturedLog.ofUs(Level.DEBUG);
                ProxyFixture proxy = ProxyFixture.start(dataDir)) {
            proxy.ready(A);
            AdviceWith.adviceWith(proxy.context, "proxy-stanzas", advice -> advice.weaveById("proxy-choose")
                    .replace()
                    .process(exchange -> {
                        String id = exchange.getMessage().getBody(Stanza.class).id();
                        if (id.equals("other")) {
                            throw new UnsupportedOperationException("another kind");
                        }
                        throw new IllegalStateException("fails at " + id);
                    }));
            int before = loud(log).size();
            for (int i = 0; i < 1000; i++) {
                proxy.get(ALICE, "f" + i);
                ProxyRequestsTest.assertError(proxy.onlySent(), Condition.INTERNAL_SERVER_ERROR, Type.CANCEL);
            }
            assertThat(loud(log)).hasSize(before + 1);
            proxy.get(ALICE, "other");
            assertThat(loud(log)).hasSize(before + 2);
            assertThat(loud(log).get(before + 1)).contains("another kind", "\tat ");
            proxy.pass(Duration.ofMinutes(1));
            proxy.get(ALICE, "later");
            assertThat(loud(log)).hasSize(before + 3);
            assertThat(loud(log).get(before + 2)).contains("after 999 more of this kind", "fails at later", "\tat ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"OUTBOX_FULL", "INVALID"})
    void answersThatTheStreamDoesNotTakeAreSaidOnce(StanzaNotSentException.Reason reason) throws Exception {
        try (CapturedLog log = CapturedLog.ofUs(Level.DEBUG);
                ProxyFixture proxy = ProxyFixture.start(dataDir)) {
            proxy.ready();
            int before = loud(log).size();
            for (int i = 0; i < 100; i++) {
                proxy.stream().refuse(reason);
                proxy.get(ALICE, "r" + i);
            }
            assertThat(loud(log).size()).isLessThanOrEqualTo(before + 3);
        }
    }
}
