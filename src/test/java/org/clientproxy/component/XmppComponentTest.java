package org.clientproxy.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.xml.transform.Source;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

/** The component by itself, without the proxy, over the loopback server. */
class XmppComponentTest {
    private final LoopbackServer server =
            new LoopbackServer(Map.of("alice", "pw", "bob", "pw"), "service.localhost", "s3cret");
    private final CamelContext context = new DefaultCamelContext();
    private RawClient alice;

    @BeforeEach
    void start() throws Exception {
        server.start();
        context.getShutdownStrategy().setTimeout(5);
        alice = RawClient.login(server, "alice", "pw", "home");
    }

    @AfterEach
    void stop() {
        context.stop();
        alice.close();
        server.close();
    }

    private String uri(String options) {
        return "xmpp-component:service.localhost?host=127.0.0.1&port=" + server.componentPort() + "&secret=RAW(s3cret)"
                + options;
    }

    private XmppComponentEndpoint endpoint() {
        return context.getEndpoint(uri(""), XmppComponentEndpoint.class);
    }

    private void run(RouteBuilder routes) throws Exception {
        context.addRoutes(routes);
        context.start();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> context.getEndpoints().stream()
                .filter(XmppComponentEndpoint.class::isInstance)
                .allMatch(each -> ((XmppComponentEndpoint) each).stream().state() == StreamState.READY));
    }

    private Stanza ask(String type, String payload) throws Exception {
        alice.send("<iq type='" + type + "' id='1' to='service.localhost/x'>" + payload + "</iq>");
        return alice.await("the answer", stanza -> stanza.isReply() && "1".equals(stanza.id()));
    }

    private static String content(Stanza stanza) {
        return new String(stanza.content(), StandardCharsets.UTF_8);
    }

    @Test
    void answersARequestWithTheBodyOfTheRoute() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(""))
                        .setBody(simple(
                                "<r xmlns='urn:r'>${header.CamelXmppComponentFrom} ${header.CamelXmppComponentTo} "
                                        + "${header.CamelXmppComponentType} ${header.CamelXmppComponentKind}</r>"));
            }
        });
        Stanza answer = ask("get", "<q xmlns='urn:q'/>");
        assertThat(answer.type()).isEqualTo("result");
        assertThat(answer.from()).isEqualTo("service.localhost/x");
        assertThat(content(answer)).isEqualTo("<r xmlns='urn:r'>alice@localhost/home service.localhost/x get iq</r>");
    }

    @Test
    void answersWithAnEmptyResultWhereTheRouteChangesNothing() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("")).log("seen");
            }
        });
        Stanza answer = ask("set", "<q xmlns='urn:q'/>");
        assertThat(answer.type()).isEqualTo("result");
        assertThat(answer.children()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"refusal,forbidden", "failure,internal-server-error", "nonsense,internal-server-error"})
    void answersWithAnErrorWhereTheRouteFails(String how, String condition) throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("")).process(exchange -> {
                    if (how.equals("refusal")) {
                        throw new StanzaErrorException(StanzaError.of(StanzaError.Condition.FORBIDDEN, "no"));
                    }
                    if (how.equals("failure")) {
                        throw new IllegalStateException("secret cause");
                    }
                    exchange.getMessage().setBody("<not well-formed");
                });
            }
        });
        Stanza answer = ask("get", "<q xmlns='urn:q'/>");
        assertThat(answer.type()).isEqualTo("error");
        assertThat(content(answer)).contains("<" + condition + " ").doesNotContain("secret cause");
    }

    @Test
    void answersNothingWhereTheEndpointIsInOnly() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("&exchangePattern=InOnly")).to("mock:seen");
            }
        });
        MockEndpoint seen = context.getEndpoint("mock:seen", MockEndpoint.class);
        seen.expectedMessageCount(2);
        alice.send("<iq type='get' id='1' to='service.localhost'><q xmlns='urn:q'/></iq>");
        alice.send("<message to='service.localhost'><body>x</body></message>");
        MockEndpoint.assertIsSatisfied(20, TimeUnit.SECONDS, seen);
        assertThat(seen.getExchanges().get(0).getIn().getBody()).isInstanceOf(Stanza.class);
        assertThat(seen.getExchanges().get(0).getIn().getBody(String.class)).contains("urn:q");
        assertThat(alice.unseen()).isEmpty();
    }

    @Test
    void asksAndAwaitsTheReplyOfExactlyThatAddress() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to(uri("&requestTimeout=10s"));
                from("direct:impatient").to(uri("&requestTimeout=100ms"));
            }
        });
        RawClient bob = RawClient.login(server, "bob", "pw", "x");
        var reply = context.createProducerTemplate()
                .asyncRequestBodyAndHeaders(
                        "direct:ask",
                        "<q xmlns='urn:q'/>",
                        Map.of(
                                XmppComponentConstants.KIND, "iq",
                                XmppComponentConstants.TYPE, "get",
                                XmppComponentConstants.TO, "alice@localhost/home"));
        Stanza request = alice.await("the request", Stanza::isRequest);
        assertThat(request.from()).isEqualTo("service.localhost");
        bob.send("<iq type='result' id='" + request.id() + "' to='service.localhost'><forged xmlns='u'/></iq>");
        bob.send("<iq type='get' id='after' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
        bob.await("the pong, after the lie was routed", stanza -> "after".equals(stanza.id()));
        alice.send("<iq type='result' id='" + request.id() + "' to='service.localhost'><right xmlns='u'/></iq>");
        assertThat(reply.get(20, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        Stanza.class, stanza -> assertThat(content(stanza)).isEqualTo("<right xmlns='u'/>"));
        assertThatThrownBy(() -> context.createProducerTemplate()
                        .requestBody(
                                "direct:impatient",
                                "<iq xmlns='jabber:component:accept' type='get' id='i' from='service.localhost' "
                                        + "to='alice@localhost/home'><q xmlns='urn:q'/></iq>"))
                .isInstanceOf(CamelExecutionException.class)
                .hasCauseInstanceOf(ExchangeTimedOutException.class);
        bob.close();
    }

    @Test
    void sendsStanzasWithoutAwaiting() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:send").to(uri(""));
            }
        });
        context.createProducerTemplate()
                .sendBody(
                        "direct:send",
                        "<message from='x@service.localhost' to='alice@localhost/home'><body>hi</body></message>");
        Stanza message = alice.await("the message", stanza -> stanza.kind() == Stanza.Kind.MESSAGE);
        assertThat(content(message)).isEqualTo("<body>hi</body>");
        Exchange failed = context.createProducerTemplate().send("direct:send", exchange -> exchange.getMessage()
                .setBody("<message from='other.example' to='alice@localhost'/>"));
        assertThat(failed.getException()).hasMessageContaining("from must be an address in service.localhost");
    }

    @Test
    void saysAtOnceThatTheReplyItAwaitsIsTooMuchToBeRead() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to(uri("&requestTimeout=10m&maxStanzaSize=10000"));
                from(uri("&requestTimeout=10m&maxStanzaSize=10000")).to("mock:others");
            }
        });
        CompletableFuture<Exchange> asked = context.createProducerTemplate().asyncSend("direct:ask", exchange -> {
            exchange.setPattern(ExchangePattern.InOut);
            exchange.getMessage()
                    .setBody("<iq type='get' id='1' from='service.localhost' to='alice@localhost/home'>"
                            + "<q xmlns='urn:q'/></iq>");
        });
        Stanza request = alice.await("the request", Stanza::isRequest);
        String reply =
                "<iq type='result' id='%s' to='service.localhost'><q xmlns='urn:q'>" + "x".repeat(20_000) + "</q></iq>";
        MockEndpoint others = context.getEndpoint("mock:others", MockEndpoint.class);
        others.expectedMessageCount(1);
        // One that nobody awaits is an error for the consumer, never an empty result.
        others.expectedMessagesMatches(exchange -> {
            Stanza stanza = exchange.getMessage().getBody(Stanza.class);
            return stanza.isTruncated() && "error".equals(stanza.type()) && "2".equals(stanza.id());
        });
        alice.send(reply.formatted("2"));
        alice.send(reply.formatted(request.id()));
        Exchange failed = asked.get(20, TimeUnit.SECONDS);
        assertThat(failed.getException())
                .isInstanceOf(StanzaErrorException.class)
                .hasMessageContaining("internal-server-error")
                .hasMessageContaining("larger than 10000 octets");
        others.assertIsSatisfied();
    }

    @Test
    void consumersAndProducersShareOneStream() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("")).to("mock:one");
                from("direct:send").to(uri("&requestTimeout=5s"));
            }
        });
        assertThat(context.getEndpoints().stream()
                        .filter(XmppComponentEndpoint.class::isInstance)
                        .map(each -> ((XmppComponentEndpoint) each).stream())
                        .distinct())
                .hasSize(1);
        assertThatThrownBy(() -> context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri("&requestTimeout=7s")).to("mock:two");
                    }
                }))
                .hasStackTraceContaining("there is a consumer for service.localhost");
        assertThatThrownBy(() -> context.getEndpoint(uri("&keepAlive=1s"), XmppComponentEndpoint.class).stream())
                .hasMessageContaining("must be the same");
    }

    @ParameterizedTest
    @CsvSource({
        "'xmpp-component:a@b?secret=x',names no domain",
        "'xmpp-component:x.y',secret",
        "'xmpp-component:x.y?secret=x&port=0',port",
        "'xmpp-component:x.y?secret=x&maxStanzaSize=5',maxStanzaSize",
        "'xmpp-component:x.y?secret=x&reconnectDelay=60s',reconnectMaxDelay"
    })
    void saysWhichOptionIsWrong(String uri, String words) {
        assertThatThrownBy(() -> context.getEndpoint(uri, XmppComponentEndpoint.class).stream())
                .hasStackTraceContaining(words);
    }

    @Test
    void showsItsSecretNowhere() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("")).to("mock:one");
            }
        });
        XmppComponentEndpoint endpoint = endpoint();
        assertThat(endpoint.toString()).doesNotContain("s3cret");
        assertThat(endpoint.stream().settings().toString()).doesNotContain("s3cret");
        StreamHealthCheck check = new StreamHealthCheck(endpoint);
        assertThat(check.call().getState().name()).isEqualTo("UP");
        assertThat(check.call().getDetails().toString())
                .contains("service.localhost")
                .doesNotContain("s3cret");
        server.kill();
        Awaitility.await().until(() -> "DOWN".equals(check.call().getState().name()));
        Awaitility.await().until(() -> check.call().getMessage().orElse("").contains("connection"));
    }

    @Test
    void convertsStanzasToAndFromXml() {
        context.start();
        Stanza stanza = context.getTypeConverter()
                .convertTo(Stanza.class, "<iq type='get' id='1'><q xmlns='urn:q'>\u05d0</q></iq>");
        var converter = context.getTypeConverter();
        String xml = converter.convertTo(String.class, stanza);
        assertThat(xml).contains("xmlns='jabber:component:accept'");
        assertThat(converter.convertTo(byte[].class, stanza))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(xml);
        assertThat(converter.convertTo(InputStream.class, stanza)).hasContent(xml);
        assertThat(converter.convertTo(Source.class, stanza)).isNotNull();
        Document document = converter.convertTo(Document.class, stanza);
        assertThat(document.getDocumentElement().getFirstChild().getTextContent())
                .isEqualTo("\u05d0");
        assertThat(converter.convertTo(Stanza.class, document).content())
                .asString(StandardCharsets.UTF_8)
                .contains("\u05d0");
        assertThat(converter
                        .convertTo(Stanza.class, new ByteArrayInputStream(stanza.toBytes()))
                        .id())
                .isEqualTo("1");
        assertThatThrownBy(() -> converter.mandatoryConvertTo(Stanza.class, "<iq><!-- x --></iq>"))
                .hasStackTraceContaining("restricted-xml");
    }

    @Test
    void aRouteThatFailsAtEachStanzaSaysSoOnceAMinute() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri("")).process(exchange -> {
                    throw new IllegalStateException("a route that fails");
                });
            }
        });
        try (CapturedLog log = CapturedLog.ofAll()) {
            for (int i = 0; i < 50; i++) {
                assertThat(ask("get", "<q xmlns='urn:q'/>").type()).isEqualTo("error");
            }
            assertThat(log.events())
                    .filteredOn(event -> event.startsWith("WARN") || event.startsWith("ERROR"))
                    .hasSize(1);
        }
    }

    @Test
    void aRequestThatNoDocumentCanHoldIsItsSendersFault() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri("")).transform(xpath("/*/*", String.class));
            }
        });
        assertThat(content(ask("get", "<xmlns xmlns='urn:q'/>"))).contains("<bad-request ", "type='modify'");
    }
}
