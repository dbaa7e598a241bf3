package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.camel.spi.RouteController;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator stops the routes of a proxy and starts them again, with a request pending: each with a server of its own. */
abstract class StoppedRoutesScenarios extends OwnServerScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private RunningProxy proxy;
    private RawClient alice;
    private RawClient worker;

    /** Alice's request "pending" is with the only session of the target, which answers by hand. */
    @BeforeEach
    void prepare() throws Exception {
        proxy = RunningProxy.startReady(
                server,
                Map.of("proxy.confirm-timeout", "1s", "proxy.drain-timeout", "1s", "proxy.reply-timeout", "30s"));
        open(proxy);
        ProxyScenarios.accept(server);
        worker = client("worker", "by-hand");
        worker.send("<presence/>");
        alice = client("alice", "home");
        int[] tries = new int[1];
        Awaitility.await("a request is forwarded").atMost(LIMIT).until(() -> {
            ask("warm" + tries[0]++);
            return worker.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        ask("pending");
    }

    private void ask(String id) throws Exception {
        alice.send("<iq type='get' id='" + id + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
    }

    private Stanza answer(String id) throws Exception {
        return alice.await("the answer to " + id, s -> s.isReply() && id.equals(s.id()));
    }

    private Stanza request(String id) throws Exception {
        return worker.await("the request " + id, s -> s.isRequest() && id.equals(s.id()));
    }

    private void assertServes(String id) throws Exception {
        ask(id);
        worker.send(Worker.reply(request(id), "<r xmlns='urn:r'/>"));
        assertThat(answer(id).type()).isEqualTo("result");
    }

    private void assertShut(String id) throws Exception {
        ask(id);
        assertThat(ProxyScenarios.condition(answer(id))).isEqualTo("recipient-unavailable");
    }

    @Test
    void servesAndAnswersWhatWasPendingWhenAllRoutesWereStoppedAndStarted() throws Exception {
        Stanza pending = request("pending");
        int connections = proxy.connections();
        proxy.context().getRouteController().stopAllRoutes();
        assertShut("shut");
        proxy.context().getRouteController().startAllRoutes();
        assertServes("after");
        worker.send(Worker.reply(pending, "<r xmlns='urn:r'/>"));
        assertThat(answer("pending").type()).isEqualTo("result");
        assertThat(proxy.connections()).isEqualTo(connections);
        assertThat(alice.unseen()).noneMatch(s -> "pending".equals(s.id()) || "shut".equals(s.id()));
    }

    @Test
    void answersWhatWasPendingWhileAllRoutesAreStopped() throws Exception {
        Stanza pending = request("pending");
        proxy.context().getRouteController().stopAllRoutes();
        worker.send(Worker.reply(pending, "<r xmlns='urn:r'/>"));
        assertThat(answer("pending").type()).isEqualTo("result");
        assertShut("shut");
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy-stanzas", "proxy-correlate", "proxy-failures"})
    void servesAndAnswersWhatWasPendingWhenOneRouteWasStoppedAndStarted(String route) throws Exception {
        Stanza pending = request("pending");
        proxy.context().getRouteController().stopRoute(route);
        if (route.equals("proxy-failures")) {
            assertServes("meanwhile");
        } else {
            assertShut("meanwhile");
        }
        worker.send(Worker.reply(pending, "<r xmlns='urn:r'/>"));
        assertThat(answer("pending").type()).isEqualTo("result");
        proxy.context().getRouteController().startRoute(route);
        assertServes("after");
    }

    @Test
    void seesWhoComesAndGoesWhileAllRoutesAreStopped() throws Exception {
        request("pending");
        proxy.context().getRouteController().stopAllRoutes();
        Worker next = Worker.join(server, "next");
        open(next);
        // Its server has handled its presence when it handles what comes after that.
        next.client.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
        next.client.await("the roster", each -> "roster".equals(each.id()));
        worker.send("<presence type='unavailable'/>");
        // The next attempt, after the time of grace.
        assertThat(answer("pending").type()).isEqualTo("result");
        proxy.context().getRouteController().startAllRoutes();
        ask("after");
        assertThat(answer("after").type()).isEqualTo("result");
        assertThat(next.answered.get()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void answersWhatIsPendingWhenTheProcessStopsAfterItsRoutes() throws Exception {
        request("pending");
        proxy.context().getRouteController().stopAllRoutes();
        proxy.close();
        assertThat(ProxyScenarios.condition(answer("pending"))).isEqualTo("recipient-unavailable");
    }

    /** No answer is lost that is on its way through a route when that is stopped. */
    @Test
    void stopsAndStartsUnderLoadLoseAndDoubleNothing() throws Exception {
        worker.send("<presence type='unavailable'/>");
        open(Worker.join(server, "a"));
        open(Worker.join(server, "b"));
        RouteController routes = proxy.context().getRouteController();
        try (FaultLoad load = new FaultLoad(server, "bob", 0, 100)) {
            for (int i = 0; i < 3; i++) {
                awaitMoreResults(load);
                routes.stopAllRoutes();
                awaitMore(load::errors);
                routes.startAllRoutes();
                for (String route : List.of("proxy-stanzas", "proxy-correlate", "proxy-failures")) {
                    awaitMoreResults(load);
                    routes.stopRoute(route);
                    routes.startRoute(route);
                }
            }
            awaitMoreResults(load);
            load.finish(Duration.ofSeconds(35));
            assertThat(load.unanswered()).isZero();
            assertThat(load.doubled() + load.forged()).isZero();
            assertThat(load.results() + load.errors()).isEqualTo(load.requests());
        }
    }

    private static void awaitMoreResults(FaultLoad load) {
        awaitMore(load::results);
    }

    private static void awaitMore(LongSupplier count) {
        long before = count.getAsLong();
        Awaitility.await().atMost(LIMIT).until(() -> count.getAsLong() > before);
    }
}
