package org.clientproxy.proxy.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.BOB;
import static org.clientproxy.proxy.ProxyRequestsTest.assertError;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.apache.camel.support.AsyncProcessorSupport;
import org.awaitility.Awaitility;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.SettingsBuilder;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.clientproxy.xmpp.StanzaErrorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hook {@code request-admitted}: what passes, what is refused, and what is away for a while or for ever. */
class GateTest {
    @TempDir
    Path dataDir;

    private ProxyFixture proxy;

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void start(UnaryOperator<SettingsBuilder> change) throws Exception {
        proxy = ProxyFixture.start(dataDir, settings -> change.apply(new SettingsBuilder(settings))
                        .build())
                .ready(A);
    }

    /** A route at the gate, with the error handler that Camel gives to whoever asks for none. */
    private void gateOf(Consumer<RouteDefinition> steps) throws Exception {
        proxy.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                steps.accept(from("direct:proxy-request-admitted").routeId("gate"));
            }
        });
    }

    private void gate(Processor step) throws Exception {
        gateOf(route -> route.process(step));
    }

    @Test
    void theGateGetsTheRequestOnTheLoopAndLetsItPass() throws Exception {
        start(s -> s);
        List<String> seen = new ArrayList<>();
        Thread loop = Thread.currentThread();
        gate(exchange -> {
            assertThat(Thread.currentThread()).isSameAs(loop);
            seen.add(exchange.getMessage().getBody(Stanza.class).id() + " of "
                    + exchange.getMessage().getHeader(ProxyHeaders.REQUESTER) + " at "
                    + exchange.getMessage().getHeader(ProxyHeaders.REQUESTER_DOMAIN));
        });
        proxy.get("Alice@SOME.example/Home", "1");
        proxy.result(proxy.onlySent());
        assertThat(proxy.onlySent().type()).isEqualTo("result");
        assertThat(seen).containsExactly("1 of Alice@SOME.example/Home at some.example");
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    @Test
    void whatOurOwnChecksRefuseDoesNotReachTheGate() throws Exception {
        start(s -> s.maxPendingPerRequester(1));
        List<Object> seen = new ArrayList<>();
        gate(exchange -> seen.add(exchange.getMessage().getBody()));
        proxy.get(ALICE, "1");
        proxy.get(ALICE, "2");
        assertThat(seen).hasSize(1);
    }

    static Exception refusal(String kind) {
        return switch (kind) {
            case "stanza error" ->
                new StanzaErrorException(StanzaError.of(Condition.NOT_AUTHORIZED, "Log in at the desk first."));
            case "throttle" -> new ThrottlerRejectedExecutionException("too fast");
            default -> new IllegalStateException("this test's gate is broken");
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"stanza error", "throttle", "failure"})
    void whatTheGateThrowsIsTheAnswer(String kind) throws Exception {
        start(s -> s);
        gate(exchange -> {
            throw refusal(kind);
        });
        proxy.get(ALICE, "1");
        Stanza answer = proxy.onlySent();
        switch (kind) {
            case "stanza error" -> assertError(answer, Condition.NOT_AUTHORIZED, StanzaError.Type.AUTH);
            case "throttle" -> {
                assertError(answer, Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
                assertThat(answer.toXml()).contains("<throttled ");
            }
            default -> assertError(answer, Condition.INTERNAL_SERVER_ERROR, StanzaError.Type.CANCEL);
        }
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    @Test
    void aValidationThatFailsIsNotAcceptable() throws Exception {
        start(s -> s);
        gateOf(route -> route.validate().simple("${header.CamelXmppComponentType} == 'get'"));
        proxy.set(ALICE, "1");
        assertError(proxy.onlySent(), Condition.NOT_ACCEPTABLE, StanzaError.Type.MODIFY);
        proxy.get(ALICE, "2");
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    @Test
    void whatIsForwardedIsWhatWasAdmittedWhateverTheGateDoesToTheExchange() throws Exception {
        start(s -> s.routes("java").accept("/*/*[namespace-uri()='urn:example:q']"));
        gateOf(route -> route.removeHeaders("*")
                .setBody()
                .constant("something else")
                .setExchangePattern(ExchangePattern.InOut)
                .stop());
        proxy.get(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        assertThat(forwarded.to()).isEqualTo(A);
        assertThat(forwarded.content()).asString().isEqualTo("<query xmlns='urn:example:q'/>");
        proxy.result(forwarded);
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
    }

    @Test
    void aFailureThatTheRouteHandlesItselfPasses() throws Exception {
        start(s -> s);
        proxy.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(defaultErrorHandler());
                onException(IllegalStateException.class).handled(true).setBody().constant("no lookup today");
                from("direct:proxy-request-admitted").process(exchange -> {
                    throw refusal("failure");
                });
            }
        });
        proxy.get(ALICE, "1");
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    @Test
    void aRollbackRefuses() throws Exception {
        start(s -> s);
        gateOf(route -> route.markRollbackOnly());
        proxy.get(ALICE, "1");
        assertError(proxy.onlySent(), Condition.INTERNAL_SERVER_ERROR, StanzaError.Type.CANCEL);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestThatWentToAnotherThreadComesBackToTheLoop(boolean passes) throws Exception {
        start(s -> s);
        CountDownLatch mayGo = new CountDownLatch(1);
        gateOf(route -> route.threads(1).process(exchange -> {
            mayGo.await();
            if (!passes) {
                throw refusal("stanza error");
            }
        }));
        proxy.get(ALICE, "1");
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.proxy.pendingRequests()).isOne();
        // Nobody but this thread runs the loop, so what is sent was sent on it.
        mayGo.countDown();
        List<Stanza> sent = new ArrayList<>();
        Awaitility.await().until(() -> {
            proxy.loop.runDue();
            sent.addAll(proxy.sent());
            return !sent.isEmpty();
        });
        if (passes) {
            assertThat(sent).singleElement().matches(stanza -> A.equals(stanza.to()));
            proxy.result(sent.get(0));
            assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
        } else {
            assertThat(sent)
                    .singleElement()
                    .satisfies(answer -> assertError(answer, Condition.NOT_AUTHORIZED, StanzaError.Type.AUTH));
        }
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    /** A gate that keeps what it gets until a test lets it go. */
    private BlockingQueue<AsyncCallback> keeping() throws Exception {
        BlockingQueue<AsyncCallback> kept = new LinkedBlockingQueue<>();
        gate(new AsyncProcessorSupport() {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                kept.add(callback);
                return false;
            }
        });
        return kept;
    }

    @Test
    void aRequestThatNeverComesBackIsAnsweredAtItsDeadlineAndOnce() throws Exception {
        start(s -> s);
        BlockingQueue<AsyncCallback> kept = keeping();
        proxy.get(ALICE, "1");
        proxy.pass(Duration.ofSeconds(59));
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofSeconds(2));
        Stanza answer = proxy.onlySent();
        assertError(answer, Condition.REMOTE_SERVER_TIMEOUT, StanzaError.Type.WAIT);
        assertThat(answer.toXml()).contains("<not-decided ");
        assertThat(proxy.proxy.pendingRequests()).isZero();
        kept.remove().done(false);
        proxy.pass(Duration.ofSeconds(61));
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.context.getInflightRepository().size()).isZero();
    }

    @Test
    void requestsAtTheGateCountAsPending() throws Exception {
        start(s -> s.maxPending(3).maxPendingPerRequester(2));
        BlockingQueue<AsyncCallback> kept = keeping();
        proxy.get(ALICE, "1");
        proxy.get(ALICE, "2");
        proxy.get(ALICE, "3");
        assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        proxy.get(BOB, "1");
        proxy.get("carol@third.example/x", "1");
        assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        kept.remove().done(false);
        proxy.loop.runDue();
        proxy.result(proxy.onlySent());
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
        proxy.get("carol@third.example/x", "2");
        assertThat(kept).hasSize(3);
    }

    @Test
    void aPoolThatIsConfirmedLetsNobodyPassTheGate() throws Exception {
        start(s -> s);
        BlockingQueue<AsyncCallback> kept = keeping();
        proxy.get(ALICE, "1");
        proxy.stream().become(StreamState.DISCONNECTED);
        proxy.ready(A);
        assertThat(proxy.sent()).isEmpty();
        kept.remove().done(false);
        proxy.loop.runDue();
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    @Test
    void aStopAwaitsTheGateAndThenAnswersInItsPlace() throws Exception {
        start(s -> s.drainTimeout(Duration.ofSeconds(5)));
        BlockingQueue<AsyncCallback> kept = keeping();
        proxy.get(ALICE, "in time");
        proxy.get(BOB, "too late");
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(proxy.context::stop);
        Awaitility.await().until(() -> {
            proxy.loop.advance(Duration.ZERO);
            proxy.get("carol@third.example/x", "new");
            return proxy.sent().stream().anyMatch(stanza -> "error".equals(stanza.type()));
        });
        kept.remove().done(false);
        proxy.loop.runDue();
        proxy.result(proxy.onlySent());
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
        proxy.pass(Duration.ofSeconds(6));
        Stanza last = proxy.onlySent();
        assertThat(last.to()).isEqualTo(BOB);
        assertError(last, Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
        kept.remove().done(false);
        Awaitility.await().until(() -> {
            proxy.loop.advance(Duration.ZERO);
            return stopped.isDone();
        });
        assertThat(proxy.sent()).isEmpty();
    }

    @Test
    void aGateThatIsStoppedRefusesAndOneThatIsRemovedIsGone() throws Exception {
        start(s -> s);
        gate(exchange -> {});
        for (String state : List.of("stopped", "suspended")) {
            if (state.equals("stopped")) {
                proxy.context.getRouteController().stopRoute("gate");
            } else {
                proxy.context.getRouteController().suspendRoute("gate");
            }
            proxy.get(ALICE, state);
            Stanza answer = proxy.onlySent();
            assertError(answer, Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
            assertThat(answer.toXml()).contains("<paused ");
            proxy.context.getRouteController().startRoute("gate");
            assertThat(proxy.context.getRouteController().getRouteStatus("gate"))
                    .isEqualTo(ServiceStatus.Started);
            proxy.get(ALICE, "started");
            assertThat(proxy.onlySent().to()).isEqualTo(A);
        }
        proxy.context.getRouteController().stopRoute("gate");
        assertThat(proxy.context.removeRoute("gate")).isTrue();
        proxy.get(ALICE, "removed");
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }
}
