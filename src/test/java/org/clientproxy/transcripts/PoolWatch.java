package org.clientproxy.transcripts;

import org.apache.camel.builder.RouteBuilder;
import org.clientproxy.proxy.hooks.ProxyHeaders;

/** A route at the hook {@code pool-changed}, by which a transcript knows what the proxy knows; and the operator's hand. */
final class PoolWatch extends RouteBuilder {
    private volatile int size;
    private volatile boolean confirmed;

    @Override
    public void configure() {
        from("direct:proxy-pool-changed").process(exchange -> {
            size = exchange.getMessage().getHeader(ProxyHeaders.POOL_SIZE, int.class);
            confirmed = exchange.getMessage().getHeader(ProxyHeaders.POOL_CONFIRMED, boolean.class);
        });
    }

    /** Stops one of the proxy's own routes, as JMX and Camel's console do. */
    void stopRoute(String role) throws Exception {
        getCamelContext().getRouteController().stopRoute("proxy-" + role);
    }

    void startRoute(String role) throws Exception {
        getCamelContext().getRouteController().startRoute("proxy-" + role);
    }

    /** Whether the proxy knows who is there, and they are so many. */
    boolean isKnownToBe(int resources) {
        return confirmed && size == resources;
    }
}
