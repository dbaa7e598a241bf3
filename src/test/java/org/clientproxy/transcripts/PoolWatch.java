package org.clientproxy.transcripts;

import org.clientproxy.scenarios.PoolSize;

/** By which a transcript knows what the proxy knows; and the operator's hand. */
final class PoolWatch extends PoolSize {
    /** Stops one of the proxy's own routes, as JMX and Camel's console do. */
    void stopRoute(String role) throws Exception {
        getCamelContext().getRouteController().stopRoute("proxy-" + role);
    }

    void startRoute(String role) throws Exception {
        getCamelContext().getRouteController().startRoute("proxy-" + role);
    }
}
