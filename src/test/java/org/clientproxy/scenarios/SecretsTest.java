package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.awaitility.Awaitility;
import org.clientproxy.component.Health;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Component secret, its digest and the key of the tokens are shown by nothing that people look at, whatever happens. */
class SecretsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String SECRET = "c0mp0nent-{{s3cret}}-#42";
    private static final String WRONG = "wr0ng-s3cret-of-an-operator";
    private static final String STORE = "st0re-passw0rd";
    private static final String KEY = "Zm9yLXRlc3RzLW9ubHktMDEyMzQ1Njc4OWFiY2RlZiE";
    private static final String STREAM_ID = "id-of-the-stream";

    @TempDir
    Path directory;

    private final StringBuilder shown = new StringBuilder();

    @Test
    void nothingShowsThemWhateverHappens() throws Exception {
        try (CapturedLog log = CapturedLog.ofAll();
                LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", SECRET)) {
            server.faults().streamId(STREAM_ID);
            server.start();
            Path file = Files.writeString(directory.resolve("secret"), SECRET + "\n");
            served(server, Map.of("xmpp.secret", SECRET));
            served(server, Map.of("xmpp.secret", "", "xmpp.secret-file", file.toString()));
            refused(server);
            misconfigured(file);
            shown.append(String.join("\n", log.events()));
        }
        assertThat(shown).contains("TRACE", "proxy.localhost is ready", "the server refuses the secret", "fails here");
        for (String secret : secrets()) {
            int at = shown.indexOf(secret);
            assertThat(at < 0 ? "" : shown.substring(Math.max(0, at - 300), Math.min(shown.length(), at + 100)))
                    .as("what stands around %s", secret)
                    .isEmpty();
        }
    }

    private void served(LoopbackServer server, Map<String, String> secret) throws Exception {
        Map<String, String> keys = new HashMap<>(Map.of("proxy.jat-key", KEY, "proxy.drain-timeout", "1s"));
        keys.putAll(secret);
        try (RunningProxy proxy = RunningProxy.startReady(server, keys)) {
            if (secret.size() == 1) {
                ProxyScenarios.accept(server);
            }
            try (Worker worker = Worker.join(server, "a");
                    RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
                Awaitility.await().atMost(LIMIT).until(() -> "result".equals(ask(alice)));
                look(proxy);
                for (String condition : List.of("policy-violation", "invalid-from", "conflict")) {
                    proxy.awaitReady();
                    server.dropComponent(condition);
                    Awaitility.await().atMost(LIMIT).until(() -> String.valueOf(
                                    proxy.stream().lastFailure())
                            .contains(condition));
                    look(proxy);
                }
                assertThat(worker.answered.get()).isPositive();
            }
        }
        try (RunningProxy proxy = RunningProxy.startReady(server, keys);
                RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
            AdviceWith.adviceWith(proxy.context(), "proxy-stanzas", advice -> advice.weaveById("proxy-translate")
                    .replace()
                    .process(exchange -> {
                        throw new IllegalStateException("fails here: " + exchange + exchange.getProperties());
                    }));
            assertThat(ask(alice)).isEqualTo("error");
            look(proxy);
        }
    }

    private static String ask(RawClient alice) throws Exception {
        alice.send("<iq type='get' id='1' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        return alice.await("the answer", Stanza::isReply).type();
    }

    private void refused(LoopbackServer server) throws Exception {
        try (RunningProxy proxy = RunningProxy.start(server, Map.of("xmpp.secret", WRONG, "proxy.jat-key", KEY))) {
            Awaitility.await().atMost(LIMIT).until(() -> proxy.stream().lastFailure() != null);
            look(proxy);
        }
    }

    private void misconfigured(Path file) {
        Map<String, String> wrong = Map.of(
                "xmpp.secret",
                SECRET,
                "xmpp.secret-file",
                file.toString(),
                "xmpp.tls",
                "on",
                "xmpp.tls.trust-file",
                file.toString(),
                "xmpp.tls.trust-password",
                STORE,
                "proxy.jat-key",
                KEY + ",x" + KEY,
                "proxy.domain",
                "a@b",
                "proxy.targte",
                "x");
        assertThatThrownBy(() -> ProxyConfiguration.read(wrong, Map.of("XMPP_SECRET", WRONG, "PROXY_JAT_KEY", WRONG)))
                .satisfies(refused -> {
                    for (Throwable each = refused; each != null; each = each.getCause()) {
                        shown.append(each).append('\n');
                    }
                });
    }

    /** Everything that a person or a tool can look at from outside. */
    private void look(RunningProxy proxy) throws Exception {
        CamelContext context = proxy.context();
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        for (RouteDefinition route : model.getRouteDefinitions()) {
            shown.append(route).append('\n');
            for (boolean resolve : List.of(true, false)) {
                shown.append(PluginHelper.getModelToXMLDumper(context)
                                .dumpModelAsXml(context, route, resolve, true, true))
                        .append(PluginHelper.getModelToYAMLDumper(context)
                                .dumpModelAsYaml(context, route, resolve, true, true, true));
            }
        }
        List<Object> managed = new ArrayList<>();
        for (Route route : context.getRoutes()) {
            shown.append(route).append(route.getProperties()).append('\n');
            managed.add(route.getConsumer());
            managed.addAll(route.getServices());
        }
        for (Endpoint endpoint : context.getEndpoints()) {
            shown.append(endpoint)
                    .append(endpoint.getEndpointUri())
                    .append(endpoint.getEndpointKey())
                    .append('\n');
            managed.add(endpoint);
        }
        for (Object each : managed) {
            attributes(each);
        }
        shown.append(context.resolvePropertyPlaceholders("{{proxy.endpoint}}"))
                .append(context.getPropertiesComponent().loadProperties())
                .append(context.getPropertiesComponent()
                        .getPropertiesFunction("bean")
                        .apply("proxy-secret.toString"))
                .append(context.getRegistry().lookupByName("proxy-secret"))
                .append(context.getGlobalOptions())
                .append(proxy.stream().settings())
                .append(proxy.stream().lastFailure())
                .append(Health.of(proxy.endpoint()).getMessage())
                .append(Health.of(proxy.endpoint()).getDetails())
                .append('\n');
    }

    /** What JMX shows of it where management is on. */
    private void attributes(Object managed) throws Exception {
        for (Method method : managed.getClass().getMethods()) {
            if (method.isAnnotationPresent(ManagedAttribute.class) && method.getParameterCount() == 0) {
                shown.append(method.getName())
                        .append('=')
                        .append(method.invoke(managed))
                        .append('\n');
            }
        }
    }

    private static List<String> secrets() throws Exception {
        byte[] key = Base64.getUrlDecoder().decode(KEY);
        List<String> secrets = new ArrayList<>(List.of(
                SECRET,
                WRONG,
                STORE,
                KEY,
                new String(key, StandardCharsets.UTF_8),
                HexFormat.of().formatHex(key)));
        for (String secret : List.of(SECRET, WRONG)) {
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1")
                            .digest((STREAM_ID + secret).getBytes(StandardCharsets.UTF_8)));
            secrets.add(digest);
            secrets.add(digest.toUpperCase(Locale.ROOT));
        }
        return secrets;
    }
}
