package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyFixture.BOB;
import static org.clientproxy.proxy.ProxyRequestsTest.assertError;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.camel.Processor;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.awaitility.Awaitility;
import org.clientproxy.proxy.settings.RetrySet;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refusals by rule and limit, failures of our own steps, and the graceful stop. */
class ProxyLimitsTest {
    @TempDir
    Path dataDir;

    private ProxyFixture proxy;

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void start(UnaryOperator<SettingsBuilder> change, String... resources) throws Exception {
        proxy = ProxyFixture.start(
                dataDir, settings -> change.apply(new SettingsBuilder(settings)).build());
        proxy.ready(resources);
    }

    @Test
    void refusesWhoIsNotAllowed() throws Exception {
        start(s -> s.allow(List.of(Jid.parse("some.example"))).deny(List.of(Jid.parse("eve@some.example"))), A);
        proxy.get(BOB, "1");
        assertError(proxy.onlySent(), Condition.FORBIDDEN, StanzaError.Type.AUTH);
        proxy.get("eve@some.example/x", "1");
        assertError(proxy.onlySent(), Condition.FORBIDDEN, StanzaError.Type.AUTH);
        proxy.get(ALICE, "1");
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    @Test
    void refusesWhatTheXPathDoesNotAccept() throws Exception {
        start(s -> s.routes("java").accept("/*[@type='get']/*[namespace-uri()='urn:example:q' and not(.//text())]"), A);
        proxy.set(ALICE, "1");
        assertError(proxy.onlySent(), Condition.NOT_ACCEPTABLE, StanzaError.Type.MODIFY);
        proxy.get(ALICE, "2");
        Stanza forwarded = proxy.onlySent();
        assertThat(forwarded.to()).isEqualTo(A);
        assertThat(forwarded.content()).asString().isEqualTo("<query xmlns='urn:example:q'/>");
    }

    @Test
    void refusesARequestThatTranslationMakesTooLarge() throws Exception {
        start(s -> s, A);
        String payload = "<q xmlns='urn:q'>" + "x".repeat(512 * 1024 - 120) + "</q>";
        proxy.receive("<iq type='get' id='1' from='" + ALICE + "' to='proxy.example'>" + payload + "</iq>");
        assertError(proxy.onlySent(), Condition.POLICY_VIOLATION, StanzaError.Type.MODIFY);
    }

    @Test
    void refusesMoreThanTheRequestersShareAndMoreThanAll() throws Exception {
        start(s -> s.maxPending(5).maxPendingPerRequester(3), A);
        for (int i = 0; i < 3; i++) {
            proxy.get(ALICE.replace("home", "home" + i), "1");
        }
        List<Stanza> ofAlice = proxy.sent();
        assertThat(ofAlice).hasSize(3).allMatch(stanza -> A.equals(stanza.to()));
        proxy.get(ALICE, "2");
        assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        proxy.get(BOB, "1");
        proxy.get(BOB, "2");
        assertThat(proxy.sent()).hasSize(2).allMatch(stanza -> A.equals(stanza.to()));
        proxy.get("carol@third.example/x", "1");
        assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        proxy.result(ofAlice.get(0));
        proxy.sent();
        proxy.get("carol@third.example/x", "2");
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    @Test
    void doesNotRepeatASetWhereToldNotTo() throws Exception {
        start(s -> s.retrySet(RetrySet.NEVER), A, B);
        proxy.set(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        proxy.leaves(forwarded.to());
        proxy.error(forwarded, "service-unavailable");
        assertError(proxy.onlySent(), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "admit",
                "choose",
                "translate",
                "choose while waiting",
                "next-choose while waiting",
                "next-translate while waiting",
                "open while waiting",
                "decide",
                "translate-reply",
                "open",
                "send-request",
                "complete",
                "admit settle",
                "choose settle",
                "translate settle",
                "send-request settle",
                "decide settle",
                "translate-reply settle"
            })
    void answersAllTheSameWhenStepsFail(String steps) throws Exception {
        proxy = new ProxyFixture(dataDir, settings -> settings, context -> {});
        boolean waiting = steps.endsWith(" while waiting");
        if (!waiting) {
            proxy.ready(A);
        }
        for (String step : steps.replace(" while waiting", "").split(" ")) {
            breakStep(step);
        }
        if (waiting) {
            proxy.stream().become(StreamState.READY);
        }
        proxy.get(ALICE, "1");
        List<Stanza> sent = proxy.sent();
        if (sent.size() == 1 && A.equals(sent.get(0).to())) {
            proxy.result(sent.get(0));
            sent = proxy.sent();
        }
        if (sent.isEmpty()) {
            // The reply was lost on the way; the request is not.
            proxy.pass(Duration.ofSeconds(61));
            sent = proxy.sent();
        }
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).to()).isEqualTo(ALICE);
        assertThat(sent.get(0).id()).isEqualTo("1");
        assertThat(sent.get(0).type()).isEqualTo("error");
        proxy.pass(Duration.ofSeconds(200));
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    private void breakStep(String step) throws Exception {
        Processor failing = exchange -> {
            throw new IllegalStateException("the step " + step + " fails in this test");
        };
        AdviceWith.adviceWith(proxy.context, routeWith("proxy-" + step), advice -> advice.weaveById("proxy-" + step)
                .replace()
                .process(failing));
    }

    /** The route with this step, wherever in its blocks it stands. */
    private String routeWith(String stepId) {
        Model model = proxy.context.getCamelContextExtension().getContextPlugin(Model.class);
        for (RouteDefinition route : model.getRouteDefinitions()) {
            for (ProcessorDefinition<?> step :
                    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class)) {
                if (stepId.equals(step.getId())) {
                    return route.getRouteId();
                }
            }
        }
        throw new AssertionError("no route has a step " + stepId);
    }

    @ParameterizedTest
    @EnumSource(StanzaNotSentException.Reason.class)
    void aReplyThatTheStreamDoesNotTakeIsAFailureOfOursAndNoFaultOfTheRequest(StanzaNotSentException.Reason reason)
            throws Exception {
        start(s -> s, A);
        proxy.get(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        proxy.stream().refuse(reason);
        proxy.result(forwarded);
        assertError(proxy.onlySent(), Condition.INTERNAL_SERVER_ERROR, StanzaError.Type.CANCEL);
    }

    @Test
    void saysThatTooMuchIsPendingWhenTheStreamTakesNoMore() throws Exception {
        start(s -> s, A);
        proxy.stream().refuse(StanzaNotSentException.Reason.OUTBOX_FULL);
        proxy.get(ALICE, "1");
        assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    @Test
    void drainsBeforeItStops() throws Exception {
        start(s -> s.drainTimeout(Duration.ofSeconds(5)), A);
        proxy.get(ALICE, "1");
        proxy.get(BOB, "2");
        List<Stanza> forwarded = proxy.sent();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(proxy.context::stop);
        Awaitility.await().until(() -> {
            proxy.loop.advance(Duration.ZERO);
            proxy.get("carol@third.example/x", "3");
            return proxy.sent().stream().anyMatch(stanza -> "error".equals(stanza.type()));
        });
        proxy.result(forwarded.get(0));
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
        proxy.pass(Duration.ofSeconds(6));
        Awaitility.await().until(() -> {
            proxy.loop.advance(Duration.ZERO);
            return stopped.isDone();
        });
        List<Stanza> last = proxy.stream().takeSent();
        assertThat(last).hasSize(2);
        assertThat(last.get(0).to()).isEqualTo(BOB);
        assertError(last.get(0), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
        assertThat(last.get(1).kind()).isEqualTo(Stanza.Kind.PRESENCE);
        assertThat(last.get(1).type()).isEqualTo("unavailable");
        assertThat(last.get(1).to()).isEqualTo("worker@some.example");
    }

    @Test
    void answersEveryRequestThatComesWhileRoutesStop() throws Exception {
        start(s -> s.drainTimeout(Duration.ofSeconds(1)), A);
        List<String> asked = new ArrayList<>();
        List<String> answered = new ArrayList<>();
        // The stop waits for this one, so that others come meanwhile.
        asked.add("before");
        proxy.get(ALICE, "before");
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(proxy.context::stop);
        while (!stopped.isDone()) {
            if (proxy.stream().state() == StreamState.READY) {
                String id = "while stopping " + asked.size();
                asked.add(id);
                proxy.get(ALICE, id);
            }
            proxy.pass(Duration.ofMillis(100));
            proxy.sent().stream().filter(Stanza::isReply).map(Stanza::id).forEach(answered::add);
        }
        proxy.sent().stream().filter(Stanza::isReply).map(Stanza::id).forEach(answered::add);
        assertThat(answered).containsExactlyInAnyOrderElementsOf(asked).hasSizeGreaterThan(1);
    }
}
