package org.clientproxy.scenarios;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.FreePort;

/** The nodes of one cluster, each a process of its own. */
final class ClusterProcesses implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String KEY = "A".repeat(43);

    private final XmppServer server;
    private final String streams;
    private final List<Integer> ports = new ArrayList<>();
    private final Map<Integer, ProxyProcess> nodes = new HashMap<>();

    /** @param streams what {@code proxy.cluster.streams} says to all of them */
    ClusterProcesses(XmppServer server, int count, String streams) throws IOException {
        this.server = server;
        this.streams = streams;
        for (int i = 0; i < count; i++) {
            ports.add(FreePort.next());
        }
    }

    ProxyProcess node(int number) {
        return nodes.get(number);
    }

    /** Starts it, for the first time or again; all that run see it then. */
    ProxyProcess start(int number) throws IOException {
        ProxyProcess node = nodes.get(number);
        if (node == null) {
            node = new ProxyProcess(server, server.componentPort(), "128m", settings(number));
            nodes.put(number, node);
        }
        int before =
                (int) nodes.values().stream().filter(each -> each.isRunning()).count();
        node.start();
        for (ProxyProcess each : nodes.values()) {
            if (each.isRunning()) {
                awaitMembers(each, before + 1);
            }
        }
        return node;
    }

    private Map<String, String> settings(int number) {
        String all = ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        return Map.of(
                "PROXY_PENDING",
                "cluster",
                "PROXY_JAT_KEY",
                KEY,
                "PROXY_CLUSTER_NODE",
                "" + number,
                "PROXY_CLUSTER_BIND",
                "127.0.0.1:" + ports.get(number - 1),
                "PROXY_CLUSTER_NODES",
                all,
                "PROXY_CLUSTER_STREAMS",
                streams,
                "PROXY_CLUSTER_SECRET",
                "for-all-of-a-test",
                "PROXY_REPLY_TIMEOUT",
                "2m");
    }

    /** The last view of the node has so many members. */
    static void awaitMembers(ProxyProcess node, int count) {
        Awaitility.await("it sees " + count)
                .atMost(LIMIT)
                .failFast("it has ended", () -> !node.isAlive())
                .until(() -> members(node) == count);
    }

    private static int members(ProxyProcess node) {
        try {
            String log = node.log();
            int view = log.lastIndexOf(" has [node ");
            return view < 0 ? 0 : log.substring(view, log.indexOf(']', view)).split(",").length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws Exception {
        for (ProxyProcess node : nodes.values()) {
            node.close();
        }
    }
}
