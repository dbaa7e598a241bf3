package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyFixture.BOB;
import static org.clientproxy.proxy.ProxyRequestsTest.assertError;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.RouteController;
import org.apache.camel.spi.SupervisingRouteController;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.service.ServiceHelper;
import org.awaitility.Awaitility;
import org.clientproxy.proxy.routes.Correlate;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes of the proxy are stopped, suspended and started again, each alone and all together, with requests on their way. */
class StoppedRoutesTest {
    @TempDir
    Path dataDir;

    private ProxyFixture proxy;

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void start() throws Exception {
        proxy = ProxyFixture.start(new DefaultCamelContext(), dataDir).ready(A);
    }

    /** What an operator does, on a thread of his own, while the loop runs. */
    @FunctionalInterface
    interface Operation {
        void run(RouteController routes) throws Exception;
    }

    private void operate(Operation operation) {
        CompletableFuture<Void> done = CompletableFuture.runAsync(() -> {
            try {
                operation.run(proxy.context.getRouteController());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await().until(() -> {
            proxy.loop.advance(Duration.ZERO);
            return done.isDone();
        });
        done.join();
        proxy.loop.advance(Duration.ZERO);
    }

    private void stopRoutes(String which, String how) {
        operate(routes -> {
            if (which.equals("all") && how.equals("stop")) {
                routes.stopAllRoutes();
            } else if (which.equals("all")) {
                proxy.context.suspend();
            } else if (how.equals("stop")) {
                routes.stopRoute(which);
            } else {
                routes.suspendRoute(which);
            }
        });
    }

    private void startRoutes(String which, String how) {
        operate(routes -> {
            if (which.equals("all") && how.equals("stop")) {
                routes.startAllRoutes();
            } else if (which.equals("all")) {
                proxy.context.resume();
            } else if (how.equals("stop")) {
                routes.startRoute(which);
            } else {
                routes.resumeRoute(which);
            }
        });
    }

    private Stanza forwarded(String id) {
        proxy.get(ALICE, id);
        Stanza request = proxy.onlySent();
        assertThat(request.to()).isEqualTo(A);
        return request;
    }

    private void assertResult(String id) {
        Stanza answer = proxy.onlySent();
        assertThat(answer.type()).isEqualTo("result");
        assertThat(answer.id()).isEqualTo(id);
        assertThat(answer.to()).isEqualTo(ALICE);
    }

    private void assertServes(String id) {
        Stanza request = forwarded(id);
        proxy.result(request);
        assertResult(id);
    }

    @ParameterizedTest
    @CsvSource({
        "all, stop, true",
        "all, suspend, true",
        "proxy-stanzas, stop, true",
        "proxy-stanzas, suspend, true",
        "proxy-correlate, stop, true",
        "proxy-correlate, suspend, false",
        "proxy-failures, stop, false",
        "proxy-failures, suspend, false"
    })
    void whatIsPendingGoesOnAndTheStreamStays(String which, String how, boolean shut) throws Exception {
        start();
        Stanza repliedMeanwhile = forwarded("meanwhile");
        Stanza repliedAfterwards = forwarded("afterwards");
        InMemoryStream stream = proxy.stream();
        stopRoutes(which, how);
        proxy.result(repliedMeanwhile);
        assertResult("meanwhile");
        if (shut) {
            proxy.get(BOB, "shut");
            assertError(proxy.onlySent(), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
        } else {
            assertServes("served");
        }
        startRoutes(which, how);
        assertThat(proxy.stream()).isSameAs(stream);
        proxy.result(repliedAfterwards);
        assertResult("afterwards");
        assertServes("after the start");
        assertThat(proxy.sentPresences()).isEmpty();
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    @Test
    void presencesAreSeenWhileAllRoutesAreStopped() throws Exception {
        start();
        Stanza atA = forwarded("1");
        stopRoutes("all", "stop");
        proxy.comes(B);
        proxy.leaves(A);
        proxy.pass(Duration.ofSeconds(3));
        // The next attempt of a pending request, which goes on.
        Stanza atB = proxy.onlySent();
        assertThat(atB.to()).isEqualTo(B);
        assertThat(atB.from()).isEqualTo(atA.from());
        proxy.result(atB);
        assertResult("1");
        startRoutes("all", "stop");
        proxy.get(ALICE, "2");
        assertThat(proxy.onlySent().to()).isEqualTo(B);
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "proxy-correlate"})
    void deadlinesEndRequestsWhileRoutesAreStopped(String which) throws Exception {
        start();
        forwarded("1");
        stopRoutes(which, "stop");
        proxy.pass(Duration.ofSeconds(61));
        assertError(proxy.onlySent(), Condition.REMOTE_SERVER_TIMEOUT, StanzaError.Type.WAIT);
        startRoutes(which, "stop");
        assertServes("2");
    }

    @Test
    void otherStanzasGetWhatTheyAlwaysGet() throws Exception {
        start();
        stopRoutes("all", "stop");
        proxy.receive("<message from='" + ALICE + "' to='proxy.example'><body>x</body></message>");
        assertError(proxy.onlySent(), Condition.FEATURE_NOT_IMPLEMENTED, StanzaError.Type.CANCEL);
        proxy.receive("<iq type='get' id='1' from='" + ALICE + "' to='proxy.example'/>");
        assertError(proxy.onlySent(), Condition.BAD_REQUEST, StanzaError.Type.MODIFY);
        proxy.receive("<iq type='result' id='1' from='" + A + "' to='proxy.example'/>");
        assertThat(proxy.sent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "suspend"})
    void whatFailsIsAnsweredWhileTheRouteOfFailuresIsStopped(String how) throws Exception {
        start();
        stopRoutes("proxy-failures", how);
        proxy.stream().refuse(StanzaNotSentException.Reason.TOO_LARGE);
        proxy.get(ALICE, "1");
        assertError(proxy.onlySent(), Condition.POLICY_VIOLATION, StanzaError.Type.MODIFY);
        Stanza request = forwarded("2");
        proxy.stream().refuse(StanzaNotSentException.Reason.TOO_LARGE);
        proxy.result(request);
        assertError(proxy.onlySent(), Condition.INTERNAL_SERVER_ERROR, StanzaError.Type.CANCEL);
    }

    @Test
    void theStopOfTheContextDrainsThoughItsRoutesWereStopped() throws Exception {
        start();
        Stanza replied = forwarded("replied");
        forwarded("forgotten");
        stopRoutes("all", "stop");
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(proxy.context::stop);
        List<Stanza> sent = new ArrayList<>();
        boolean[] asked = new boolean[1];
        Awaitility.await().until(() -> {
            if (!asked[0]) {
                asked[0] = true;
                proxy.result(replied);
            }
            proxy.get(BOB, "late");
            proxy.pass(Duration.ofMillis(200));
            sent.addAll(proxy.stream().takeSent());
            return stopped.isDone();
        });
        stopped.join();
        assertThat(sent)
                .filteredOn(s -> "replied".equals(s.id()))
                .singleElement()
                .satisfies(s -> assertThat(s.type()).isEqualTo("result"));
        assertThat(sent)
                .filteredOn(s -> "forgotten".equals(s.id()))
                .singleElement()
                .satisfies(s -> assertError(s, Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT));
        assertThat(sent).anyMatch(s -> "unavailable".equals(s.type()));
        assertThat(sent)
                .filteredOn(s -> "late".equals(s.id()))
                .isNotEmpty()
                .allSatisfy(s -> assertError(s, Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"routes", "consumers"})
    void servesAgainAfterStopsByJmx(String type) throws Exception {
        start();
        Stanza pending = forwarded("pending");
        for (String action : List.of("stop", "start")) {
            operate(routes -> {
                MBeanServer server = ManagementFactory.getPlatformMBeanServer();
                for (ObjectName name : server.queryNames(
                        new ObjectName("org.apache.camel:context=" + proxy.context.getManagementName() + ",type=" + type
                                + ",*"),
                        null)) {
                    server.invoke(name, action, new Object[0], new String[0]);
                }
            });
            if (action.equals("stop")) {
                proxy.get(BOB, "shut");
                assertError(proxy.onlySent(), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
            }
        }
        proxy.result(pending);
        assertResult("pending");
        assertServes("after the start");
    }

    @Test
    void aSupervisorMayStartTheRoutesLaterAndStopThemAgain() throws Exception {
        proxy = new ProxyFixture(dataDir, settings -> settings, StoppedRoutesTest::supervise).ready(A);
        awaitRoutes();
        assertServes("1");
        operate(RouteController::stopAllRoutes);
        proxy.get(BOB, "shut");
        assertError(proxy.onlySent(), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
        operate(RouteController::startAllRoutes);
        awaitRoutes();
        assertServes("2");
    }

    private static void supervise(CamelContext context) {
        SupervisingRouteController supervisor = context.getRouteController().supervising();
        supervisor.setInitialDelay(1);
        supervisor.setBackOffDelay(10);
    }

    /** Camel calls a route started before it starts its consumer. */
    private void awaitRoutes() {
        Awaitility.await().until(() -> {
            proxy.loop.advance(Duration.ZERO);
            List<Route> routes = proxy.context.getRoutes();
            return routes.size() == 3
                    && routes.stream().allMatch(route -> ServiceHelper.isStarted(route.getConsumer()));
        });
    }

    /** The stop waits for the loop, and Camel does not wait for the stop: the steps behind the aggregator run until then. */
    @Test
    void anAnswerThatIsHalfWayThroughItsRouteWhenThatIsCutOffGoesOut() throws Exception {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        proxy = new ProxyFixture(dataDir, settings -> settings, context -> context.getCamelContextExtension()
                        .addInterceptStrategy((camel, definition, target, next) -> {
                            if (!"proxy-send-answer".equals(definition.getId())) {
                                return target;
                            }
                            return (Processor) exchange -> {
                                reached.complete(null);
                                goOn.join();
                                target.process(exchange);
                            };
                        }))
                .ready(A);
        Correlate correlate = proxy.context.getRegistry().lookupByNameAndType("proxy-correlate", Correlate.class);
        Stanza request = forwarded("1");
        CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> proxy.result(request));
        reached.join();
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> stopRoute("proxy-correlate", 1));
        Awaitility.await().until(() -> !correlate.isRunning());
        assertThat(stopping).isNotDone();
        goOn.complete(null);
        answering.join();
        assertResult("1");
        Awaitility.await().until(() -> {
            proxy.pass(Duration.ZERO);
            return stopping.isDone();
        });
    }

    /** As Camel's console does it: routes and endpoints are made anew. */
    @Test
    void servesAgainWhenAllRoutesWereReloaded() throws Exception {
        start();
        Stanza pending = forwarded("pending");
        InMemoryStream stream = proxy.stream();
        operate(RouteController::reloadAllRoutes);
        assertThat(proxy.stream()).isSameAs(stream);
        proxy.result(pending);
        assertResult("pending");
        assertServes("after");
        proxy.get(ALICE, "expires");
        proxy.sent();
        proxy.pass(Duration.ofSeconds(61));
        assertError(proxy.onlySent(), Condition.REMOTE_SERVER_TIMEOUT, StanzaError.Type.WAIT);
    }

    /** A request at the gate holds the stop up; what comes back after it was cut off is answered all the same. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestAtTheGateWhileTheRouteStopsIsAnsweredOnce(boolean inTime) throws Exception {
        start();
        AtomicReference<AsyncCallback> held = new AtomicReference<>();
        AsyncProcessor hold = new AsyncProcessorSupport() {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                held.set(callback);
                return false;
            }
        };
        proxy.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:proxy-request-admitted").routeId("gate").process(hold);
            }
        });
        proxy.get(ALICE, "held");
        assertThat(proxy.sent()).isEmpty();
        if (inTime) {
            CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> stopRoute("proxy-stanzas", 10));
            Awaitility.await().until(() -> {
                proxy.get(BOB, "shut");
                return !proxy.sent().isEmpty();
            });
            held.get().done(false);
            Awaitility.await().until(() -> {
                proxy.pass(Duration.ZERO);
                return stopping.isDone();
            });
            Stanza request = proxy.onlySent();
            assertThat(request.to()).isEqualTo(A);
            proxy.result(request);
            assertResult("held");
        } else {
            operate(routes -> stopRoute("proxy-stanzas", 1));
            held.get().done(false);
            proxy.pass(Duration.ZERO);
            Stanza answer = proxy.onlySent();
            assertThat(answer.id()).isEqualTo("held");
            assertThat(answer.type()).isEqualTo("error");
        }
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    private void stopRoute(String route, int seconds) {
        try {
            proxy.context.getRouteController().stopRoute(route, seconds, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A second stream would have no listeners. */
    @Test
    void theProxyGivesItsStreamBackWhenTheContextStops() throws Exception {
        start();
        InMemoryStream stream = proxy.stream();
        proxy.close();
        assertThat(proxy.stream()).isSameAs(stream);
        assertThat(stream.stops).isOne();
    }
}
