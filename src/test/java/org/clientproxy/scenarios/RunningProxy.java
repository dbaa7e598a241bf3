package org.clientproxy.scenarios;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;
import org.clientproxy.component.XmppComponentEndpoint;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.stream.ComponentConnection;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamState;

/** The proxy as it is started by its users, over camel-main, in this process. */
public final class RunningProxy implements AutoCloseable {
    private final Main main;

    private RunningProxy(Main main) {
        this.main = main;
    }

    /** Starts it without waiting for the stream. */
    public static RunningProxy start(XmppServer server, Map<String, String> more) throws Exception {
        return start(server, more, Map.of());
    }

    /** @param routes of the operator, beside the proxy's own */
    public static RunningProxy start(
            XmppServer server, Map<String, String> more, Map<String, String> camelKeys, RoutesBuilder... routes)
            throws Exception {
        Map<String, String> keys = new HashMap<>(Map.of(
                "xmpp.host",
                "127.0.0.1",
                "xmpp.port",
                "" + server.componentPort(),
                "xmpp.secret",
                server.componentSecret(),
                "proxy.domain",
                server.componentDomain(),
                "proxy.target",
                "worker@" + server.domain(),
                "proxy.data-dir",
                "target/test-data/" + server.componentPort()));
        keys.putAll(more);
        // Ours, of which Camel gets no secret, come from the file; Camel's own may come as properties.
        Map<String, String> file = new HashMap<>(camelKeys);
        file.keySet().removeIf(key -> !key.startsWith("management."));
        Main main = org.clientproxy.Main.create(ProxyConfiguration.read(keys, Map.of()), file);
        camelKeys.forEach((key, value) -> {
            if (!file.containsKey(key)) {
                main.addInitialProperty(key, value);
            }
        });
        for (RoutesBuilder each : routes) {
            main.configure().addRoutesBuilder(each);
        }
        main.start();
        return new RunningProxy(main);
    }

    /** Starts what a file with these keys, and no others, says. */
    static RunningProxy startOfFile(Map<String, String> file) throws Exception {
        Main main = org.clientproxy.Main.create(ProxyConfiguration.read(file, Map.of()), file);
        main.start();
        return new RunningProxy(main);
    }

    /** Starts what a file says, whose edits are taken, with these environment variables over it. */
    static RunningProxy startWatching(Path file, Map<String, String> environment, Map<String, String> camelKeys)
            throws Exception {
        Main main = org.clientproxy.Main.create(file, environment);
        camelKeys.forEach(main::addInitialProperty);
        main.start();
        return new RunningProxy(main);
    }

    public static RunningProxy startReady(XmppServer server, Map<String, String> more) throws Exception {
        return startReady(server, more, Map.of());
    }

    /** @param camelKeys what camel-main would read from the file */
    public static RunningProxy startReady(XmppServer server, Map<String, String> more, Map<String, String> camelKeys)
            throws Exception {
        RunningProxy proxy = start(server, more, camelKeys);
        proxy.awaitReady();
        return proxy;
    }

    public void awaitReady() {
        Awaitility.await("the stream is ready")
                .atMost(Duration.ofSeconds(40))
                .until(() -> stream().state() == StreamState.READY);
    }

    CamelContext context() {
        return main.getCamelContext();
    }

    ComponentStream stream() {
        return endpoint().stream();
    }

    XmppComponentEndpoint endpoint() {
        return context().getEndpoints().stream()
                .filter(XmppComponentEndpoint.class::isInstance)
                .map(XmppComponentEndpoint.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /** How many streams to the server there were so far. */
    public int connections() {
        return (int) ((ComponentConnection) stream()).counters().connections();
    }

    /** What JMX says of the proxy, which must be on: {@code camel.main.jmxEnabled=true}. */
    Object attribute(String name) throws Exception {
        return ManagementFactory.getPlatformMBeanServer().getAttribute(bean(), name);
    }

    /** An operation of the proxy in JMX, which must be on. */
    public void operate(String name) throws Exception {
        ManagementFactory.getPlatformMBeanServer().invoke(bean(), name, new Object[0], new String[0]);
    }

    private ObjectName bean() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName pattern =
                new ObjectName("org.apache.camel:context=" + context().getManagementName() + ",type=client-proxy,*");
        return server.queryNames(pattern, null).stream().findFirst().orElseThrow();
    }

    @Override
    public void close() {
        main.stop();
    }
}
