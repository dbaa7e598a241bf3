package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slow and busy resources that have a capacity too, or are ejected, or get other settings meanwhile. */
class SlowAndFullResourcesTest {
    private static final String C = "worker@some.example/c";
    private static final Duration LATE = Duration.ofMillis(5100);

    @TempDir
    Path dataDir;

    private ProxyFixture proxy;
    private ProxySettings settings;

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void start(UnaryOperator<ProxySettings> change, String... resources) throws Exception {
        settings = change.apply(ProxyFixture.settings(dataDir).with(RequestKeys.ATTEMPTS, 3));
        proxy = ProxyFixture.start(dataDir, defaults -> settings);
        proxy.ready(resources);
    }

    private static ProxySettings slow(ProxySettings settings) {
        return settings.with(WorkerKeys.ATTEMPT_TIMEOUT, Duration.ofSeconds(5));
    }

    private static ProxySettings busy(ProxySettings settings) {
        return settings.with(WorkerKeys.RETRY_ON, List.of(Condition.RESOURCE_CONSTRAINT));
    }

    /** One request at a time at each, and others wait. */
    private static ProxySettings full(ProxySettings settings) {
        return settings.with(WorkerKeys.MAX_PENDING_PER_RESOURCE, 1)
                .with(WorkerKeys.QUEUE_TIMEOUT, Duration.ofSeconds(50));
    }

    private Stanza get(String id) {
        proxy.get(ALICE, id);
        return proxy.onlySent();
    }

    private void assertAnswer(Stanza stanza, String id, String type) {
        assertThat(stanza.to()).isEqualTo(ALICE);
        assertThat(stanza.id()).isEqualTo(id);
        assertThat(stanza.type()).isEqualTo(type);
    }

    @Test
    void whoShowedUpAnewAndRefusesItDoesNotGetItAgain() throws Exception {
        start(settings -> busy(full(settings)), A, B);
        Stanza first = get("1");
        Stanza second = get("2");
        proxy.leaves(first.to());
        proxy.comes(first.to());
        proxy.error(first, "resource-constraint");
        assertThat(proxy.sent()).as("it waits for the other one").isEmpty();
        proxy.result(second);
        List<Stanza> sent = proxy.sent();
        assertThat(sent).hasSize(2);
        assertAnswer(sent.get(0), "2", "result");
        assertThat(sent.get(1).to()).isEqualTo(second.to());
    }

