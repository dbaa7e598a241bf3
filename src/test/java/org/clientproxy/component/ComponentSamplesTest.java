package org.clientproxy.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.LoggingExceptionHandler;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each sample of the component's pages does what its page says, and stands there as it is tested here. */
class ComponentSamplesTest {
    private static final Path REFERENCE = Path.of("src/main/docs/xmpp-component-component.adoc");
    private static final Path GUIDE = Path.of("docs/component.md");
    private static final Path TESTS = Path.of("src/test/java/org/clientproxy/component");

    private final LoopbackServer server =
            new LoopbackServer(Map.of("alice", "pw", "bob", "pw"), "service.example.org", "s3cret");
    private final DefaultCamelContext context = new DefaultCamelContext();
    private RawClient alice;
    private int ids;

    @BeforeEach
    void start() throws Exception {
        server.start();
        alice = RawClient.login(server, "alice", "pw", "home");
        Properties keys = new Properties();
        keys.putAll(Map.of(
                "service",
                        "xmpp-component:service.example.org?host=127.0.0.1&port=" + server.componentPort()
                                + "&secret=RAW(s3cret)",
                "service.domain", "service.example.org",
                "service.host", "127.0.0.1",
                "service.port", "" + server.componentPort(),
                "service.secret", "s3cret",
                "operator", "alice@localhost/home",
                "secret", "s3cret"));
        context.getPropertiesComponent().setInitialProperties(keys);
        context.getShutdownStrategy().setTimeout(5);
    }

    @AfterEach
    void stop() {
        context.stop();
        alice.close();
        server.close();
    }

    private void run(RoutesBuilder routes) throws Exception {
        context.addRoutes(routes);
        context.start();
        awaitReady();
    }

