package org.clientproxy.scenarios;

import java.util.ArrayList;
import java.util.List;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.junit.jupiter.api.AfterEach;

/** Scenarios beside a server. What one opens is closed when it ends, the last first. */
abstract class ServerScenarios {
    XmppServer server;
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** One that is not started yet. */
    abstract XmppServer server() throws Exception;

    final void startServer() throws Exception {
        server = server();
        server.start();
    }

    final <T extends AutoCloseable> T open(T made) {
        opened.add(made);
        return made;
    }

    /** Closes it before the scenario ends. */
    final void close(AutoCloseable made) throws Exception {
        opened.remove(made);
        made.close();
    }

    @AfterEach
    void closeOpened() throws Exception {
        while (!opened.isEmpty()) {
            close(opened.get(opened.size() - 1));
        }
    }

    final RawClient client(String user, String resource) throws Exception {
        return open(RawClient.login(server, user, "pw", resource));
    }
}
