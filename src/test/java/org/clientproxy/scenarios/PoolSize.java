package org.clientproxy.scenarios;

import java.time.Duration;
import org.apache.camel.builder.RouteBuilder;
import org.awaitility.Awaitility;
import org.clientproxy.proxy.hooks.ProxyHeaders;

/** A route that hears how many resources the proxy knows. */
public class PoolSize extends RouteBuilder {
    private volatile int size;
    private volatile boolean confirmed;

    @Override
    public void configure() {
        from("direct:proxy-pool-changed").process(exchange -> {
            size = exchange.getMessage().getHeader(ProxyHeaders.POOL_SIZE, int.class);
            confirmed = exchange.getMessage().getHeader(ProxyHeaders.POOL_CONFIRMED, boolean.class);
        });
    }

    /** Waits until it is known that so many are there. */
    void await(int resources) {
        Awaitility.await(resources + " resources are there")
                .atMost(Duration.ofSeconds(60))
                .until(() -> isKnownToBe(resources));
    }

    /** Whether the proxy knows who is there, and they are so many. */
    public final boolean isKnownToBe(int resources) {
        return confirmed && size == resources;
    }
}
