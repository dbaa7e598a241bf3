package org.clientproxy.scenarios;

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
