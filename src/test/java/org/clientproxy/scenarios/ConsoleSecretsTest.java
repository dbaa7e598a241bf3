package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsoleRegistry;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.servers.Certificates;
import org.clientproxy.servers.FreePort;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With all of Camel's observation switched on, no secret is shown by anything that Camel has, in whichever way it was
 * configured. What Camel has is asked of Camel, not listed here.
 */
class ConsoleSecretsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String SECRET = "c0mp0nent-s3cret";
    private static final String OTHER = "an0ther-s3cret";
    private static final String KEY = "Zm9yLXRlc3RzLW9ubHktMDEyMzQ1Njc4OWFiY2RlZiE";
    private static final String TRUST = "trust-passw0rd";
    private static final String STORE = "keyst0re-passw0rd";
    private static final String USER = "0perators-passw0rd";
    private static final String SYSTEM = "system-pr0perty";
    private static final String INITIAL = "initial-pr0perty";
    private static final String ROUTE = "r0utes-own";
    private static final String TOKEN = "0perate-by-this-t0ken";
    private static final List<String> ALL =
            List.of(SECRET, OTHER, KEY, TRUST, STORE, USER, SYSTEM, INITIAL, ROUTE, TOKEN);

    @TempDir
    Path directory;

    private final int port = FreePort.next();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> file = new LinkedHashMap<>();
    private final StringBuilder shown = new StringBuilder();
    private LoopbackServer server;

    @BeforeEach
    void start() throws Exception {
        server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", SECRET);
        server.start();
        Path users = Files.writeString(directory.resolve("users.properties"), "user.operator = " + USER + "\n");
        Files.writeString(directory.resolve("other"), OTHER);
        file.put("proxies", "one,two");
        file.put("xmpp.host", "127.0.0.1");
        file.put("xmpp.port", "" + server.componentPort());
        file.put("xmpp.secret", SECRET);
        file.put("proxy.target", "worker@localhost");
        file.put("proxy.data-dir", directory.resolve("data").toString());
        file.put("proxy.drain-timeout", "1s");
        file.put("proxy.one.domain", "proxy.localhost");
        file.put("proxy.one.jat-key", KEY);
        file.put("proxy.two.domain", "other.localhost");
        file.put("proxy.two.xmpp.secret-file", directory.resolve("other").toString());
        file.put("proxy.two.xmpp.tls", "off");
        file.put("proxy.two.xmpp.tls.trust-file", trusted().toString());
        file.put("proxy.two.xmpp.tls.trust-password", TRUST);
        file.put("my.password", ROUTE);
        file.put("camel.main.jmxEnabled", "true");
        file.put("camel.main.jmxManagementMBeansLevel", "Default");
        file.put("camel.main.jmxManagementStatisticsLevel", "Extended");
        file.put("camel.main.devConsoleEnabled", "true");
        file.put("camel.main.startupRecorder", "logging");
        file.put("camel.main.messageHistory", "true");
        file.put("camel.main.dumpRoutes", "yaml");
        file.put("camel.main.tracing", "true");
        file.put("camel.main.autoConfigurationLogSummary", "true");
        file.put("camel.main.endpointRuntimeStatisticsEnabled", "true");
        file.put("camel.management.enabled", "true");
        file.put("camel.management.port", "" + port);
        file.put("camel.management.devConsoleEnabled", "true");
        file.put("camel.management.infoEnabled", "true");
        file.put("camel.management.downloadEnabled", "true");
        file.put("camel.management.authenticationEnabled", "true");
        file.put("camel.management.basicPropertiesFile", users.toString());
        file.put(
                "management.token-file",
                Files.writeString(directory.resolve("token"), TOKEN + '\n').toString());
        file.put("camel.ssl.keystorePassword", STORE);
        file.put("camel.ssl.enabled", "true");
        file.put("camel.ssl.trustStore", "file:" + directory.resolve("store.p12"));
        file.put("camel.ssl.trustStorePassword", TRUST);
        // A system property is stronger than the file.
        System.setProperty("camel.management.jwtKeystorePassword", SYSTEM);
    }

    @AfterEach
    void stop() {
        System.clearProperty("camel.management.jwtKeystorePassword");
        System.clearProperty("late.token");
        server.close();
    }

    private Path trusted() throws Exception {
        Installed.require(Certificates.isInstalled(), "openssl");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var in = Files.newInputStream(new Certificates(directory, "authority").authority())) {
            store.setCertificateEntry(
                    "a", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        Path at = directory.resolve("store.p12");
        try (var out = Files.newOutputStream(at)) {
            store.store(out, TRUST.toCharArray());
        }
        return at;
    }

    @Test
    void nothingOfCamelShowsThem() throws Exception {
        try (CapturedLog log = CapturedLog.ofAll()) {
            try (RunningProxy proxy = RunningProxy.startOfFile(file);
                    RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
                proxy.context().getPropertiesComponent().addInitialProperty("late.password", INITIAL);
                assertThat(proxy.context().resolvePropertyPlaceholders("{{my.password}}"))
                        .isEqualTo(ROUTE);
                Awaitility.await().atMost(LIMIT).until(() -> log.events().stream()
                        .anyMatch(event -> event.contains("proxy.localhost is ready")));
                alice.send("<iq type='get' id='1' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                alice.await("an answer", Stanza::isReply);
                // It does know what it has to.
                assertThat(proxy.context()
                                .getSSLContextParameters()
                                .getTrustManagers()
                                .getKeyStore()
                                .getPassword())
                        .isEqualTo(TRUST);
                // One that came after the start is masked by its name.
                System.setProperty("late.token", SYSTEM);
                pages();
                consoles(proxy);
                beans(proxy);
                context(proxy);
                for (Thread thread : Thread.getAllStackTraces().keySet()) {
                    shown.append(thread.getName()).append('\n');
                }
            }
            shown.append(String.join(
                    "\n",
                    log.events().stream()
                            // Said at TRACE because of this test's own question. No key of the program's is resolved
                            // so.
                            .filter(event -> !event.contains(ROUTE))
                            .toList()));
        }
        assertThat(shown)
                .contains(
                        "TRACE", "camel.ssl.trustStorePassword", "my.password", "java.specification", "proxy-stanzas");
        for (String secret : ALL) {
            int at = shown.indexOf(secret);
            assertThat(at < 0 ? "" : shown.substring(Math.max(0, at - 300), Math.min(shown.length(), at + 100)))
                    .as("what stands around %s", secret)
                    .isEmpty();
        }
    }

    private void get(String path, String accept) throws Exception {
        HttpResponse<String> got = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Accept", accept)
                        .header(
                                "Authorization",
                                "Basic " + Base64.getEncoder().encodeToString(("operator:" + USER).getBytes()))
                        .timeout(LIMIT)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(got.statusCode()).as(path).isNotEqualTo(401);
        shown.append(path).append(' ').append(got.body()).append('\n');
    }

    private void pages() throws Exception {
        for (String page : List.of(
                "/observe/health",
                "/observe/health/live",
                "/observe/health/ready",
                "/observe/metrics",
                "/observe/info",
                "/observe/client-proxy",
                "/observe/client-proxy/status",
                "/q/dev",
                "/q/dev/all",
                "/q/dev/send?endpoint=class:java.lang.String&exchangePattern=InOut&body=file:"
                        + directory.resolve("other"),
                "/q/dev/send?poll=true&endpoint=seda:x&pollTimeout=1",
                "/q/download/",
                "/q/download/application.properties",
                "/q/download/?classpath=true")) {
            for (String accept : List.of("text/plain", "application/json", "text/html")) {
                get(page, accept);
            }
        }
    }

    /** Each that there is, in both forms, with each option that its class names. */
    private void consoles(RunningProxy proxy) throws Exception {
        DevConsoleRegistry registry =
                proxy.context().getCamelContextExtension().getContextPlugin(DevConsoleRegistry.class);
        registry.loadDevConsoles(true);
        List<DevConsole> consoles = registry.stream().toList();
        assertThat(consoles).extracting(DevConsole::getId).contains("properties", "jvm", "client-proxy", "bean");
        for (DevConsole console : consoles) {
            for (Map<String, Object> options : options(original(console))) {
                for (DevConsole.MediaType type : DevConsole.MediaType.values()) {
                    try {
                        shown.append(console.getId())
                                .append(console.call(type, options))
                                .append('\n');
                        Object resolved = registry.resolveById(console.getId());
                        shown.append(resolved);
                    } catch (RuntimeException e) {
                        shown.append(e).append('\n');
                    }
                }
            }
            for (String accept : List.of("text/plain", "application/json")) {
                StringBuilder query = new StringBuilder("?");
                options(original(console))
                        .forEach(each -> each.forEach((key, value) -> query.append(key)
                                .append('=')
                                .append(URLEncoder.encode("" + value, StandardCharsets.UTF_8))
                                .append('&')));
                get("/q/dev/" + console.getId(), accept);
                get("/q/dev/" + console.getId() + "/*", accept);
                get("/q/dev/" + console.getId() + query, accept);
            }
        }
    }

    private static Object original(DevConsole console) throws Exception {
        for (Field field : console.getClass().getDeclaredFields()) {
            if (field.getType() == DevConsole.class) {
                field.setAccessible(true);
                return field.get(console);
            }
        }
        return console;
    }

    /** None, each one alone, and all together. */
    private static Set<Map<String, Object>> options(Object console) throws Exception {
        Set<Map<String, Object>> options = new LinkedHashSet<>(List.of(Map.of()));
        Map<String, Object> all = new HashMap<>();
        for (Field field : console.getClass().getDeclaredFields()) {
            int modifiers = field.getModifiers();
            if (Modifier.isPublic(modifiers) && Modifier.isStatic(modifiers) && field.getType() == String.class) {
                String name = (String) field.get(null);
                for (String value : List.of("true", "*", "proxy-stanzas")) {
                    options.add(Map.of(name, value));
                }
                all.put(name, name.matches("(?i).*(limit|max|size|timeout).*") ? "100" : "true");
            }
        }
        options.add(all);
        return options;
    }

    /** Every attribute, and every operation that takes nothing and gives something. */
    private void beans(RunningProxy proxy) throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        Set<ObjectName> names = beans.queryNames(
                new ObjectName("org.apache.camel:context=" + proxy.context().getManagementName() + ",*"), null);
        assertThat(names)
                .extracting(name -> name.getKeyProperty("type"))
                .contains("context", "endpoints", "processors");
        for (ObjectName name : names) {
            for (var attribute : beans.getMBeanInfo(name).getAttributes()) {
                try {
                    show(name, attribute.getName(), beans.getAttribute(name, attribute.getName()));
                } catch (JMException | RuntimeException e) {
                    show(name, attribute.getName(), e);
                }
            }
            for (MBeanOperationInfo operation : beans.getMBeanInfo(name).getOperations()) {
                if (operation.getReturnType().equals("void")
                        || !Arrays.stream(operation.getSignature())
                                .allMatch(each -> each.getType().equals("boolean"))) {
                    continue;
                }
                for (Boolean value : operation.getSignature().length == 0 ? List.of(true) : List.of(true, false)) {
                    Object[] arguments = new Object[operation.getSignature().length];
                    Arrays.fill(arguments, value);
                    String[] signature = new String[arguments.length];
                    Arrays.fill(signature, "boolean");
                    try {
                        show(name, operation.getName(), beans.invoke(name, operation.getName(), arguments, signature));
                    } catch (JMException | RuntimeException e) {
                        show(name, operation.getName(), e);
                    }
                }
            }
        }
    }

    private void show(ObjectName name, String what, Object value) {
        shown.append(name).append(' ').append(what).append('=');
        shown.append(value instanceof Object[] several ? Arrays.deepToString(several) : value);
        for (Throwable each = value instanceof Throwable failure ? failure : null;
                each != null;
                each = each.getCause()) {
            shown.append(each);
        }
        shown.append('\n');
    }

    private void context(RunningProxy proxy) {
        var properties = new HashMap<>(proxy.context().getPropertiesComponent().loadProperties());
        // What routes may use stays there for them.
        properties.remove("my.password");
        properties.remove("late.password");
        List<Object> all = new ArrayList<>(properties.entrySet());
        all.addAll(proxy.context().getEndpoints());
        all.addAll(proxy.context().getGlobalOptions().entrySet());
        all.add(proxy.context().getPropertiesComponent().getResolvedValue("camel.ssl.trustStorePassword"));
        all.forEach(each -> shown.append(each).append('\n'));
    }
}
