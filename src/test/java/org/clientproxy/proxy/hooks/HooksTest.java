package org.clientproxy.proxy.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;

import ch.qos.logback.classic.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hooks that only hear: what each is told and when, and that no listener harms or costs anything. */
class HooksTest {
    @TempDir
    Path dataDir;

    private ProxyFixture proxy;
    private final List<Told> told = new ArrayList<>();

    private record Told(Object body, Map<String, Object> headers) {
        Object header(String name) {
            return headers.get(name);
        }
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private RouteBuilder listener(String hook) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:proxy-" + hook)
                        .routeId(hook)
                        .process(exchange -> told.add(new Told(
                                exchange.getMessage().getBody(),
                                new TreeMap<>(exchange.getMessage().getHeaders()))));
            }
        };
    }

    private void listen(String hook, String... resources) throws Exception {
        proxy = ProxyFixture.start(dataDir);
        proxy.ready(resources);
        proxy.context.addRoutes(listener(hook));
    }

    private Told onlyTold() {
        assertThat(told).hasSize(1);
        return told.remove(0);
    }

    @Test
    void tellsOfEachAnswer() throws Exception {
        listen("answered", A);
        proxy.get(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        proxy.pass(Duration.ofMillis(1500));
        proxy.result(forwarded);
        Stanza answer = proxy.onlySent();
        Told result = onlyTold();
        assertThat(result.body()).isSameAs(answer);
        assertThat(result.headers())
                .containsOnly(
                        Map.entry(ProxyHeaders.REQUEST_ID, "1"),
                        Map.entry(ProxyHeaders.REQUESTER, ALICE),
                        Map.entry(ProxyHeaders.ASKED, A),
                        Map.entry(ProxyHeaders.OUTCOME, "result"),
                        Map.entry(ProxyHeaders.MILLISECONDS, 1500L));
        proxy.get(ALICE, "2");
        proxy.error(proxy.onlySent(), "item-not-found");
        assertThat(onlyTold().header(ProxyHeaders.OUTCOME)).isEqualTo("error");
        proxy.pass(java.time.Duration.ofSeconds(2));
        proxy.leaves(A);
        proxy.get(ALICE, "3");
        Told refused = onlyTold();
        assertThat(refused.header(ProxyHeaders.OUTCOME)).isEqualTo("refused");
        assertThat(refused.headers()).doesNotContainKey(ProxyHeaders.ASKED);
        assertThat(refused.body().toString()).contains("error");
    }

    @Test
    void tellsOfATimeoutWithTheResourceThatWasAsked() throws Exception {
        listen("answered", A);
        proxy.get(ALICE, "1");
        proxy.pass(Duration.ofSeconds(61));
        Told timeout = onlyTold();
        assertThat(timeout.header(ProxyHeaders.OUTCOME)).isEqualTo("refused");
        assertThat(timeout.header(ProxyHeaders.ASKED)).isEqualTo(A);
        assertThat((Long) timeout.header(ProxyHeaders.MILLISECONDS)).isBetween(60_000L, 61_000L);
    }

    @Test
    void anAnswerThatTheStreamRefusedIsNotToldButTheOneInItsPlace() throws Exception {
        listen("answered", A);
        proxy.get(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        proxy.stream().refuse(StanzaNotSentException.Reason.TOO_LARGE);
        proxy.result(forwarded);
        Stanza answer = proxy.onlySent();
        assertThat(answer.type()).isEqualTo("error");
        Told only = onlyTold();
        assertThat(only.body()).isSameAs(answer);
        assertThat(only.header(ProxyHeaders.OUTCOME)).isEqualTo("refused");
    }

    @Test
    void tellsOfThePool() throws Exception {
        listen("pool-changed", A);
        proxy.comes(B);
        Told two = onlyTold();
        assertThat(two.body()).isEqualTo("2 sessions of worker@some.example serve proxy.example");
        assertThat(two.headers())
                .containsOnly(
                        Map.entry(ProxyHeaders.POOL_SIZE, 2),
                        Map.entry(ProxyHeaders.POOL_SIZE_BEFORE, 1),
                        Map.entry(ProxyHeaders.POOL_CONFIRMED, true));
        // The same session again is no change.
        proxy.comes(B);
        proxy.pass(java.time.Duration.ofSeconds(2));
        proxy.leaves(A);
        assertThat(onlyTold().body()).isEqualTo("1 session of worker@some.example serves proxy.example");
        proxy.pass(java.time.Duration.ofSeconds(2));
        proxy.leaves(B);
        assertThat(onlyTold().body())
                .isEqualTo("no session of worker@some.example is there; requests to proxy.example are refused until"
                        + " one comes");
        proxy.stream().become(StreamState.DISCONNECTED);
        Told unknown = onlyTold();
        assertThat(unknown.header(ProxyHeaders.POOL_CONFIRMED)).isEqualTo(false);
        assertThat(unknown.body().toString()).startsWith("it is not known which sessions");
        proxy.stream().become(StreamState.READY);
        proxy.pass(Duration.ofSeconds(4));
        // The size is what it was, but now it is known.
        assertThat(onlyTold().header(ProxyHeaders.POOL_CONFIRMED)).isEqualTo(true);
    }

    @Test
    void tellsOfTheStream() throws Exception {
        listen("stream-changed", A);
        proxy.stream().become(StreamState.DISCONNECTED);
        Told down = onlyTold();
        assertThat(down.body()).isEqualTo("the stream of proxy.example to localhost:5347 is down");
        assertThat(down.headers())
                .containsOnly(
                        Map.entry(ProxyHeaders.STREAM_STATE, "DISCONNECTED"),
                        Map.entry(ProxyHeaders.STREAM_STATE_BEFORE, "READY"));
        proxy.stream().become(StreamState.CONNECTING);
        assertThat(onlyTold().body()).isEqualTo("the stream of proxy.example to localhost:5347 is connecting");
        proxy.stream().become(StreamState.READY);
        assertThat(onlyTold().header(ProxyHeaders.STREAM_STATE)).isEqualTo("READY");
    }

    @Test
    void aListenerThatThrowsDoesNoHarmAndIsLoggedOnce() throws Exception {
        proxy = ProxyFixture.start(dataDir).ready(A);
        boolean[] broken = {true};
        proxy.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:proxy-answered").process(exchange -> {
                    if (broken[0]) {
                        throw new IllegalStateException("this test's listener is broken");
                    }
                });
            }
        });
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            for (int i = 0; i < 3; i++) {
                ask("" + i);
            }
            assertThat(warnings(log)).isOne();
            broken[0] = false;
            ask("sound");
            broken[0] = true;
            ask("broken again");
            assertThat(warnings(log)).isEqualTo(2);
        }
    }

    private static long warnings(CapturedLog log) {
        return log.events().stream()
                .filter(line -> line.contains("WARN") && line.contains("direct://proxy-answered failed"))
                .count();
    }

    private void ask(String id) {
        proxy.get(ALICE, id);
        proxy.result(proxy.onlySent());
        assertThat(proxy.onlySent().id()).isEqualTo(id);
    }

    @Test
    void aRouteThatWasThereBeforeTheProxyIsHeardAndOneThatGoesIsForgotten() throws Exception {
        CamelContext context = new org.apache.camel.impl.DefaultCamelContext();
        context.addRoutes(listener("answered"));
        proxy = ProxyFixture.start(context, dataDir).ready(A);
        ask("before");
        onlyTold();
        context.getRouteController().stopRoute("answered");
        ask("stopped");
        assertThat(told).isEmpty();
        context.getRouteController().startRoute("answered");
        ask("started");
        onlyTold();
        // Of the same id: it replaces the old one.
        context.addRoutes(listener("answered"));
        ask("replaced");
        onlyTold();
        context.getRouteController().stopRoute("answered");
        context.removeRoute("answered");
        ask("removed");
        assertThat(told).isEmpty();
        context.addRoutes(listener("answered"));
        ask("added");
        onlyTold();
    }

    @Test
    void withoutListenersNoExchangeIsMade() throws Exception {
        int[] made = new int[1];
        CamelContext context = new org.apache.camel.impl.DefaultCamelContext();
        context.getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                if (event instanceof CamelEvent.ExchangeCreatedEvent) {
                    made[0]++;
                }
            }
        });
        proxy = ProxyFixture.start(context, dataDir).ready(A);
        ask("warm");
        made[0] = 0;
        ask("alone");
        int alone = made[0];
        context.addRoutes(listener("answered"));
        made[0] = 0;
        ask("heard");
        assertThat(made[0]).isEqualTo(alone + 1);
        context.getRouteController().stopRoute("answered");
        context.removeRoute("answered");
        made[0] = 0;
        ask("alone again");
        assertThat(made[0]).isEqualTo(alone);
        assertThat(told).hasSize(1);
    }
}
