package org.clientproxy.scenarios;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.SecondComponent;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.EjabberdServer;
import org.clientproxy.servers.ProsodyServer;

/**
 * Three nodes under load and random faults, for docs/reliability.md. To be started by {@code mvn -q test-compile exec:java@cluster},
 * with {@code -Dcluster.requests=}, {@code -Dcluster.rate=} (a second; {@code -Dcluster.rate.prosody=} for one server), {@code -Dseed=}
 * and {@code -Dcluster.servers=} ({@code loopback,prosody,ejabberd}, and {@code loopback-shares,ejabberd-shares} with a stream at each
 * node); the page is written where all of the first three are run.
 */
public final class ClusterFaults {
    static final String ALL = "loopback,prosody,ejabberd";

    /** The end of the name of a server with which each node has a stream. */
    static final String SHARES = "-shares";

    private static final Path PAGE = Path.of("docs/reliability.md");
    private static final String HEADER = """
            | server | a second | requests | killed | frozen | stopped | results | proxy's errors | server's errors | doubled | forged \
            | never forwarded | answers lost | longest pause |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|---|
            """;

    private ClusterFaults() {}

    public static void main(String[] args) throws Exception {
        String servers = System.getProperty("cluster.servers", ALL);
        long requests = Long.getLong("cluster.requests", 20_000);
        int rate = Integer.getInteger("cluster.rate", 300);
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("-Dseed=" + seed);
        List<String> rows = new ArrayList<>();
        for (String name : servers.split(",")) {
            try (XmppServer server = ClusterRun.prepared(server(name));
                    NodeProcesses nodes = nodes(server, name.endsWith(SHARES) ? "all" : "one");
                    ClusterRun run =
                            new ClusterRun(server, nodes, seed, Integer.getInteger("cluster.rate." + name, rate))) {
                run.begin();
                run.run(requests);
                run.finish();
                rows.add(run.row(name));
                System.out.println(HEADER + run.row(name));
                System.out.println("answers lost without a fault: " + run.lostAnswersWithoutFault());
                System.out.println("never forwarded without a fault: " + run.neverForwardedWithoutFault());
                System.out.println("refused: " + run.refused());
                System.out.println(
                        "answers lost: " + run.lostAnswers() + ", of " + run.perhapsUnwritten() + " that may be");
            }
        }
        if (servers.equals(ALL)) {
            Faults.Generated.write(PAGE, "cluster", HEADER + String.join("\n", rows));
        }
        System.exit(0);
    }

    /** Three nodes, started. */
    static NodeProcesses nodes(XmppServer server, String streams) throws Exception {
        NodeProcesses nodes =
                new NodeProcesses(server, ClusterRun.NODES, number -> ClusterRun.settings("10s", streams));
        nodes.startAll();
        return nodes;
    }

    static XmppServer server(String name) throws Exception {
        return switch (name) {
            case "loopback" -> loopback(SecondComponent.KICKS_THE_OLD);
            case "loopback" + SHARES -> loopback(SecondComponent.SHARES);
            case "prosody" -> ProsodyServer.kickingTheOld(ProxyScenarios.ACCOUNTS);
            case "ejabberd", "ejabberd" + SHARES -> new EjabberdServer(ProxyScenarios.ACCOUNTS);
            default -> throw new IllegalArgumentException("no such server: " + name);
        };
    }

    private static XmppServer loopback(SecondComponent second) {
        LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "component-secret");
        server.secondComponent(second);
        return server;
    }
}
