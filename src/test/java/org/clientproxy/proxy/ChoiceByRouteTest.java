package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyFixture.BOB;
import static org.clientproxy.proxy.ProxyRequestsTest.assertError;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route says of the choice of a resource, at the gate or in the flow, is obeyed in each attempt. */
class ChoiceByRouteTest {
    private static final String C = "worker@some.example/other";

    @TempDir
    Path dataDir;

    private ProxyFixture proxy;

    @AfterEach
    void stop() {
        proxy.close();
    }

    /** A gate that sets these headers for each request. */
    private void start(Map<String, Object> headers, String... resources) throws Exception {
        proxy = new ProxyFixture(
                dataDir,
                settings -> settings,
                context -> context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:proxy-request-admitted")
                                .errorHandler(noErrorHandler())
                                .process(exchange ->
                                        exchange.getMessage().getHeaders().putAll(headers));
                    }
                }));
        if (resources.length > 0) {
            proxy.ready(resources);
        }
    }

    private String asked(String requester, String id) {
        proxy.get(requester, id);
        return proxy.onlySent().to();
    }

    @Test
    void aKeyKeepsRequestsOfAllRequestersTogether() throws Exception {
        start(Map.of(ProxyHeaders.STICKY_KEY, "room 1"), A, B, C);
        String first = asked(ALICE, "1");
        for (int i = 2; i < 20; i++) {
            assertThat(asked(i % 2 == 0 ? ALICE : BOB, "" + i)).isEqualTo(first);
        }
    }

    @Test
    void anEmptyHeaderSaysNothing() throws Exception {
        start(Map.of(ProxyHeaders.STICKY_KEY, "", ProxyHeaders.RESOURCES, ""), A, B);
        assertThat(List.of(asked(ALICE, "1"), asked(ALICE, "2"))).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void onlyResourcesThatMatchAreChosen() throws Exception {
        start(Map.of(ProxyHeaders.RESOURCES, "?, none*"), A, B, C);
        for (int i = 0; i < 20; i++) {
            assertThat(asked(ALICE, "" + i)).isIn(A, B);
        }
    }

    @Test
    void whereNoneMatchesTheRequesterIsTold() throws Exception {
        start(Map.of(ProxyHeaders.RESOURCES, "render*"), A, B);
        proxy.pass(Duration.ofSeconds(3));
        proxy.get(ALICE, "1");
        Stanza answer = proxy.onlySent();
        assertError(answer, Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
        assertThat(answer.toXml()).contains("<no-resource ");
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    @Test
    void theNextAttemptObeysToo() throws Exception {
        start(Map.of(ProxyHeaders.RESOURCES, "other,a"), A, B, C);
        for (int i = 0; i < 6; i++) {
            proxy.get(ALICE, "" + i);
            Stanza forwarded = proxy.onlySent();
            proxy.pass(Duration.ofSeconds(2));
            proxy.leaves(forwarded.to());
            proxy.error(forwarded, "service-unavailable");
            Stanza next = proxy.onlySent();
            assertThat(next.to()).isIn(A, C).isNotEqualTo(forwarded.to());
            proxy.result(next);
            assertThat(proxy.onlySent().type()).isEqualTo("result");
            proxy.comes(forwarded.to());
        }
    }

    @Test
    void whereNoOtherMatchesThereIsNoNextAttempt() throws Exception {
        start(Map.of(ProxyHeaders.RESOURCES, "a"), A, B);
        proxy.get(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        proxy.pass(Duration.ofSeconds(2));
        proxy.leaves(A);
        proxy.error(forwarded, "service-unavailable");
        // Soon after a connection others whom the route names may have had no time to show up.
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofSeconds(10));
        assertError(proxy.onlySent(), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
    }

    @Test
    void whoWaitsForThePoolObeysToo() throws Exception {
        start(Map.of(ProxyHeaders.RESOURCES, "other", ProxyHeaders.STICKY_KEY, "x"));
        proxy.stream().become(StreamState.READY);
        for (int i = 0; i < 10; i++) {
            proxy.get(ALICE, "" + i);
        }
        assertThat(proxy.sent()).isEmpty();
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        proxy.comes(A);
        proxy.comes(B);
        proxy.comes(C);
        proxy.pass(Duration.ofSeconds(4));
        assertThat(proxy.sent()).hasSize(10).allMatch(stanza -> C.equals(stanza.to()));
    }

    /** After a break others may show up first. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoIsAwaitedMayStillCome(boolean comes) throws Exception {
        start(Map.of(ProxyHeaders.RESOURCES, "other"), A, C);
        proxy.pass(Duration.ofSeconds(10));
        proxy.stream().become(StreamState.DISCONNECTED);
        proxy.stream().become(StreamState.READY);
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        proxy.comes(A);
        proxy.get(ALICE, "1");
        assertThat(proxy.sent()).isEmpty();
        if (comes) {
            proxy.comes(C);
            proxy.pass(Duration.ZERO);
            assertThat(proxy.onlySent().to()).isEqualTo(C);
        } else {
            proxy.pass(Duration.ofSeconds(4));
            assertError(proxy.onlySent(), Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
        }
    }

    /** A step in the flow may set them as well, and a later one look at the choice. */
    @ParameterizedTest
    @ValueSource(strings = {"b", "other"})
    void aStepOfTheFlowMaySayItAndAnotherLookAtTheChoice(String resource, @TempDir Path directory) throws Exception {
        String yaml = Files.readString(Path.of("routes/client-proxy.yaml"));
        String choose = "                  - process:\n                      id: \"{{proxy.name}}-choose\"\n";
        String translate = "                  - process:\n                      id: \"{{proxy.name}}-translate\"\n";
        assertThat(yaml).contains(choose, translate);
        Path file = Files.writeString(
                directory.resolve("routes.yaml"),
                yaml.replace(choose, """
                                  - setHeader:
                                      id: before
                                      name: ClientProxyResources
                                      constant: RESOURCE
                """.replace("RESOURCE", resource) + choose).replace(translate, """
                                  - validate:
                                      id: between
                                      simple: "${header.ClientProxyResource} == 'worker@some.example/b'"
                """ + translate));
        proxy = ProxyFixture.start(dataDir, settings -> new SettingsBuilder(settings)
                        .routes("file:" + file)
                        .build())
                .ready(A, B, C);
        proxy.get(ALICE, "1");
        if (resource.equals("b")) {
            assertThat(proxy.onlySent().to()).isEqualTo(B);
        } else {
            assertError(proxy.onlySent(), Condition.NOT_ACCEPTABLE, StanzaError.Type.MODIFY);
        }
    }
}
