package org.clientproxy.scenarios;

import org.junit.jupiter.api.Assumptions;

/** A server that is missing is skipped on a developer's machine, and fails where CI has installed it. */
public final class Installed {
    private Installed() {}

    public static void require(boolean installed, String name) {
        if (!installed && (System.getenv("CI") != null || Boolean.getBoolean("servers.required"))) {
            throw new AssertionError(name + " is not installed, and CI must have it (see .ci/run)");
        }
        Assumptions.assumeTrue(installed, name + " is not installed");
    }
}
