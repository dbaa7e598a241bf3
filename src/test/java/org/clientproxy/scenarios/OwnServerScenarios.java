package org.clientproxy.scenarios;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Each scenario has a server of its own, whose rosters are empty. */
abstract class OwnServerScenarios extends ServerScenarios {
    @BeforeEach
    void startOwnServer() throws Exception {
        startServer();
    }

    @AfterEach
    @Override
    void closeOpened() throws Exception {
        try {
            super.closeOpened();
        } finally {
            if (server != null) {
                server.close();
            }
        }
    }
}