    private void awaitReady() {
        XmppComponentEndpoint endpoint = context.getEndpoint("{{service}}", XmppComponentEndpoint.class);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> endpoint.stream().state() == StreamState.READY);
    }

    private Stanza ask(RawClient who, String child) throws Exception {
        String id = "q" + ids++;
        who.send("<iq type='get' id='" + id + "' to='service.example.org'>" + child + "</iq>");
        return who.await("the answer to " + id, stanza -> stanza.isReply() && id.equals(stanza.id()));
    }

    private Stanza message(String id) throws Exception {
        return alice.await(
                "the message " + id,
                stanza -> stanza.kind() == Stanza.Kind.MESSAGE && (id == null || id.equals(stanza.id())));
    }

    private static String content(Stanza stanza) {
        return new String(stanza.content(), StandardCharsets.UTF_8);
    }

    @Test
    void answersARequest() throws Exception {
        run(new ComponentSamples.Answer());
        assertThat(content(ask(alice, "<q xmlns='u'/>"))).isEqualTo("<echo xmlns='urn:example:echo'/>");
    }

    @Test
    void refusesRequestsAndMessages() throws Exception {
        run(new ComponentSamples.Refuse());
        try (CapturedLog log = CapturedLog.ofAll()) {
            assertThat(content(ask(alice, "<q xmlns='u'/>"))).contains("forbidden", "Only people of example.org");
            alice.send("<message type='chat' id='m1' to='service.example.org'><body>hi</body></message>");
            Stanza refused = message("m1");
            assertThat(refused.type()).isEqualTo("error");
            assertThat(refused.from()).isEqualTo("service.example.org");
            assertThat(content(refused)).contains("forbidden");
            // Neither is ever answered: an error, a headline.
            alice.send("<message type='error' id='m2' to='service.example.org'><error type='cancel'/></message>");
            alice.send("<message type='headline' id='m3' to='service.example.org'><body>news</body></message>");
            alice.send("<presence to='service.example.org'/>");
            ask(alice, "<last xmlns='u'/>");
            assertThat(alice.unseen()).noneMatch(stanza -> stanza.kind() == Stanza.Kind.MESSAGE);
            assertThat(log.events())
                    .filteredOn(line -> line.contains("forbidden") && !line.startsWith("DEBUG"))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void answersChatMessages() throws Exception {
        run(new ComponentSamples.Chat());
        alice.send("<message type='chat' id='m1' to='bot@service.example.org'>"
                + "<body>1 &lt; 2 &amp; &lt;/body></body><x xmlns='u'/></message>");
        Stanza said = message(null);
        assertThat(said.type()).isEqualTo("chat");
        assertThat(said.from()).isEqualTo("bot@service.example.org");
        assertThat(content(said)).isEqualTo("<body>You said: 1 &lt; 2 &amp; &lt;/body&gt;</body>");
    }

    private static boolean isOfTheService(Stanza stanza) {
        return stanza.kind() == Stanza.Kind.PRESENCE
                && stanza.type() == null
                && "service.example.org".equals(stanza.from());
    }

    @Test
    void answersSubscriptionsAndProbes() throws Exception {
        run(new ComponentSamples.Presence());
        // The server tells those who have asked for their contacts.
        alice.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
        alice.await("the contacts", stanza -> "roster".equals(stanza.id()));
        alice.send("<presence/>");
        alice.send("<presence type='subscribe' to='service.example.org'/>");
        alice.await("subscribed", stanza -> "subscribed".equals(stanza.type()));
        Stanza available = alice.await("its presence", ComponentSamplesTest::isOfTheService);
        assertThat(content(available))
                .isEqualTo("<show>chat</show><status>Ask me about the weather</status><priority>5</priority>");
        alice.send("<presence type='probe' to='service.example.org'/>");
        alice.await("its presence again", ComponentSamplesTest::isOfTheService);
    }

    @Test
    void hearsOfBounces() throws Exception {
        run(new ComponentSamples.Bounces());
        MockEndpoint gone = context.getEndpoint("mock:gone", MockEndpoint.class);
        gone.expectedMessageCount(1);
        gone.expectedHeaderReceived("CamelXmppComponentError", "service-unavailable");
        alice.send("<message type='error' to='service.example.org'><error type='cancel'>"
                + "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
        alice.send("<message type='error' to='service.example.org'><error type='cancel'>"
                + "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
        gone.assertIsSatisfied();
    }

    @Test
    void answersLater() throws Exception {
        run(new ComponentSamples.Later());
        assertThat(content(ask(alice, "<q xmlns='u'/>"))).isEqualTo("<done xmlns='urn:example:work'/>");
    }

    @Test
    void asksSomebody() throws Exception {
        run(new ComponentSamples.Ask());
        var template = context.createProducerTemplate();
        CompletableFuture<String> asked =
                template.asyncRequestBody("direct:version", "alice@localhost/home", String.class);
        Stanza request = alice.await("the request", Stanza::isRequest);
        assertThat(content(request)).isEqualTo("<query xmlns='jabber:iq:version'/>");
        alice.send("<iq type='result' id='" + request.id() + "' to='service.example.org'>"
                + "<query xmlns='jabber:iq:version'><name>Alice's client</name></query></iq>");
        assertThat(asked.get(20, TimeUnit.SECONDS)).isEqualTo("Alice's client");
        assertThat(template.asyncRequestBody("direct:version", "alice@localhost/gone", String.class)
                        .get(20, TimeUnit.SECONDS))
                .isEqualTo("it does not say: service-unavailable");
    }

    @Test
    void sendsAMessage() throws Exception {
        run(new ComponentSamples.Say());
        context.createProducerTemplate().sendBody("direct:alert", "disk <full>");
        Stanza alert = message(null);
        assertThat(alert.from()).isEqualTo("service.example.org");
        assertThat(content(alert))
                .isEqualTo("<subject>Alert</subject><body>disk &lt;full&gt;</body><thread>alerts</thread>");
    }

    @Test
    void composesAMessage() throws Exception {
        run(new ComponentSamples.Compose());
        context.createProducerTemplate().sendBody("direct:morning", "alice@localhost/home");
        Stanza said = message(null);
        assertThat(said.from()).isEqualTo("bot@service.example.org");
        assertThat(content(said)).startsWith("<body>Good morning</body><active ");
    }

    @Test
    void readsStanzasAsTheyAre() throws Exception {
        context.getRegistry().bind("failures", new LoggingExceptionHandler(context, ComponentSamples.class));
        run(new ComponentSamples.Raw());
        assertThat(content(ask(alice, "<q xmlns='u'/>"))).startsWith("<octets xmlns='urn:example:raw'>");
    }

    @Test
    void saysHowToConnect() throws Exception {
        context.getRegistry().bind("tls", new SSLContextParameters());
        context.addRoutes(new ComponentSamples.Connection());
        context.setAutoStartup(false);
        context.start();
        XmppComponentEndpoint endpoint = (XmppComponentEndpoint) context.getEndpoints().stream()
                .filter(XmppComponentEndpoint.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThat(endpoint.getReconnectMaxDelay()).isEqualTo(60_000);
        assertThat(endpoint.getReconnectMultiplier()).isEqualTo(1.5);
        assertThat(endpoint.getMaxStanzaSize()).isEqualTo(262_144);
        assertThat(endpoint.getSslContextParameters()).isNotNull();
    }

    @Test
    void isNamedInTheEndpointDsl() throws Exception {
        run(new ComponentSamples.InTheEndpointDsl());
        assertThat(content(ask(alice, "<q xmlns='u'/>"))).isEqualTo("<dsl xmlns='urn:example:dsl'/>");
    }

    @Test
    void takesAUseOfTheStream() throws Exception {
        context.start();
        CompletableFuture<Stanza> heard = new CompletableFuture<>();
        Stanza request = StanzaBuilder.iq("get")
                .id("1")
                .from("service.example.org")
                .to("alice@localhost/home")
                .child("<q xmlns='u'/>")
                .build();
        try (StreamUse use = ComponentSamples.use(context, request, heard::complete)) {
            alice.await("the request", Stanza::isRequest);
            alice.send("<iq type='result' id='1' to='service.example.org'/>");
            assertThat(heard.get(20, TimeUnit.SECONDS)).isNotNull();
            assertThat(use.isOpen()).isTrue();
        }
    }

    @Test
    void eachSampleOfThePagesIsTested() throws Exception {
        StringBuilder tested = new StringBuilder();
        for (String file : List.of("ComponentSamples.java", "LittleService.java")) {
            tested.append(Files.readString(TESTS.resolve(file)));
        }
        String source = flat(tested.toString());
        List<String> samples = new ArrayList<>();
        samples.addAll(blocks(REFERENCE, "(?s)\\[source,java]\n----\n(.*?)\n----"));
        samples.addAll(blocks(GUIDE, "(?s)```java\n(.*?)\n```"));
        assertThat(samples).hasSizeGreaterThan(10).allSatisfy(sample -> assertThat(source)
                .contains(flat(sample)));
        String pages = flat(Files.readString(REFERENCE) + Files.readString(GUIDE));
        List<String> written =
                blocks(TESTS.resolve("ComponentSamples.java"), "(?s)// tag::[a-z-]+\\[]\n(.*?)\n *// end::");
        assertThat(written).hasSizeGreaterThan(10).allSatisfy(sample -> assertThat(pages)
                .contains(flat(sample)));
    }

    /** A name is shown where it is used, not in a table alone. */
    @Test
    void eachOptionAndHeaderIsInASample() throws Exception {
        String samples = Files.readString(TESTS.resolve("ComponentSamples.java"));
        String metadata = Files.readString(
                Path.of("src/generated/resources/META-INF/org/clientproxy/component/xmpp-component.json"));
        List<String> names = Pattern.compile("\"(\\w+)\": \\{ \"index\": \\d+, \"kind\": \"(parameter|header)\"")
                .matcher(metadata)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(names).hasSizeGreaterThan(20);
        assertThat(names).filteredOn(name -> !samples.contains(name)).isEmpty();
    }

    private static List<String> blocks(Path file, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static String flat(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }

    @Test
    void whatCannotBeSentIsSaidInWords() throws Exception {
        run(new ComponentSamples.Ask());
        var template = context.createProducerTemplate();
        assertThatThrownBy(() -> template.requestBody("{{service}}", "<iq type='get' id='1'><q xmlns='u'/></iq>"))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without to");
        assertThatThrownBy(() ->
                        template.requestBody("{{service}}", "<iq type='get' to='a@localhost'><q xmlns='u'/></iq>"))
                .rootCause()
                .hasMessageContaining("without id");
        assertThatThrownBy(() -> template.requestBodyAndHeaders(
                        "{{service}}",
                        "<q xmlns='u'/>",
                        Map.of("CamelXmppComponentKind", "iq", "CamelXmppComponentType", "get")))
                .rootCause()
                .hasMessageContaining("header CamelXmppComponentTo is missing");
        assertThatThrownBy(() -> template.requestBodyAndHeaders(
                        "{{service}}",
                        "<q xmlns='u'/>",
                        Map.of("CamelXmppComponentKind", "iq", "CamelXmppComponentTo", "a@b")))
                .rootCause()
                .hasMessageContaining("allowed for an iq are get, set, result and error");
        for (Map<String, Object> wrong : List.<Map<String, Object>>of(
                Map.of("CamelXmppComponentShow", "busy"), Map.of("CamelXmppComponentPriority", "128"))) {
            Map<String, Object> headers = new java.util.HashMap<>(wrong);
            headers.put("CamelXmppComponentKind", "presence");
            headers.put("CamelXmppComponentTo", "alice@localhost");
            assertThatThrownBy(() -> template.sendBodyAndHeaders("{{service}}", "", headers))
                    .rootCause()
                    .hasMessageContaining("allowed are");
        }
    }
}
