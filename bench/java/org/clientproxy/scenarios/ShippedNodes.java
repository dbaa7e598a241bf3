package org.clientproxy.scenarios;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.EjabberdServer;
import org.clientproxy.servers.FreePort;
import org.clientproxy.servers.ProsodyServer;

/** One proxy, or several nodes as one, as they ship, each a process of its own. */
public final class ShippedNodes implements AutoCloseable {
    private static final Path JAR = Path.of("target/camel-client-proxy.jar");

    private final List<ProxyProcess> processes;
    private final AutoCloseable all;

    private ShippedNodes(List<ProxyProcess> processes, AutoCloseable all) {
        this.processes = processes;
        this.all = all;
    }

    /** The names of the servers that there are here. */
    public static List<String> servers() {
        return List.of("loopback", "prosody", "ejabberd").stream()
                .filter(name -> !name.equals("prosody") || ProsodyServer.isInstalled())
                .filter(name -> !name.equals("ejabberd") || EjabberdServer.isInstalled())
                .toList();
    }

    /** @param streams what {@code proxy.cluster.streams} is going to be */
    public static XmppServer server(String name, String streams) throws Exception {
        return ClusterFaults.server(streams.equals("all") ? name + ClusterFaults.SHARES : name);
    }

    /** A proxy that has no others. Returns when its stream is ready. */
    public static ShippedNodes one(XmppServer server) throws Exception {
        ProxyProcess process = new ProxyProcess(server, server.componentPort(), "512m", Map.of());
        // As the nodes have it.
        process.file(List.of(
                "camel.management.enabled=true",
                "camel.management.host=127.0.0.1",
                "camel.management.port=" + FreePort.next()));
        process.asShipped(JAR);
        process.start();
        process.awaitReady();
        return new ShippedNodes(List.of(process), process);
    }

    /** So many nodes. Returns when they see each other, and their streams are ready. */
    public static ShippedNodes several(XmppServer server, int count, String streams) throws Exception {
        NodeProcesses nodes = nodes(server, count, streams);
        return new ShippedNodes(
                IntStream.rangeClosed(1, count).mapToObj(nodes::node).toList(), nodes);
    }

    /** The same. */
    static NodeProcesses nodes(XmppServer server, int count, String streams) throws Exception {
        NodeProcesses nodes = new NodeProcesses(
                server,
                count,
                number -> Map.of("PROXY_CLUSTER_STREAMS", streams, "PROXY_MAX_PENDING_PER_REQUESTER", "100000"));
        for (int number = 1; number <= count; number++) {
            nodes.node(number).asShipped(JAR);
        }
        nodes.startAll();
        nodes.awaitStreams();
        return nodes;
    }

    /** The processor time that all of them have used. */
    public Duration cpu() {
        return processes.stream().map(ProxyProcess::cpu).reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public void close() throws Exception {
        all.close();
    }
}
