package org.clientproxy.scenarios;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** All scenarios of the class have one server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedServerScenarios extends ServerScenarios {
    @BeforeAll
    void startSharedServer() throws Exception {
        startServer();
    }

    @AfterAll
    void closeSharedServer() {
        if (server != null) {
            server.close();
        }
    }
}
