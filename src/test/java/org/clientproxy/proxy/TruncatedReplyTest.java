package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies of which the stream could read the start tag only, through the real routes. */
class TruncatedReplyTest {
    @TempDir
    Path dataDir;

    private ProxyFixture proxy;

    @BeforeEach
    void start() throws Exception {
        proxy = ProxyFixture.start(dataDir);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    /** What the stream makes of a reply that is too much. */
    private static Stanza truncated(String type, String id, String from, String to) {
        return Stanza.of(Stanza.Kind.IQ, type, id, from, to, "")
                .truncated(StanzaError.of(Condition.INTERNAL_SERVER_ERROR, "too much"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"result", "error"})
    void settlesTheRequestAtOnceAsAFailureOfOurs(String type) {
        proxy.ready(A, B);
        proxy.get(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        proxy.stream().receive(truncated(type, forwarded.id(), forwarded.to(), forwarded.from()));
        Stanza answer = proxy.onlySent();
        assertThat(answer.from()).isEqualTo("proxy.example");
        assertThat(answer.to()).isEqualTo(ALICE);
        assertThat(answer.id()).isEqualTo("1");
        StanzaError error = StanzaXml.errorOf(answer);
        assertThat(error.condition()).isEqualTo(Condition.INTERNAL_SERVER_ERROR);
        assertThat(error.application().name()).isEqualTo("bad-reply");
        assertThat(proxy.proxy.pendingRequests()).isZero();
        // The whole reply, should it ever come, is nobody's.
        proxy.result(forwarded);
        proxy.pass(Duration.ofMinutes(2));
        assertThat(proxy.sent()).isEmpty();
    }

    @Test
    void isDroppedWhereItsSenderTokenOrIdIsWrong() {
        proxy.ready(A, B);
        proxy.get(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        String other = forwarded.to().equals(A) ? B : A;
        proxy.stream().receive(truncated("result", "1", other, forwarded.from()));
        proxy.stream().receive(truncated("result", "1", ALICE, forwarded.from()));
        proxy.stream().receive(truncated("result", "1", forwarded.to(), "proxy.example/x"));
        proxy.stream().receive(truncated("result", "2", forwarded.to(), forwarded.from()));
        assertThat(proxy.sent()).isEmpty();
        proxy.result(forwarded);
        assertThat(proxy.onlySent().type()).isEqualTo("result");
    }

    /** The stream refuses a request whose id leaves less room than this. */
    @Test
    void eachErrorOfOursFitsIntoTheRoomThatTheStreamKeepsForIt() throws Exception {
        for (Field field : ProxyErrors.class.getDeclaredFields()) {
            field.setAccessible(true);
            StanzaError error = (StanzaError) field.get(null);
            assertThat(error.toXml().length()).as(field.getName()).isLessThan(1000);
        }
    }
}
