package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.proxy.settings.RetrySet;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several resources are asked: one is slow ({@code proxy.attempt-timeout}), or says "not me, not now" ({@code proxy.retry-on}). */
class SlowResourcesTest {
    private static final String C = "worker@some.example/c";

    @TempDir
    Path dataDir;

    @TempDir
    Path nextDataDir;

    private ProxyFixture proxy;

    @AfterEach
    void stop() {
        proxy.close();
    }

    private static ProxySettings slow(ProxySettings settings) {
        return settings.with(WorkerKeys.ATTEMPT_TIMEOUT, Duration.ofSeconds(5)).with(RequestKeys.ATTEMPTS, 3);
    }

    private void start(UnaryOperator<ProxySettings> change, String... resources) throws Exception {
        proxy = ProxyFixture.start(dataDir, settings -> change.apply(slow(settings)));
        proxy.ready(resources);
    }

    /** A request that went to one resource, which did not reply in time, and then to another one. */
    private List<Stanza> asked() {
        proxy.get(ALICE, "1");
        Stanza first = proxy.onlySent();
        proxy.pass(Duration.ofMillis(4900));
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofMillis(200));
        Stanza second = proxy.onlySent();
        assertThat(List.of(first.to(), second.to())).containsExactlyInAnyOrder(A, B);
        assertThat(proxy.proxy.pendingRequests()).isEqualTo(1);
        return List.of(first, second);
    }

    private void assertAnsweredOnce(List<Stanza> asked) {
        Stanza answer = proxy.onlySent();
        assertThat(answer.to()).isEqualTo(ALICE);
        assertThat(answer.type()).isEqualTo("result");
        assertThat(proxy.proxy.pendingRequests()).isZero();
        asked.forEach(proxy::result);
        proxy.pass(Duration.ofSeconds(200));
        assertThat(proxy.sent()).isEmpty();
        ModelLeaks.check(proxy.pendingRequests());
    }

    @Test
    void theSecondResourceAnswers() throws Exception {
        start(settings -> settings, A, B);
        List<Stanza> asked = asked();
        proxy.result(asked.get(1));
        assertAnsweredOnce(asked);
    }

    @Test
    void theLateReplyOfTheFirstAnswers() throws Exception {
        start(settings -> settings, A, B);
        List<Stanza> asked = asked();
        proxy.result(asked.get(0));
        assertAnsweredOnce(asked);
        assertThat(proxy.pendingRequests().attempts().overtakings()).isEqualTo(1);
        assertThat(proxy.pendingRequests().attempts().timeouts()).isEqualTo(1);
    }

    @Test
    void nobodyElseIsThereSoTheFirstIsWaitedFor() throws Exception {
        start(settings -> settings, A);
        proxy.get(ALICE, "1");
        Stanza first = proxy.onlySent();
        proxy.pass(Duration.ofSeconds(40));
        assertThat(proxy.sent()).isEmpty();
        proxy.result(first);
        assertAnsweredOnce(List.of(first));
    }

    @Test
    void theDeadlineIsOneForAll() throws Exception {
        start(settings -> settings, A, B);
        asked();
        proxy.pass(Duration.ofMillis(54800));
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofMillis(300));
        assertThat(proxy.onlySent().type()).isEqualTo("error");
        ModelLeaks.check(proxy.pendingRequests());
    }

    @Test
    void aBounceOfOneEndsItsAttemptAlone() throws Exception {
        start(settings -> settings, A, B);
        List<Stanza> asked = asked();
        proxy.error(asked.get(1), "service-unavailable");
        assertThat(proxy.sent()).isEmpty();
        proxy.result(asked.get(0));
        assertAnsweredOnce(asked);
    }

    @Test
    void onlyAConditionOfRetryOnIsCountedAsARefusal() throws Exception {
        start(settings -> settings.with(WorkerKeys.RETRY_ON, List.of(Condition.RESOURCE_CONSTRAINT)), A, B, C);
        proxy.get(ALICE, "1");
        proxy.onlySent();
        proxy.pass(Duration.ofSeconds(6));
        proxy.error(proxy.onlySent(), "service-unavailable");
        Stanza third = proxy.onlySent();
        assertThat(proxy.pendingRequests().attempts().refusals()).isZero();
        proxy.result(third);
        proxy.onlySent();
        proxy.get(ALICE, "2");
        proxy.error(proxy.onlySent(), "resource-constraint");
        proxy.onlySent();
        assertThat(proxy.pendingRequests().attempts().refusals()).isEqualTo(1);
    }

    /** A presence of type error says that we do not see the resource, not that it has left. */
    @Test
    void whatIsPendingAtAResourceThatIsNotSeenKeepsItsDeadline() throws Exception {
        start(settings -> settings, A, B);
        proxy.set(ALICE, "1");
        Stanza set = proxy.onlySent();
        proxy.receive("<presence type='error' from='" + set.to() + "' to='proxy.example'/>");
        proxy.pass(Duration.ofSeconds(50));
        assertThat(proxy.sent()).isEmpty();
        proxy.result(set);
        assertAnsweredOnce(List.of(set));
    }

    @Test
    void soDoesWhatIsWaitedForOnceMoreThere() throws Exception {
        start(settings -> settings.with(RequestKeys.ATTEMPTS, 2), A, B);
        List<Stanza> asked = asked();
        proxy.receive("<presence type='error' from='" + asked.get(0).to() + "' to='proxy.example'/>");
        proxy.error(asked.get(1), "service-unavailable");
        proxy.pass(Duration.ofSeconds(40));
        assertThat(proxy.sent()).isEmpty();
        proxy.result(asked.get(0));
        assertAnsweredOnce(asked);
    }

    /** The key of the second attempt is that of the first one: the same address, requester and id. */
    @Test
    void aNewSessionAtTheSameAddressHasTheTimeOfAnAttemptToo() throws Exception {
        start(settings -> settings.with(WorkerKeys.ATTEMPT_TIMEOUT, Duration.ofMillis(500)), A);
        proxy.get(ALICE, "1");
        Stanza first = proxy.onlySent();
        proxy.leaves(A);
        proxy.comes(A);
        proxy.error(first, "recipient-unavailable");
        proxy.pass(Duration.ofMillis(250));
        assertThat(proxy.onlySent().id()).isEqualTo(first.id());
        proxy.comes(B);
        proxy.pass(Duration.ofMillis(600));
        assertThat(proxy.onlySent().to()).isEqualTo(B);
    }

    @Test
    void aLeaveOfOneEndsItsAttemptAlone() throws Exception {
        for (int gone = 0; gone < 2; gone++) {
            if (proxy != null) {
                proxy.close();
            }
            start(settings -> settings, A, B);
            List<Stanza> asked = asked();
            proxy.leaves(asked.get(gone).to());
            proxy.pass(Duration.ofSeconds(8));
            assertThat(proxy.sent()).isEmpty();
            proxy.result(asked.get(1 - gone));
            assertAnsweredOnce(asked);
        }
    }

    @Test
    void whereTheLastSessionThatHasItLeavesWhoeverIsInThePlaceOfAnotherGetsIt() throws Exception {
        start(settings -> settings, A, B);
        List<Stanza> asked = asked();
        String replaced = asked.get(1).to();
        proxy.leaves(replaced);
        proxy.comes(replaced);
        proxy.pass(Duration.ofMillis(5200));
        assertThat(proxy.sent()).as("the first one has it still").isEmpty();
        proxy.leaves(asked.get(0).to());
        proxy.pass(Duration.ofMillis(2100));
        Stanza again = proxy.onlySent();
        assertThat(again.to()).isEqualTo(replaced);
        proxy.result(again);
        assertAnsweredOnce(asked);
    }

    @Test
    void theSessionInThePlaceOfOneThatIsWaitedForIsNotAskedBesideIt() throws Exception {
        start(settings -> settings, A, B);
        proxy.get(ALICE, "1");
        Stanza first = proxy.onlySent();
        proxy.leaves(first.to());
        proxy.error(first, "recipient-unavailable");
        Stanza second = proxy.onlySent();
        proxy.pass(Duration.ofSeconds(4));
        proxy.leaves(second.to());
        proxy.comes(second.to());
        // The other one would come first, were it asked at all.
        proxy.receive("<presence from='" + first.to() + "' to='proxy.example'><show>dnd</show></presence>");
        proxy.pass(Duration.ofMillis(1200));
        assertThat(proxy.onlySent().to()).isEqualTo(first.to());
        proxy.result(second);
        assertAnsweredOnce(List.of(second));
    }

    @Test
    void whereTheLastSessionThatHasItIsBusyWhoeverIsInThePlaceOfAnotherGetsIt() throws Exception {
        start(settings -> settings.with(WorkerKeys.RETRY_ON, List.of(Condition.RESOURCE_CONSTRAINT)), A, B);
        List<Stanza> asked = asked();
        String replaced = asked.get(0).to();
        proxy.leaves(replaced);
        proxy.comes(replaced);
        proxy.pass(Duration.ofMillis(5200));
        assertThat(proxy.sent()).as("the second one has it still").isEmpty();
        proxy.error(asked.get(1), "resource-constraint");
        proxy.pass(Duration.ofMillis(200));
        Stanza again = proxy.onlySent();
        assertThat(again.to()).isEqualTo(replaced);
        proxy.result(again);
        assertAnsweredOnce(asked);
    }

    @Test
    void aSetIsAskedTwiceOnlyIfItMayBeAlways() throws Exception {
        start(settings -> settings, A, B);
        proxy.set(ALICE, "1");
        Stanza first = proxy.onlySent();
        proxy.pass(Duration.ofSeconds(30));
        assertThat(proxy.sent()).isEmpty();
        proxy.result(first);
        assertAnsweredOnce(List.of(first));
        proxy.close();
        start(settings -> settings.with(WorkerKeys.RETRY_SET, RetrySet.ALWAYS), A, B);
        proxy.set(ALICE, "1");
        proxy.onlySent();
        proxy.pass(Duration.ofSeconds(6));
        Stanza second = proxy.onlySent();
        proxy.result(second);
        assertAnsweredOnce(List.of(second));
    }

    @Test
    void aBusyResourceIsPassedOver() throws Exception {
        start(settings -> settings.with(WorkerKeys.RETRY_ON, List.of(Condition.RESOURCE_CONSTRAINT)), A, B);
        proxy.set(ALICE, "1");
        Stanza first = proxy.onlySent();
        proxy.error(first, "resource-constraint");
        Stanza second = proxy.onlySent();
        assertThat(second.to()).isNotEqualTo(first.to()).isNotEqualTo(ALICE);
        proxy.error(second, "resource-constraint");
        Stanza answer = proxy.onlySent();
        assertThat(answer.to()).isEqualTo(ALICE);
        assertThat(answer.content()).asString().contains("resource-constraint").doesNotContain("urn:clientproxy");
        ModelLeaks.check(proxy.pendingRequests());
    }

    @Test
    void aResourceThatSaysItIsUnavailableAndStaysIsPassedOverToo() throws Exception {
        start(settings -> settings.with(WorkerKeys.RETRY_ON, List.of(Condition.SERVICE_UNAVAILABLE)), A, B);
        proxy.get(ALICE, "1");
        Stanza first = proxy.onlySent();
        proxy.error(first, "service-unavailable");
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofMillis(300));
        Stanza second = proxy.onlySent();
        proxy.result(second);
        assertAnsweredOnce(List.of(first, second));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void afterAKillAReplyOfEitherAnswers(int replying) throws Exception {
        start(settings -> settings.with(RequestKeys.PENDING, PendingKind.FILE), A, B);
        List<Stanza> asked = asked();
        ProxyFixture killed = proxy;
        proxy = killed.killedAndStarted(
                nextDataDir, Duration.ofSeconds(1), s -> slow(s).with(RequestKeys.PENDING, PendingKind.FILE));
        killed.close();
        proxy.ready(A, B);
        assertThat(proxy.proxy.pendingRequests()).isEqualTo(1);
        proxy.result(asked.get(replying));
        assertAnsweredOnce(asked);
    }
}
