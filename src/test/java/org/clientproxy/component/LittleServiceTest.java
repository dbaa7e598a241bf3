package org.clientproxy.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.awaitility.Awaitility;
import org.clientproxy.component.dsl.XmppEndpointBuilderFactory;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Services written with the component alone, in each of Camel's languages, over the loopback server. */
class LittleServiceTest {
    private final LoopbackServer server = new LoopbackServer(Map.of("alice", "pw"), "service.localhost", "s3cret");
    private final DefaultCamelContext context = new DefaultCamelContext();
    private HttpServer weather;
    private RawClient alice;
    private int asked;

    @BeforeEach
    void start() throws Exception {
        server.start();
        alice = RawClient.login(server, "alice", "pw", "home");
        weather = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        weather.createContext("/weather", exchange -> {
            boolean known = exchange.getRequestURI().getQuery().equals("city=Oslo");
            byte[] answer = "rain".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 404, known ? answer.length : -1);
            if (known) {
                exchange.getResponseBody().write(answer);
            }
            exchange.close();
        });
        weather.start();
        Properties keys = new Properties();
        keys.putAll(Map.of(
                "service.domain", "service.localhost",
                "service.host", "127.0.0.1",
                "service.port", "" + server.componentPort(),
                "service.secret", "s3cret",
                "service.weather", "http://127.0.0.1:" + weather.getAddress().getPort() + "/weather"));
        context.getPropertiesComponent().setInitialProperties(keys);
        context.getShutdownStrategy().setTimeout(5);
    }

    @AfterEach
    void stop() {
        context.stop();
        weather.stop(0);
        alice.close();
        server.close();
    }

    private void run(RoutesBuilder routes) throws Exception {
        context.addRoutes(routes);
        startReady();
    }

    private void run(String name, String content) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString(name, content));
        startReady();
    }

    private void startReady() {
        context.start();
        XmppComponentEndpoint endpoint = context.getEndpoints().stream()
                .filter(XmppComponentEndpoint.class::isInstance)
                .map(XmppComponentEndpoint.class::cast)
                .findFirst()
                .orElseThrow();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> endpoint.stream().state() == StreamState.READY);
    }

    private Stanza ask(String type, String child) throws Exception {
        String id = "q" + asked++;
        alice.send("<iq type='" + type + "' id='" + id + "' to='service.localhost'>" + child + "</iq>");
        return alice.await("the answer to " + id, stanza -> stanza.isReply() && id.equals(stanza.id()));
    }

    private static String content(Stanza stanza) {
        return new String(stanza.content(), StandardCharsets.UTF_8);
    }

    @Test
    void answersPingDiscoveryAndTheWeather() throws Exception {
        run(new LittleService());
        Stanza pong = ask("get", "<ping xmlns='urn:xmpp:ping'/>");
        assertThat(pong.type()).isEqualTo("result");
        assertThat(pong.children()).isZero();
        assertThat(content(ask("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>")))
                .contains("name='Little Service'", "var='urn:xmpp:ping'");
        assertThat(content(ask("get", "<weather xmlns='urn:example:weather' city='Oslo'/>")))
                .isEqualTo("<weather xmlns='urn:example:weather'>rain</weather>");
        assertThat(content(ask("get", "<weather xmlns='urn:example:weather' city='Nowhere'/>")))
                .contains("internal-server-error");
        assertThat(content(ask("set", "<ping xmlns='urn:xmpp:ping'/>"))).contains("feature-not-implemented");
    }

    /** Whatever strangers send, their number does not show in the log. */
    @Test
    void strangersDoNotFillTheLog() throws Exception {
        run(new LittleService());
        try (CapturedLog log = CapturedLog.ofAll()) {
            for (int i = 0; i < 10; i++) {
                alice.send("<message type='chat' to='service.localhost'><body>" + i + "</body></message>");
                alice.send("<message type='get' to='service.localhost'><body>" + i + "</body></message>");
                alice.send("<presence to='service.localhost'/>");
                alice.send("<iq type='result' id='" + i + "' to='service.localhost'/>");
                ask("get", "<unknown xmlns='urn:example:u'/>");
                ask("get", "<weather xmlns='urn:example:weather' city='Nowhere'/>");
            }
            assertThat(log.events())
                    .filteredOn(line -> line.startsWith("WARN") || line.startsWith("ERROR") || line.startsWith("INFO"))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void chatsInYaml() throws Exception {
        String document = Files.readString(Path.of("docs/component.md"));
        run(
                "chat.yaml",
                fragment(document.substring(document.indexOf("## Messages and presences")), "yaml", "- route"));
        alice.send("<message type='chat' to='service.localhost'><body>a &lt; b</body></message>");
        Stanza said = alice.await("the answer", stanza -> stanza.kind() == Stanza.Kind.MESSAGE);
        assertThat(content(said)).isEqualTo("<body>You said: a &lt; b</body>");
    }

    @Test
    void theDocumentShowsTheServiceThatIsTested() throws Exception {
        String source = Files.readString(Path.of("src/test/java/org/clientproxy/component/LittleService.java"));
        assertThat(Files.readString(Path.of("docs/component.md")))
                .contains(source.substring(source.indexOf("/** A small")).strip());
    }

    @Test
    void isWrittenInYaml() throws Exception {
        String document = Files.readString(Path.of("docs/component.md"));
        run("service.yaml", fragment(document, "yaml", "- route"));
        assertThat(content(ask("get", "<q xmlns='urn:example:q'/>"))).contains("from alice@localhost/home");
    }

    @Test
    void isWrittenInXml() throws Exception {
        String document = Files.readString(Path.of("docs/component.md"));
        run("service.xml", fragment(document, "xml", "<routes"));
        assertThat(content(ask("get", "<q xmlns='urn:example:q'/>"))).contains("from alice@localhost/home");
    }

    @Test
    void isNamedInTheEndpointDsl() throws Exception {
        run(new EndpointRouteBuilder() {
            @Override
            public void configure() {
                from(XmppEndpointBuilderFactory.endpointBuilder("xmpp-component", "service.localhost")
                                .host("127.0.0.1")
                                .port(server.componentPort())
                                .secret("RAW(s3cret)"))
                        .setBody(constant("<dsl xmlns='urn:example:dsl'/>"));
            }
        });
        assertThat(content(ask("get", "<q xmlns='urn:example:q'/>"))).isEqualTo("<dsl xmlns='urn:example:dsl'/>");
    }

    @Test
    void theEndpointDslKnowsEveryOption() throws Exception {
        String metadata = Files.readString(
                Path.of("src/generated/resources/META-INF/org/clientproxy/component/xmpp-component.json"));
        String options = metadata.substring(metadata.indexOf("\"properties\": {"));
        var names = java.util.regex.Pattern.compile("(?m)^    \"(\\w+)\": \\{ \"index\": \\d+, \"kind\": \"parameter\"")
                .matcher(options);
        String builder = Files.readString(
                Path.of("src/generated/java/org/clientproxy/component/dsl/XmppEndpointBuilderFactory.java"));
        int known = 0;
        while (names.find()) {
            assertThat(builder).contains(" " + names.group(1) + "(");
            known++;
        }
        assertThat(known).isGreaterThan(10);
    }

    @Test
    void composesStanzas() {
        Stanza stanza = StanzaBuilder.message("chat")
                .from("service.localhost")
                .to("alice@localhost")
                .child("<body>Good morning</body>")
                .build();
        assertThat(stanza.toXml()).contains("type='chat'", "<body>Good morning</body>");
        assertThat(StanzaBuilder.presence(null).to("a@b").build().type()).isNull();
        assertThatThrownBy(() -> StanzaBuilder.iq("get").to("@").build()).hasMessageContaining("not an XMPP address");
        assertThatThrownBy(() -> StanzaBuilder.iq("get").to("a@b").child("<q>").build())
                .hasMessageContaining("not a stanza");
        assertThatThrownBy(() ->
                        StanzaBuilder.iq("get").to("a@b").child("</iq><iq>").build())
                .hasMessageContaining("not a stanza");
    }

    /** @param first what the fragment begins with */
    private static String fragment(String document, String language, String first) {
        String begin = "```" + language + "\n";
        int from = document.indexOf(begin + first) + begin.length();
        return document.substring(from, document.indexOf("```", from));
    }
}
