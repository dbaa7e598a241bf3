package org.clientproxy.observe;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.clientproxy.proxy.ClientProxy;

/** Readiness: UP while a request would find a resource. The stream's own check is {@code xmpp-component-DOMAIN}. */
final class PoolHealthCheck extends AbstractHealthCheck {
    private final ClientProxy proxy;

    PoolHealthCheck(ClientProxy proxy) {
        super("client-proxy", "client-proxy-" + proxy.name() + "-pool");
        this.proxy = proxy;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        int size = proxy.poolSize();
        builder.detail("domain", proxy.domain().toString()).detail("resources", size);
        String wrongEdit = proxy.wrongEdit();
        if (wrongEdit != null) {
            builder.detail("configuration", wrongEdit);
        }
        if (proxy.isPaused()) {
            builder.down().message("new requests are refused, as an operator wishes");
        } else if (size == 0) {
            builder.down().message("no session of " + proxy.target() + " is there to answer");
        } else {
            builder.up();
        }
    }
}
