package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.clientproxy.component.XmppComponent;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.proxy.routes.RoutesTwinTest;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two proxies in one process do not know of each other. */
class SeveralProxiesTest {
    @TempDir
    Path dataDir;

    private final Map<String, InMemoryStream> streams = new HashMap<>();
    private final SimulatedLoop loop = new SimulatedLoop();

    @Test
    void eachServesItsOwnDomainFromItsOwnTarget() throws Exception {
        try (CamelContext context = start(Map.of())) {
            assertThatEachServesItsOwn();
        }
    }

    @Test
    void oneFileOfRoutesServesEach() throws Exception {
        Map<String, String> built;
        try (CamelContext context = start(Map.of())) {
            built = RoutesTwinTest.dump(context);
        }
        assertThat(built).hasSize(6);
        try (CamelContext context = start(keysOfTheReadme())) {
            assertThat(RoutesTwinTest.dump(context)).isEqualTo(built);
            assertThatEachServesItsOwn();
        }
    }

    /** The keys with which the README runs two proxies. */
    private static Map<String, String> keysOfTheReadme() throws Exception {
        Matcher readme = Pattern.compile("\n((?:    prox.*\n)*    proxies=.*\n(?:    prox.*\n)+)")
                .matcher(Files.readString(Path.of("README.md")));
        assertThat(readme.find()).isTrue();
        Properties keys = new Properties();
        keys.load(new StringReader(readme.group(1)));
        assertThat(keys.stringPropertyNames()).contains("proxies", "proxy.routes");
        Map<String, String> all = new HashMap<>();
        keys.forEach((key, value) -> all.put(key.toString(), value.toString()));
        return all;
    }

    @Test
    void theFilterInThisFileIsTheOneOfEach(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("routes.yaml");
        Files.writeString(file, filtering());
        Map<String, String> filters =
                Map.of("proxy.a.accept", "/*[@type='get']", "proxy.b.accept", "/*/*[namespace-uri()='urn:q']");
        Map<String, String> keys = new HashMap<>(filters);
        keys.put("proxy.routes", "file:" + file);
        Map<String, String> built;
        try (CamelContext context = start(filters)) {
            built = RoutesTwinTest.dump(context);
        }
        try (CamelContext context = start(keys)) {
            assertThat(RoutesTwinTest.dump(context)).isEqualTo(built);
            assertThatEachServesItsOwn();
        }
    }

    /** The shipped routes with the step of {@code proxy.accept}. */
    private static String filtering() throws Exception {
        return Files.readString(Path.of("routes/client-proxy.yaml"))
                .replaceAll(
                        "(?m)^( +)# (- validate:|    id: .*-accept(?:-message)?\"|    description: What|    xpath:|      expression: )",
                        "$1$2");
    }

    @Test
    void anEditOfThisFileIsLiveInEach(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("routes.yaml");
        Files.copy(Path.of("routes/client-proxy.yaml"), file);
        try (CamelContext context = start(Map.of("proxy.routes", "file:" + file))) {
            assertThatEachServesItsOwn();
            Files.writeString(file, filtering().replace("{{proxy.accept}}", "false()"));
            for (String name : List.of("a", "b")) {
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                    loop.advance(Duration.ZERO);
                    return context.getProcessor(name + "-accept") != null;
                });
            }
            loop.advance(Duration.ZERO);
            for (String name : List.of("a", "b")) {
                InMemoryStream stream = streams.get(name + ".example");
                stream.receive(StanzaXml.parse("<iq type='get' id='2' from='user@some.example/abc' to='" + name
                        + ".example'><q xmlns='urn:q'/></iq>"));
                assertThat(stream.takeSent().get(0).toXml()).contains("not-acceptable");
            }
        }
    }

    /** A route without the placeholder would be there twice. */
    @Test
    void aRouteOfTheFileThatIsNotOfEachStopsTheStart(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("more.yaml");
        Files.writeString(file, "- route: {id: mine, from: {uri: 'direct:mine', steps: [{stop: {}}]}}");
        assertThatThrownBy(() -> start(Map.of("proxy.routes", "java,file:" + file)))
                .hasMessageContaining("a route with the id mine, which there is already")
                .hasMessageContaining("let the id begin with {{proxy.name}}");
    }

    private CamelContext start(Map<String, String> more) throws Exception {
        Map<String, String> keys = new HashMap<>(Map.of(
                "proxies", "a,b",
                "xmpp.secret", "s",
                "proxy.data-dir", dataDir.toString(),
                "proxy.a.domain", "a.example",
                "proxy.a.target", "anna@some.example",
                "proxy.b.domain", "b.example",
                "proxy.b.target", "bert@some.example"));
        keys.putAll(more);
        CamelContext context = new DefaultCamelContext();
        context.getShutdownStrategy().setTimeout(1);
        XmppComponent component = new XmppComponent();
        component.setStreamFactory(settings -> {
            InMemoryStream stream = new InMemoryStream(settings, loop);
            streams.put(settings.domain(), stream);
            return stream;
        });
        context.addComponent("xmpp-component", component);
        for (ProxySettings settings : ProxyConfiguration.read(keys, Map.of())) {
            ClientProxy.addTo(context, settings);
        }
        context.start();
        return context;
    }

    private void assertThatEachServesItsOwn() {
        for (String name : new String[] {"a", "b"}) {
            InMemoryStream stream = streams.get(name + ".example");
            String target = name.equals("a") ? "anna@some.example" : "bert@some.example";
            assertThat(stream.pinged).isEqualTo("some.example");
            stream.become(StreamState.READY);
            stream.receive(presence(" type='subscribed'", target, name));
            stream.receive(presence("", target + "/x", name));
            stream.takeSent();
            stream.receive(StanzaXml.parse("<iq type='get' id='1' from='user@some.example/abc' to='" + name
                    + ".example'><q xmlns='urn:q'/></iq>"));
            Stanza forwarded = stream.takeSent().get(0);
            assertThat(forwarded.to()).isEqualTo(target + "/x");
            stream.receive(StanzaXml.parse(forwarded.result("").toXml()));
            assertThat(stream.takeSent().get(0).from()).isEqualTo(name + ".example");
        }
    }

    private static Stanza presence(String type, String from, String name) {
        return StanzaXml.parse("<presence" + type + " from='" + from + "' to='" + name + ".example'/>");
    }
}
