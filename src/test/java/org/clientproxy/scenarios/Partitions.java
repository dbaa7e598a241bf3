package org.clientproxy.scenarios;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.SecondComponent;
import org.clientproxy.xmpp.Stanza;

/**
 * Runs within the midst of {@link Namespaces}: a server, and three nodes in namespaces of their own, whose links are taken down and
 * put up again.
 */
public final class Partitions {
    private final NodeProcesses nodes;
    private final PendingWork pending;

    private Partitions(NodeProcesses nodes, PendingWork pending) {
        this.nodes = nodes;
        this.pending = pending;
    }

    /** @param args the names of the nodes' namespaces, without their numbers */
    public static void main(String[] args) throws Exception {
        LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "component-secret");
        server.listenAt("0.0.0.0");
        server.secondComponent(SecondComponent.KICKS_THE_OLD);
        ClusterRun.prepared(server);
        try (server;
                NodeProcesses nodes = new NodeProcesses(
                        server,
                        ClusterRun.NODES,
                        number -> Map.of(
                                "XMPP_HOST", Namespaces.SERVER,
                                "PROXY_REPLY_TIMEOUT", "5m",
                                "PROXY_CLUSTER_SILENT_AFTER", "2s"),
                        number -> Namespaces.place(args[0], number))) {
            nodes.startAll();
            nodes.awaitStream();
            try (PendingWork pending = new PendingWork(server)) {
                Partitions partitions = new Partitions(nodes, pending);
                partitions.holderIsCutOffFromTheOthersAlone();
                partitions.holderIsCutOffFromAll();
                partitions.anotherIsCutOffFromTheOthers();
                partitions.allAreCutOffFromEachOther();
            }
        }
        System.out.println("all parts were tried");
        System.exit(0);
    }

    /** It closes its stream, another one goes on, and when it is back it begins anew. */
    private void holderIsCutOffFromTheOthersAlone() throws Exception {
        int holder = nodes.awaitStream();
        List<Stanza> work = pending.ask("cut-off");
        Namespaces.link("nodes", holder, false);
        nodes.awaitStreamElsewhere(holder);
        nodes.awaitIdle(holder);
        pending.reply(work);
        pending.awaitResults("cut-off");
        Namespaces.link("nodes", holder, true);
        nodes.awaitWhole(ClusterRun.NODES);
        require(nodes.node(holder).log().contains("begins anew"), "node " + holder + " begins anew");
        pending.assertNoMore();
    }

    /** As when its machine is gone. */
    private void holderIsCutOffFromAll() throws Exception {
        int holder = nodes.awaitStream();
        List<Stanza> work = pending.ask("gone");
        Namespaces.link("nodes", holder, false);
        Namespaces.link("server", holder, false);
        nodes.awaitStreamElsewhere(holder);
        pending.reply(work);
        pending.awaitResults("gone");
        Namespaces.link("server", holder, true);
        Namespaces.link("nodes", holder, true);
        nodes.awaitWhole(ClusterRun.NODES);
        pending.assertNoMore();
    }

    /** One that stands by does not connect, and the one with the stream keeps it. */
    private void anotherIsCutOffFromTheOthers() throws Exception {
        int holder = nodes.awaitStream();
        int other = holder % ClusterRun.NODES + 1;
        List<Stanza> work = pending.ask("other");
        Namespaces.link("nodes", other, false);
        nodes.awaitIdle(other);
        nodes.awaitWhole(ClusterRun.NODES - 1);
        require(nodes.awaitStream() == holder, "node " + holder + " keeps its stream");
        pending.reply(work);
        pending.awaitResults("other");
        Namespaces.link("nodes", other, true);
        nodes.awaitWhole(ClusterRun.NODES);
        pending.assertNoMore();
    }

    /** Nobody has a majority, so nobody has a stream; nobody has gone on either, so when they meet again all goes on. */
    private void allAreCutOffFromEachOther() throws Exception {
        List<Stanza> work = pending.ask("all");
        for (int number = 1; number <= ClusterRun.NODES; number++) {
            Namespaces.link("nodes", number, false);
        }
        for (int number = 1; number <= ClusterRun.NODES; number++) {
            nodes.awaitIdle(number);
        }
        // Its end is said to the server, and takes a moment.
        nodes.await("nobody has a stream", () -> IntStream.rangeClosed(1, ClusterRun.NODES)
                .noneMatch(nodes::isStreamReady));
        for (int number = 1; number <= ClusterRun.NODES; number++) {
            Namespaces.link("nodes", number, true);
        }
        nodes.awaitWhole(ClusterRun.NODES);
        nodes.awaitStream();
        pending.reply(work);
        pending.awaitResults("all");
        pending.assertNoMore();
    }

    static void require(boolean condition, String words) {
        if (!condition) {
            throw new AssertionError(words);
        }
    }
}
