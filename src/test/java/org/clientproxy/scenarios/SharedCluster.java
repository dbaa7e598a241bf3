package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.clientproxy.loopback.XmppServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A server and three nodes as processes, for all tests of a class: to start them is what takes the time. Each test finds all three. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedCluster {
    static final int NODES = 3;

    XmppServer server;
    NodeProcesses nodes;
    PendingWork pending;

    /** One that takes several connections of one component, in the way that the nodes want. */
    abstract XmppServer server() throws Exception;

    /** What {@code proxy.cluster.streams} says to all nodes. */
    abstract String streams();

    @BeforeAll
    void startAll() throws Exception {
        server = server();
        ClusterRun.prepared(server);
        nodes = new NodeProcesses(server, NODES, number -> ClusterRun.settings("2m", streams()));
        nodes.startAll();
    }

    @BeforeEach
    void begin() throws Exception {
        nodes.bringBack();
        pending = new PendingWork(server);
    }

    @AfterEach
    void end() {
        if (pending != null) {
            pending.close();
        }
    }

    /** These nodes are stopped and started again under load, one after the other: the proxy refuses and doubles nothing. */
    ClusterRun restartUnderLoad(int... numbers) throws Exception {
        pending.close();
        ClusterRun run = new ClusterRun(server, nodes, 1, 100);
        try (run) {
            run.begin();
            for (int number : numbers) {
                run.fail(NodeFault.STOPPED, number);
            }
            run.finish();
        }
        String row = run.row("restarted");
        assertThat(run.load.results()).as(row).isPositive();
        assertThat(run.refused()).as(row).isEmpty();
        assertThat(run.load.doubled()).as(row).isZero();
        assertThat(run.load.forged()).as(row).isZero();
        return run;
    }

    @AfterAll
    void endAll() throws Exception {
        if (nodes != null) {
            nodes.close();
        }
        if (server != null) {
            server.close();
        }
    }
}
