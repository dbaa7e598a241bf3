package org.clientproxy.bench;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.scenarios.ShippedNodes;
import org.clientproxy.scenarios.TakeOver;

/**
 * Measures one proxy and several nodes as one: what the copies cost, and how long it takes until another node goes on. Writes its tables
 * into {@code docs/performance.md}.
 */
final class Nodes {
    /** So many times as long as it measures it warms up before, so that compilers have done their work. */
    private static final int WARM_UP = 3;

    private static final int WORKERS = 2;

    private final int rounds;
    private final double seconds;
    private final Table table =
            new Table("<!-- begin: nodes, written by bench/run -->", "<!-- end: nodes, written by bench/run -->");

    /** What serves. */
    @FunctionalInterface
    private interface Serving {
        ShippedNodes start(XmppServer server) throws Exception;
    }

    /** @param cpu of all nodes, in seconds for 100,000 requests */
    private record Measured(Load.Result result, double cpu) {
        String latency() {
            return String.format(Locale.ROOT, "%.2f, %.2f", result.millis(50), result.millis(99));
        }
    }

    /**
     * @param rounds of each fault
     * @param seconds of each load
     */
    Nodes(int rounds, double seconds) {
        this.rounds = rounds;
        this.seconds = seconds;
    }

    void all() throws Exception {
        table.line(
                "Measured on %s, %d processors, all on one machine; %.0f s each.",
                LocalDate.now(), Runtime.getRuntime().availableProcessors(), seconds);
        table.line("");
        table.line(
                "| server | what serves | round trips/s, %d open | p50, p99 (ms) | CPU seconds of all nodes for 100,000 |"
                        + " p50, p99 (ms), one at a time |",
                PeerLoad.REQUESTERS * PeerLoad.WINDOW);
        table.line("|---|---|---|---|---|---|");
        for (String server : ShippedNodes.servers()) {
            // It takes one connection of a component only, and keeps a processor busy by itself.
            if (!server.equals("prosody")) {
                row(server, "one proxy, `proxy.pending=file`", "one", ShippedNodes::one);
                for (String streams : new String[] {"one", "all"}) {
                    for (int count = 2; count <= 3; count++) {
                        int nodes = count;
                        row(
                                server,
                                count + " nodes, `proxy.cluster.streams=" + streams + "`",
                                streams,
                                runs -> ShippedNodes.several(runs, nodes, streams));
                    }
                }
            }
        }
        table.line("");
        table.line(
                "| server | the node with the stream, of three | longest time without a result, at %d requests/s (s):"
                        + " median of %d | shortest, longest |",
                TakeOver.RATE, rounds);
        table.line("|---|---|---|---|");
        for (String server : ShippedNodes.servers()) {
            for (Map.Entry<String, double[]> fault :
                    TakeOver.measure(server, rounds).entrySet()) {
                double[] pauses = fault.getValue();
                table.line(
                        "| %s | %s | %.1f | %.1f, %.1f |",
                        server,
                        fault.getKey(),
                        Table.median(pauses),
                        Arrays.stream(pauses).min().orElseThrow(),
                        Arrays.stream(pauses).max().orElseThrow());
            }
        }
        table.write();
    }

    private void row(String name, String what, String streams, Serving serving) throws Exception {
        try (XmppServer server = ShippedNodes.server(name, streams)) {
            server.start();
            try (ShippedNodes nodes = serving.start(server)) {
                Measured loaded = measure(server, nodes, "loaded", PeerLoad.REQUESTERS, PeerLoad.WINDOW);
                Measured single = measure(server, nodes, "single", 1, 1);
                table.line(
                        "| %s | %s | %.0f | %s | %.1f | %s |",
                        name, what, loaded.result().perSecond(), loaded.latency(), loaded.cpu(), single.latency());
            }
        }
    }

    private Measured measure(XmppServer server, ShippedNodes nodes, String load, int requesters, int window)
            throws Exception {
        try (PeerLoad clients = new PeerLoad(server, load, requesters, window)) {
            clients.workers(WORKERS);
            clients.awaitServed();
            clients.begin();
            clients.measure(WARM_UP * seconds);
            Duration before = nodes.cpu();
            Load.Result result = clients.measure(seconds);
            return new Measured(result, result.cpuSeconds(nodes.cpu().minus(before)));
        }
    }
}