    @Test
    void whereNobodyHasRoomTheSlowOneIsWaitedForAndAskedBesideWhenOneHas() throws Exception {
        start(settings -> full(slow(settings)), A, B);
        Stanza first = get("1");
        Stanza second = get("2");
        assertThat(second.to()).isNotEqualTo(first.to());
        proxy.pass(LATE);
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.proxy.queuedRequests()).isZero();
        proxy.result(second);
        assertAnswer(proxy.onlySent(), "2", "result");
        proxy.pass(LATE);
        Stanza beside = proxy.onlySent();
        assertThat(beside.to()).isEqualTo(second.to());
        assertThat(proxy.proxy.pendingRequests()).isEqualTo(1);
        proxy.result(first);
        assertAnswer(proxy.onlySent(), "1", "result");
        ModelLeaks.check(proxy.pendingRequests());
    }

    /** The sessions of both have ended with it, so a new one at either address never had it. */
    @ParameterizedTest
    @ValueSource(strings = {A, B})
    void whoeverReturnsGetsWhatEndedAtSeveral(String back) throws Exception {
        start(settings -> full(slow(settings)), A, B);
        get("1");
        proxy.pass(LATE);
        proxy.onlySent();
        proxy.leaves(A);
        proxy.leaves(B);
        proxy.pass(Duration.ofSeconds(3));
        assertThat(proxy.sent()).isEmpty();
        proxy.comes(back);
        Stanza again = proxy.onlySent();
        assertThat(again.to()).isEqualTo(back);
        proxy.result(again);
        assertAnswer(proxy.onlySent(), "1", "result");
        ModelLeaks.check(proxy.pendingRequests());
    }

    /** The same where one ended with it after the other. */
    @ParameterizedTest
    @ValueSource(strings = {A, B})
    void whoeverReturnsGetsWhatEndedAtOneAfterTheOther(String back) throws Exception {
        start(settings -> settings.with(WorkerKeys.QUEUE_TIMEOUT, Duration.ofSeconds(50)), A, B);
        Stanza first = get("1");
        proxy.pass(LATE);
        proxy.leaves(first.to());
        proxy.pass(Duration.ofSeconds(3));
        proxy.leaves(proxy.onlySent().to());
        proxy.pass(Duration.ofSeconds(3));
        assertThat(proxy.sent()).isEmpty();
        proxy.comes(back);
        assertThat(proxy.onlySent().to()).isEqualTo(back);
    }

    @Test
    void eachAttemptHasAPlaceAndTheAnswerGivesAllOfThemToThoseWhoWait() throws Exception {
        start(settings -> full(slow(settings)), A, B);
        Stanza first = get("1");
        proxy.pass(LATE);
        Stanza beside = proxy.onlySent();
        assertThat(beside.to()).isNotEqualTo(first.to());
        proxy.get(ALICE, "2");
        proxy.get(ALICE, "3");
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.proxy.queuedRequests()).isEqualTo(2);
        assertThat(proxy.proxy.pendingRequests()).isEqualTo(3);
        proxy.result(first);
        List<Stanza> sent = proxy.sent();
        assertAnswer(sent.get(0), "1", "result");
        assertThat(sent.subList(1, sent.size())).extracting(Stanza::to).containsExactlyInAnyOrder(A, B);
        assertThat(proxy.proxy.queuedRequests()).isZero();
        sent.subList(1, 3).forEach(proxy::result);
        assertThat(proxy.sent()).hasSize(2);
        ModelLeaks.check(proxy.pendingRequests());
    }

    @Test
    void theEndOfOneAttemptGivesItsPlaceToThoseWhoWait() throws Exception {
        start(settings -> busy(full(slow(settings))), A, B);
        Stanza first = get("1");
        proxy.pass(LATE);
        Stanza beside = proxy.onlySent();
        proxy.get(ALICE, "2");
        assertThat(proxy.sent()).isEmpty();
        proxy.error(beside, "resource-constraint");
        Stanza next = proxy.onlySent();
        assertThat(next.to()).isEqualTo(beside.to());
        proxy.result(next);
        assertAnswer(proxy.onlySent(), "2", "result");
        proxy.result(first);
        assertAnswer(proxy.onlySent(), "1", "result");
        ModelLeaks.check(proxy.pendingRequests());
    }

    @Test
    void aRefusedRequestWaitsInTheQueueForAnotherResource() throws Exception {
        start(settings -> busy(full(settings)), A, B);
        Stanza first = get("1");
        Stanza second = get("2");
        proxy.error(first, "resource-constraint");
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.proxy.queuedRequests()).isEqualTo(1);
        proxy.result(second);
        List<Stanza> sent = proxy.sent();
        assertAnswer(sent.get(0), "2", "result");
        assertThat(sent.get(1).to()).isEqualTo(second.to());
        proxy.result(sent.get(1));
        assertAnswer(proxy.onlySent(), "1", "result");
        ModelLeaks.check(proxy.pendingRequests());
    }

    @Test
    void withoutAQueueTheRefusalIsPassedOnWhereTheOthersAreFull() throws Exception {
        start(settings -> busy(settings.with(WorkerKeys.MAX_PENDING_PER_RESOURCE, 1)), A, B);
        Stanza first = get("1");
        get("2");
        proxy.error(first, "resource-constraint");
        assertAnswer(proxy.onlySent(), "1", "error");
        assertThat(proxy.proxy.pendingRequests()).isEqualTo(1);
    }

    @Test
    void whoIsSlowFiveTimesIsEjectedThoughAnotherOneAnswers() throws Exception {
        start(SlowAndFullResourcesTest::slow, A, B);
        for (int i = 0; proxy.pendingRequests().attempts().timeouts() < 5; i++) {
            assertThat(i).isLessThan(20);
            assertThat(proxy.proxy.poolSize()).isEqualTo(2);
            Stanza sent = get("" + i);
            if (sent.to().equals(A)) {
                proxy.pass(LATE);
                sent = proxy.onlySent();
            }
            assertThat(sent.to()).isEqualTo(B);
            proxy.result(sent);
            assertAnswer(proxy.onlySent(), "" + i, "result");
        }
        assertThat(proxy.proxy.poolSize()).isEqualTo(1);
    }

    @Test
    void aTimeOutIsCountedOnceForEachAttempt() throws Exception {
        start(SlowAndFullResourcesTest::slow, A, B);
        get("1");
        proxy.pass(LATE);
        proxy.onlySent();
        proxy.pass(Duration.ofSeconds(60));
        assertAnswer(proxy.onlySent(), "1", "error");
        assertThat(proxy.pendingRequests().attempts().timeouts()).isEqualTo(2);
    }

    @Test
    void anAttemptThatWasPassedOverBeforeItWasLateIsCountedWhenItIs() throws Exception {
        start(settings -> busy(slow(settings)), A, B, C);
        Stanza first = get("1");
        proxy.pass(LATE);
        proxy.onlySent();
        proxy.error(first, "resource-constraint");
        proxy.onlySent();
        proxy.pass(Duration.ofSeconds(60));
        assertAnswer(proxy.onlySent(), "1", "error");
        assertThat(proxy.pendingRequests().attempts().timeouts()).isEqualTo(3);
    }

    @Test
    void bothSettingsHoldForWhatComesAfterTheyAreAdjusted() throws Exception {
        start(settings -> settings, A, B);
        settings = busy(slow(settings));
        proxy.proxy.adjust(settings);
        proxy.loop.runDue();
        Stanza first = get("1");
        proxy.error(first, "resource-constraint");
        Stanza other = proxy.onlySent();
        assertThat(other.to()).isNotEqualTo(first.to());
        proxy.result(other);
        proxy.onlySent();
        Stanza slow = get("2");
        proxy.pass(LATE);
        Stanza beside = proxy.onlySent();
        assertThat(beside.to()).isNotEqualTo(slow.to());
        proxy.result(beside);
        assertAnswer(proxy.onlySent(), "2", "result");
    }
}
