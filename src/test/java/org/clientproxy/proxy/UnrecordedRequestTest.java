package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request that cannot be recorded goes to no resource, and is counted at none. */
class UnrecordedRequestTest {
    @TempDir
    Path dataDir;

    private ProxyFixture proxy;
    private Path records;
    private Path away;

    @BeforeEach
    void start() throws Exception {
        proxy = ProxyFixture.start(
                dataDir, s -> new SettingsBuilder(s).pending(PendingKind.FILE).build());
        proxy.ready(A, B);
        records = dataDir.resolve("proxy.pending");
        away = dataDir.resolve("away");
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void assertCountsAgree() {
        assertThat(proxy.proxy.resourceCounters()).allSatisfy((jid, counters) -> assertThat(
                        counters.unanswered() + counters.results() + counters.errors())
                .as("endings at %s", jid)
                .isLessThanOrEqualTo(counters.requests()));
    }

    @Test
    void aNewOneIsCountedAtNoResource() throws Exception {
        Files.move(records, away);
        for (int i = 0; i < 5; i++) {
            proxy.get(ALICE, "i" + i);
            ProxyRequestsTest.assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        }
        assertCountsAgree();
        Files.move(away, records);
    }

    @Test
    void soIsAnotherAttemptAtAnOldOne() throws Exception {
        for (int i = 0; i < 8; i++) {
            // A large record needs a file of its own, which cannot be made then.
            proxy.receive("<iq type='get' id='" + i + "' from='r" + i + "@some.example/x' to='proxy.example'>"
                    + "<q xmlns='urn:q'>" + "x".repeat(500 * 1024) + "</q></iq>");
        }
        Stanza first = proxy.sent().get(0);
        Files.move(records, away);
        String other = first.to().equals(A) ? B : A;
        proxy.leaves(first.to());
        proxy.pass(Duration.ofSeconds(3));
        assertThat(proxy.sent()).filteredOn(stanza -> !stanza.isRequest()).isNotEmpty();
        proxy.leaves(other);
        proxy.pass(Duration.ofSeconds(3));
        assertCountsAgree();
        Files.move(away, records);
    }
}
