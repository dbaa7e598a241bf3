package org.clientproxy.scenarios;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.clientproxy.loopback.XmppServer;

/**
 * Runs within the midst of {@link Namespaces}: a server, and three nodes in namespaces of their own under a steady load. What goes
 * between a node and others, or the server, is discarded on its way, and all links stay up, so that nobody notices but by silence.
 */
public final class Discards {
    /** What is discarded. */
    private enum Cut {
        NODES("from the other nodes"),
        NODE("from one other node"),
        SERVER("from the server"),
        ALL("from all");

        final String words;

        Cut(String words) {
            this.words = words;
        }
    }

    static final String HEADER = """
            | server | a second | requests | cut off from the other nodes | from one of them | from the server | from all | results \
            | proxy's errors | server's errors | doubled | forged | never forwarded | answers lost | longest pause |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
            """;

    /** What docs/nodes.md wants of the server's machine, or ejabberd waits a quarter of an hour for one that is gone. */
    private static final Path RETRIES = Path.of("/proc/sys/net/ipv4/tcp_retries2");

    /** Shorter than it takes until the stream is given up: what was sent meanwhile is sent again by the kernels, and nothing is lost. */
    private static final int SHORT_MILLIS = 3000;

    private final NodeProcesses nodes;
    private final ClusterRun run;
    private final boolean severalStreams;
    private final Random random;
    // Somebody has given up a connection that is there, so what was written to it may be lost.
    private boolean streamGivenUp;

    private Discards(NodeProcesses nodes, ClusterRun run, boolean severalStreams, Random random) {
        this.nodes = nodes;
        this.run = run;
        this.severalStreams = severalStreams;
        this.random = random;
    }

    /** @param args what the names of the nodes' namespaces begin with, the server, requests a second, rounds of all cuts, and a seed */
    public static void main(String[] args) throws Exception {
        String name = args[1];
        int rate = Integer.parseInt(args[2]);
        int rounds = Integer.parseInt(args[3]);
        long seed = Long.parseLong(args[4]);
        boolean severalStreams = name.endsWith(ClusterFaults.SHARES);
        Files.writeString(RETRIES, "5");
        XmppServer server = ClusterFaults.server(name);
        server.listenAt("0.0.0.0");
        Map<String, String> settings = new HashMap<>(ClusterRun.settings("10s", severalStreams ? "all" : "one"));
        settings.put("XMPP_HOST", Namespaces.SERVER);
        settings.put("PROXY_CLUSTER_SILENT_AFTER", "2s");
        try (server;
                NodeProcesses nodes = new NodeProcesses(
                        ClusterRun.prepared(server),
                        ClusterRun.NODES,
                        number -> settings,
                        number -> Namespaces.place(args[0], number))) {
            nodes.startAll();
            try (ClusterRun run = new ClusterRun(server, nodes, seed, rate)) {
                run.begin();
                Discards discards = new Discards(nodes, run, severalStreams, new Random(seed));
                discards.cut(Cut.NODES, true);
                discards.cut(Cut.SERVER, true);
                for (int round = 0; round < rounds; round++) {
                    for (Cut cut : Cut.values()) {
                        discards.cut(cut, false);
                    }
                }
                run.finish();
                discards.judge(name);
            }
        }
        System.exit(0);
    }

    private void cut(Cut cut, boolean first) throws Exception {
        int holder = nodes.awaitStreams();
        int node = first && holder > 0 ? holder : run.anyNode();
        run.fail(cut.words, node, () -> {
            switch (cut) {
                case NODES -> {
                    Namespaces.discard("nodes", node, true);
                    awaitGoneWithout(node);
                    Namespaces.discard("nodes", node, false);
                }
                case NODE -> {
                    List<Integer> two = List.of(node, node % ClusterRun.NODES + 1);
                    Namespaces.discardBetween(two, true);
                    ClusterRun.pause(random.nextInt(15_000));
                    Namespaces.discardBetween(two, false);
                }
                case SERVER -> {
                    long before = run.load.requests();
                    Namespaces.discard("server", node, true);
                    if (first || random.nextBoolean()) {
                        ClusterRun.pause(SHORT_MILLIS);
                        Namespaces.discard("server", node, false);
                        long last = run.load.requests();
                        nodes.await("what was asked meanwhile is answered", () -> run.load.areAnswered(before, last));
                    } else {
                        nodes.await("node " + node + " gives up its stream", () -> !nodes.isStreamReady(node));
                        streamGivenUp = true;
                        Namespaces.discard("server", node, false);
                    }
                }
                case ALL -> {
                    Namespaces.discard("nodes", node, true);
                    Namespaces.discard("server", node, true);
                    awaitGoneWithout(node);
                    Namespaces.discard("server", node, false);
                    Namespaces.discard("nodes", node, false);
                }
            }
        });
    }

    /** The node knows that it is cut off, and the others serve. */
    private void awaitGoneWithout(int node) {
        nodes.awaitIdle(node);
        nodes.awaitWhole(ClusterRun.NODES - 1);
        if (!severalStreams) {
            nodes.awaitStreamElsewhere(node);
        }
        run.awaitServed();
    }

    private void judge(String name) {
        String row =
                run.row(name, Arrays.stream(Cut.values()).map(cut -> cut.words).toList());
        System.out.println(HEADER + row);
        System.out.println("answers lost: " + run.lostAnswers() + ", of " + run.perhapsUnwritten() + " that may be");
        System.out.println("never forwarded: " + run.neverForwarded());
        System.out.println("refused: " + run.refused());
        Partitions.require(run.load.results() > 0, "requests were served");
        Partitions.require(run.load.doubled() == 0, "no answer was doubled");
        Partitions.require(run.load.forged() == 0, "no answer was forged");
        Partitions.require(run.lostAnswersWithoutFault().isEmpty(), "no answer was lost without a fault");
        Partitions.require(run.neverForwardedWithoutFault().isEmpty(), "all was forwarded without a fault");
        if (!streamGivenUp) {
            Partitions.require(
                    run.lostAnswers().size() <= run.perhapsUnwritten(), "no answer was lost but those not written");
        }
        System.out.println("all parts were tried");
    }
}
