package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyFixture.BOB;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Resources that say nonsense, change their minds all the time or are all gone, and operators who turn everything at once. */
class HostileWorkersTest {
    private static final String CAPACITY = "<capacity xmlns='urn:clientproxy:pool:0' ";

    @TempDir
    Path dataDir;

    private ProxyFixture proxy;
    private ProxySettings settings;

    @AfterEach
    void stop() {
        ModelLeaks.check(proxy.pendingRequests());
        proxy.close();
    }

    private void start(UnaryOperator<ProxySettings> change, String... resources) throws Exception {
        settings = change.apply(ProxyFixture.settings(dataDir)
                .with(WorkerKeys.QUEUE_TIMEOUT, Duration.ofSeconds(20))
                .with(WorkerKeys.MAX_PENDING_PER_RESOURCE, 1));
        proxy = ProxyFixture.start(dataDir, ignored -> settings);
        proxy.ready(resources);
    }

    private void says(String resource, String presence) {
        proxy.receive("<presence from='" + resource + "' to='proxy.example'>" + presence + "</presence>");
    }

    /** The workers reply to whatever they get until nothing comes; the answers that requesters got meanwhile. */
    private List<Stanza> served(List<Stanza> sent) {
        List<Stanza> answers = new ArrayList<>();
        for (List<Stanza> now = sent; !now.isEmpty(); now = proxy.sent()) {
            for (Stanza stanza : now) {
                if (stanza.isRequest()) {
                    proxy.result(stanza);
                } else {
                    answers.add(stanza);
                }
            }
        }
        return answers;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max='-1'",
                "max='-99999999999999999999'",
                "max='99999999999999999999'",
                "max='2147483648'",
                "max=''",
                "max='one'",
                "max='1.5'",
                "max='0x1'",
                "max='1 2'",
                "max='\u0661'",
                "min='1'",
                ""
            })
    void aCapacityThatIsNoNumberIsNone(String nonsense) throws Exception {
        start(before -> before.with(WorkerKeys.MAX_PENDING_PER_RESOURCE, 0), A);
        says(A, CAPACITY + nonsense + "/>");
        for (int i = 0; i < 5; i++) {
            proxy.get(ALICE, "" + i);
        }
        List<Stanza> sent = proxy.sent();
        assertThat(sent).hasSize(5).allMatch(Stanza::isRequest);
        assertThat(served(sent)).hasSize(5);
    }

    @Test
    void ofTwoCapacitiesOneCounts() throws Exception {
        start(before -> before.with(WorkerKeys.MAX_PENDING_PER_RESOURCE, 0), A);
        says(A, CAPACITY + "max='1'/>" + CAPACITY + "max='1'/>");
        proxy.get(ALICE, "1");
        proxy.get(ALICE, "2");
        List<Stanza> sent = proxy.sent();
        assertThat(sent).hasSize(1);
        assertThat(served(sent)).hasSize(2);
    }

    @Test
    void whoFlapsBetweenDndAndNotLosesNoTurnAndGetsNothingTwice() throws Exception {
        start(before -> before, A, B);
        for (int i = 0; i < 40; i++) {
            proxy.get(i % 2 == 0 ? ALICE : BOB, "" + i);
        }
        List<Stanza> sent = new ArrayList<>(proxy.sent());
        List<Stanza> answers = new ArrayList<>();
        for (int i = 0; !sent.isEmpty(); i++) {
            for (int flap = 0; flap < 20; flap++) {
                says(i % 2 == 0 ? A : B, flap % 2 == 0 ? "<show>dnd</show>" : CAPACITY + "max='" + flap + "'/>");
            }
            assertThat(proxy.sent()).as("what it gets for its flapping").isEmpty();
            proxy.result(sent.remove(0));
            for (Stanza stanza : proxy.sent()) {
                (stanza.isRequest() ? sent : answers).add(stanza);
            }
            assertThat(sent).extracting(Stanza::to).doesNotHaveDuplicates();
        }
        assertThat(answers).hasSize(40).allMatch(answer -> "result".equals(answer.type()));
        assertThat(new HashSet<>(
                        answers.stream().map(each -> each.to() + each.id()).toList()))
                .hasSize(40);
    }

    @Test
    void aPauseIsForWhoComesAndNotForWhoWaits() throws Exception {
        start(before -> before, A);
        for (int i = 0; i < 4; i++) {
            proxy.get(ALICE, "" + i);
        }
        List<Stanza> sent = proxy.sent();
        proxy.proxy.pause();
        proxy.get(BOB, "new");
        assertThat(ModelReply.application(proxy.onlySent())).isEqualTo("paused");
        assertThat(served(sent)).hasSize(4).allMatch(answer -> "result".equals(answer.type()));
        proxy.proxy.resume();
        proxy.get(BOB, "newer");
        assertThat(served(proxy.sent())).hasSize(1);
    }

    @Test
    void aSmallerQueueSparesWhoWaitsAndRefusesWhoComes() throws Exception {
        start(before -> before, A);
        for (int i = 0; i < 10; i++) {
            proxy.get(ALICE, "" + i);
        }
        List<Stanza> sent = proxy.sent();
        settings = settings.with(WorkerKeys.MAX_QUEUED, 2);
        proxy.proxy.adjust(settings);
        proxy.loop.runDue();
        proxy.get(BOB, "new");
        assertThat(ModelReply.application(proxy.onlySent())).isEqualTo("too-many-queued");
        assertThat(served(sent)).hasSize(10).allMatch(answer -> "result".equals(answer.type()));
        proxy.get(BOB, "newer");
        assertThat(served(proxy.sent())).hasSize(1);
    }

    @Test
    void theQueueOfTheOnlyResourceOutlivesThatItIsRetired() throws Exception {
        start(before -> before, A);
        for (int i = 0; i < 4; i++) {
            proxy.get(ALICE, "" + i);
        }
        Stanza has = proxy.onlySent();
        proxy.proxy.retire(Jid.parse(A));
        proxy.loop.runDue();
        proxy.result(has);
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
        proxy.pass(Duration.ofSeconds(10));
        assertThat(proxy.sent()).isEmpty();
        proxy.proxy.restore(Jid.parse(A));
        proxy.loop.runDue();
        assertThat(served(proxy.sent())).hasSize(3).allMatch(answer -> "result".equals(answer.type()));
        // Nobody restores it now.
        proxy.proxy.retire(Jid.parse(A));
        proxy.loop.runDue();
        proxy.get(ALICE, "in vain");
        proxy.pass(Duration.ofSeconds(19));
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofSeconds(2));
        assertThat(ModelReply.application(proxy.onlySent())).isEqualTo("no-resource");
    }

    @Test
    void aTimeOfAnAttemptBeyondThatOfTheRequestIsNone() throws Exception {
        start(
                before -> before.with(WorkerKeys.ATTEMPT_TIMEOUT, Duration.ofSeconds(90))
                        .with(RequestKeys.REPLY_TIMEOUT, Duration.ofSeconds(30)),
                A,
                B);
        proxy.get(ALICE, "1");
        assertThat(proxy.onlySent().isRequest()).isTrue();
        proxy.pass(Duration.ofSeconds(29));
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofSeconds(2));
        assertThat(ModelReply.application(proxy.onlySent())).isEqualTo("reply-timeout");
        proxy.pass(Duration.ofSeconds(100));
        assertThat(proxy.sent()).isEmpty();
    }

    @Test
    void theOnlyResourceMayRefuseThoughThereIsAQueue() throws Exception {
        start(before -> before.with(WorkerKeys.RETRY_ON, List.of(Condition.RESOURCE_CONSTRAINT)), A);
        proxy.get(ALICE, "1");
        proxy.get(ALICE, "2");
        proxy.error(proxy.onlySent(), "resource-constraint");
        List<Stanza> sent = proxy.sent();
        // What it says is the answer, and it gets the next one.
        assertThat(sent).hasSize(2);
        assertThat(sent).anySatisfy(each -> {
            assertThat(each.to()).isEqualTo(ALICE);
            assertThat(each.id()).isEqualTo("1");
            assertThat(each.type()).isEqualTo("error");
        });
        assertThat(served(sent)).hasSize(2);
    }

    @Test
    void whereAllHangHalfServeOnAndEachRequestEndsOnce() throws Exception {
        start(
                before -> before.with(WorkerKeys.EJECT_AFTER, 1)
                        .with(WorkerKeys.ATTEMPT_TIMEOUT, Duration.ofSeconds(2))
                        .with(RequestKeys.ATTEMPTS, 3)
                        .with(RequestKeys.REPLY_TIMEOUT, Duration.ofSeconds(15)),
                A,
                B,
                "worker@some.example/c",
                "worker@some.example/d");
        for (int i = 0; i < 12; i++) {
            proxy.get(ALICE, "" + i);
        }
        List<Stanza> answers = new ArrayList<>();
        for (int second = 0; second < 40; second++) {
            proxy.pass(Duration.ofSeconds(1));
            proxy.sent().stream().filter(each -> ALICE.equals(each.to())).forEach(answers::add);
            assertThat(ModelLeaks.pool(proxy.pendingRequests())).hasSizeGreaterThanOrEqualTo(2);
        }
        assertThat(answers).extracting(Stanza::id).hasSize(12).doesNotHaveDuplicates();
    }
}
