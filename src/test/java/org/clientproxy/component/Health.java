package org.clientproxy.component;

import org.apache.camel.health.HealthCheck;

/** What the health check of an endpoint says, for tests of other packages. */
public final class Health {
    private Health() {}

    public static HealthCheck.Result of(XmppComponentEndpoint endpoint) {
        return new StreamHealthCheck(endpoint).call();
    }
}
