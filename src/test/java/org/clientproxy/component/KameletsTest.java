package org.clientproxy.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Kamelets of both directions, as Camel finds them in the jar, over the loopback server. */
class KameletsTest {
    private static final String SECRET = "s3c+r&t =x%41";

    private final LoopbackServer server = new LoopbackServer(Map.of("alice", "pw"), "service.localhost", SECRET);
    private final DefaultCamelContext context = new DefaultCamelContext();
    private String connection;
    private RawClient alice;

    @BeforeEach
    void start() throws Exception {
        server.start();
        alice = RawClient.login(server, "alice", "pw", "home");
        connection = "domain=service.localhost&host=127.0.0.1&port=" + server.componentPort() + "&secret={{secret}}";
        Properties keys = new Properties();
        keys.put("secret", "RAW(" + SECRET + ")");
        context.getPropertiesComponent().setInitialProperties(keys);
        context.getShutdownStrategy().setTimeout(5);
    }

    @AfterEach
    void stop() {
        context.stop();
        alice.close();
        server.close();
    }

    private void run(RouteBuilder routes) throws Exception {
        context.addRoutes(routes);
        startReady();
    }

    private void startReady() {
        context.start();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> context.getEndpoints().stream()
                .filter(XmppComponentEndpoint.class::isInstance)
                .anyMatch(each -> ((XmppComponentEndpoint) each).stream().state() == StreamState.READY));
    }

    private Stanza ask() throws Exception {
        alice.send("<iq type='get' id='1' to='service.localhost'><q xmlns='u'/></iq>");
        return alice.await("the answer", stanza -> stanza.isReply() && "1".equals(stanza.id()));
    }

    @Test
    void theSourceAnswersRequests() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:xmpp-component-source?" + connection)
                        .to("mock:asked")
                        .setBody(simple("<for xmlns='u'>${header.CamelXmppComponentFrom}</for>"));
            }
        });
        MockEndpoint asked = context.getEndpoint("mock:asked", MockEndpoint.class);
        asked.expectedMessageCount(1);
        alice.send("<message type='chat' to='service.localhost'><body>hi</body></message>");
        Stanza answer = ask();
        assertThat(new String(answer.content(), StandardCharsets.UTF_8))
                .isEqualTo("<for xmlns='u'>alice@localhost/home</for>");
        asked.assertIsSatisfied();
    }

    @Test
    void theSourceBringsMessagesTooWhereItIsToldTo() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:xmpp-component-source?messages=true&" + connection)
                        .to("mock:said");
            }
        });
        MockEndpoint said = context.getEndpoint("mock:said", MockEndpoint.class);
        said.expectedHeaderReceived("CamelXmppComponentBody", "hi");
        alice.send("<message type='chat' to='service.localhost'><body>hi</body></message>");
        said.assertIsSatisfied();
    }

    @Test
    void theSinkAsks() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask")
                        .to("kamelet:xmpp-component-sink?to=alice@localhost/home&type=set&requestTimeout=10s&"
                                + connection)
                        .setBody(simple("${header.CamelXmppComponentType} ${body}"));
            }
        });
        CompletableFuture<String> asked = context.createProducerTemplate()
                .asyncRequestBodyAndHeader(
                        "direct:ask", "<q xmlns='u'/>", "CamelXmppComponentFrom", "of@another.example", String.class);
        Stanza request = alice.await("the request", Stanza::isRequest);
        assertThat(request.type()).isEqualTo("set");
        alice.send("<iq type='result' id='" + request.id() + "' to='service.localhost'><a xmlns='u'/></iq>");
        assertThat(asked.get(20, TimeUnit.SECONDS)).startsWith("result <iq ").contains("<a xmlns=");
    }

    @Test
    void thePageShowsBoth() throws Exception {
        Properties keys = new Properties();
        keys.putAll(Map.of(
                "service.domain", "service.localhost",
                "service.host", "127.0.0.1",
                "service.port", "" + server.componentPort(),
                "service.secret", "RAW(" + SECRET + ")",
                "asked", "alice@localhost/home"));
        context.getPropertiesComponent().setInitialProperties(keys);
        String page = Files.readString(Path.of("docs/component.md"));
        String yaml = page.substring(page.indexOf("```yaml\n", page.indexOf("## Kamelets")) + 8);
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.fromString("kamelets.yaml", yaml.substring(0, yaml.indexOf("```"))));
        startReady();
        assertThat(new String(ask().content(), StandardCharsets.UTF_8))
                .isEqualTo("<seen xmlns='urn:example:seen'>alice@localhost/home</seen>");
        context.createProducerTemplate().asyncRequestBody("direct:ask", "");
        Stanza request = alice.await("the request", Stanza::isRequest);
        assertThat(new String(request.content(), StandardCharsets.UTF_8))
                .isEqualTo("<query xmlns='jabber:iq:version'/>");
    }

    /** What Camel's tools read: each property is declared, used, and required or with a default. */
    @ParameterizedTest
    @ValueSource(strings = {"source", "sink"})
    void hasTheShapeOfAKamelet(String type) throws Exception {
        Path file = Path.of("src/main/resources/kamelets/xmpp-component-" + type + ".kamelet.yaml");
        String text = Files.readString(file);
        JsonNode kamelet = new YAMLMapper().readTree(text);
        assertThat(kamelet.at("/apiVersion").asText()).isEqualTo("camel.apache.org/v1");
        assertThat(kamelet.at("/kind").asText()).isEqualTo("Kamelet");
        assertThat(kamelet.at("/metadata/name").asText() + ".kamelet.yaml")
                .isEqualTo(file.getFileName().toString());
        assertThat(kamelet.at("/metadata/labels")
                        .path("camel.apache.org/kamelet.type")
                        .asText())
                .isEqualTo(type);
        assertThat(kamelet.at("/metadata/annotations")
                        .path("camel.apache.org/kamelet.icon")
                        .asText())
                .startsWith("data:image/svg+xml;base64,");
        JsonNode definition = kamelet.at("/spec/definition");
        assertThat(definition.path("title").asText()).isNotEmpty();
        assertThat(definition.path("description").asText()).isNotEmpty();
        TreeSet<String> declared = new TreeSet<>();
        TreeSet<String> required = new TreeSet<>();
        definition.path("required").forEach(each -> required.add(each.asText()));
        definition.path("properties").properties().forEach(each -> {
            declared.add(each.getKey());
            assertThat(each.getValue().path("title").asText()).isNotEmpty();
            assertThat(each.getValue().path("description").asText()).isNotEmpty();
            assertThat(each.getValue().path("type").asText()).isIn("string", "integer", "boolean");
            assertThat(each.getValue().has("default")).isNotEqualTo(required.contains(each.getKey()));
        });
        assertThat(declared).containsAll(required);
        TreeSet<String> used = new TreeSet<>();
        Pattern.compile("\\{\\{(\\w+)}}")
                .matcher(text.substring(text.indexOf("  template:")))
                .results()
                .forEach(found -> used.add(found.group(1)));
        assertThat(used).isEqualTo(declared);
    }
}
