package org.clientproxy.proxy;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.routes.RoutesTwinTest;
import org.clientproxy.config.ProxyConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.clientproxy.component.XmppComponent;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two proxies in one process do not know of each other. */
class SeveralProxiesTest {
    @TempDir
    Path dataDir;

    private final Map<String, InMemoryStream> streams = new HashMap<>();

    @Test
    void eachServesItsOwnDomainFromItsOwnTarget() throws Exception {
        try (CamelContext context = start(Map.of())) {
            assertThatEachServesItsOwn();
        }
    }

    @Test
    void theCommandOfTheReadmeWritesTheRoutesOfEach(@TempDir Path directory) throws Exception {
        Map<String, String> files = writtenByTheReadme(directory);
        Map<String, String> built;
        try (CamelContext context = start(Map.of())) {
            built = RoutesTwinTest.dump(context);
        }
        assertThat(built).hasSize(6);
        try (CamelContext context = start(files)) {
            assertThat(RoutesTwinTest.dump(context)).isEqualTo(built);
            assertThatEachServesItsOwn();
        }
    }

    @Test
    void theFilterInTheseFilesIsTheOneOfEach(@TempDir Path directory) throws Exception {
        Map<String, String> keys = new HashMap<>(writtenByTheReadme(directory));
        for (String name : List.of("a", "b")) {
            Path file = directory.resolve("routes/" + name + ".yaml");
            String yaml = Files.readString(file);
            Files.writeString(
                    file,
                    yaml.replaceAll(
                            "(?m)^( +)# (- validate:|    id: " + name
                                    + "-accept|    description: What|    xpath:|      expression: )",
                            "$1$2"));
        }
        Map<String, String> filters =
                Map.of("proxy.a.accept", "/*[@type='get']", "proxy.b.accept", "/*/*[namespace-uri()='urn:q']");
        keys.putAll(filters);
        Map<String, String> built;
        try (CamelContext context = start(filters)) {
            built = RoutesTwinTest.dump(context);
        }
        try (CamelContext context = start(keys)) {
            assertThat(RoutesTwinTest.dump(context)).isEqualTo(built);
            assertThatEachServesItsOwn();
        }
    }

    @Test
    void whatThatCommandLeavesAloneIsEnglish(@TempDir Path directory) throws Exception {
        writtenByTheReadme(directory);
        List<String> shipped = Files.readAllLines(Path.of("routes/client-proxy.yaml"));
        List<String> written = Files.readAllLines(directory.resolve("routes/a.yaml"));
        assertThat(written).hasSameSizeAs(shipped);
        for (int i = 0; i < shipped.size(); i++) {
            String line = shipped.get(i);
            if (!line.contains("proxy-") && !line.contains("{{")) {
                assertThat(written.get(i)).isEqualTo(line);
            } else {
                assertThat(written.get(i)).isNotEqualTo(line).doesNotContain("proxy-", "{{proxy");
            }
        }
    }

    /** Runs the command in the README where {@code routes/} is a copy of ours; the keys that take what it writes. */
    private static Map<String, String> writtenByTheReadme(Path directory) throws Exception {
        Matcher readme = Pattern.compile("\n    (for name in a b; do sed .*)\n(?s:.*?)\n((?:    prox.*\n)+)")
                .matcher(Files.readString(Path.of("README.md")));
        assertThat(readme.find()).isTrue();
        Files.createDirectories(directory.resolve("routes"));
        Files.copy(Path.of("routes/client-proxy.yaml"), directory.resolve("routes/client-proxy.yaml"));
        Process shell = new ProcessBuilder("sh", "-c", readme.group(1))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(shell.waitFor()).isZero();
        Properties keys = new Properties();
        keys.load(new StringReader(readme.group(2)));
        assertThat(keys.stringPropertyNames()).contains("proxies", "proxy.a.routes", "proxy.b.routes");
        Map<String, String> here = new HashMap<>();
        keys.forEach(
                (key, value) -> here.put(key.toString(), value.toString().replace("file:", "file:" + directory + "/")));
        return here;
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
        SimulatedLoop loop = new SimulatedLoop();
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
