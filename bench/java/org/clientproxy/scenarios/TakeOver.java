package org.clientproxy.scenarios;

import java.util.LinkedHashMap;
import java.util.Map;
import org.clientproxy.loopback.XmppServer;

/** How long no result comes when the node with the one stream fails, of three, under a steady load. */
public final class TakeOver {
    /** Requests a second. */
    public static final int RATE = 200;

    private TakeOver() {}

    /**
     * The longest time without a result in each round, in seconds, by what happened to the node.
     *
     * @param server the name of one of {@link ShippedNodes#servers}
     */
    public static Map<String, double[]> measure(String server, int rounds) throws Exception {
        Map<String, double[]> pauses = new LinkedHashMap<>();
        try (XmppServer runs = ClusterRun.prepared(ShippedNodes.server(server, "one"));
                NodeProcesses nodes = ShippedNodes.nodes(runs, ClusterRun.NODES, "one");
                ClusterRun run = new ClusterRun(runs, nodes, 0, RATE)) {
            run.begin();
            for (NodeFault fault : NodeFault.values()) {
                double[] seconds = new double[rounds];
                for (int i = 0; i < rounds; i++) {
                    seconds[i] = pause(run, fault);
                }
                pauses.put(fault.words, seconds);
            }
        }
        return pauses;
    }

    private static double pause(ClusterRun run, NodeFault fault) throws Exception {
        NodeProcesses nodes = run.nodes;
        int holder = nodes.awaitAgreedStream();
        run.awaitServed();
        run.load.isServed();
        ProxyProcess node = nodes.node(holder);
        switch (fault) {
            case KILLED -> node.kill();
            case STOPPED -> node.stop();
            case FROZEN -> node.signal("STOP");
        }
        nodes.awaitStreamElsewhere(holder);
        run.awaitServed();
        double seconds = run.load.longestPause().toNanos() / 1e9;
        if (fault == NodeFault.FROZEN) {
            node.signal("CONT");
        }
        nodes.bringBack();
        return seconds;
    }
}
