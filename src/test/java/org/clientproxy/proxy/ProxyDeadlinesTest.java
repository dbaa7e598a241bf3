package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyFixture.BOB;
import static org.clientproxy.proxy.ProxyRequestsTest.assertError;

import java.nio.file.Path;
import java.time.Duration;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each request has its own deadline, whatever becomes of the others. */
class ProxyDeadlinesTest {
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

    @Test
    void anEarlierDeadlineIsKeptWhenALaterRequestIsTriedAgain() {
        proxy.ready(A, B);
        proxy.get(ALICE, "1");
        Stanza atA = proxy.onlySent();
        assertThat(atA.to()).isEqualTo(A);
        proxy.pass(Duration.ofSeconds(30));
        proxy.get(BOB, "2");
        Stanza atB = proxy.onlySent();
        assertThat(atB.to()).isEqualTo(B);
        proxy.leaves(B);
        proxy.pass(Duration.ofSeconds(3));
        assertThat(proxy.onlySent().to()).isEqualTo(A);
        proxy.pass(Duration.ofSeconds(28));
        Stanza answer = proxy.onlySent();
        assertThat(answer.to()).isEqualTo(ALICE);
        assertError(answer, Condition.REMOTE_SERVER_TIMEOUT, StanzaError.Type.WAIT);
    }

    @Test
    void anEarlierDeadlineIsKeptWhenTheResourceOfALaterRequestReturns() {
        proxy.ready(A, B);
        proxy.get(ALICE, "1");
        proxy.pass(Duration.ofSeconds(30));
        proxy.set(BOB, "2");
        proxy.sent();
        proxy.leaves(B);
        proxy.comes(B);
        proxy.pass(Duration.ofSeconds(31));
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
    }

    @Test
    void aSecondReplyDoesNotMakeABouncedRequestWaitLonger() {
        proxy.ready(A);
        proxy.get(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        proxy.error(forwarded, "service-unavailable");
        proxy.pass(Duration.ofMillis(150));
        proxy.result(forwarded);
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofMillis(100));
        assertError(proxy.onlySent(), Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
    }

    @Test
    void anErrorLeavesTheDeadlineAsItIsThoughTheResourceHadLeftAndReturned() {
        proxy.ready(A, B);
        proxy.set(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        proxy.leaves(A);
        proxy.comes(A);
        proxy.receive("<presence type='error' from='" + A + "' to='proxy.example'/>");
        proxy.pass(Duration.ofSeconds(3));
        assertThat(proxy.sent()).isEmpty();
        proxy.result(forwarded);
        assertThat(proxy.onlySent().type()).isEqualTo("result");
    }
}
