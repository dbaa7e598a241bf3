package org.clientproxy.observe;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.clientproxy.proxy.ClientProxy;
import org.clientproxy.proxy.stats.ClusterFigures;

/**
 * Readiness of a node among others: UP while it has a majority and each pending request that it knows of has its copy, so that
 * whichever node is stopped next nothing is lost; else DOWN, with the reason.
 */
final class ClusterHealthCheck extends AbstractHealthCheck {
    private final ClientProxy proxy;

    ClusterHealthCheck(ClientProxy proxy) {
        super("client-proxy", "client-proxy-" + proxy.name() + "-cluster");
        this.proxy = proxy;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.detail("domain", proxy.domain().toString());
        ClusterFigures figures = proxy.cluster();
        if (figures == null) {
            builder.up();
            return;
        }
        builder.detail("node", figures.node())
                .detail("nodes", figures.nodes())
                .detail("members", figures.members().toString())
                .detail("streams", figures.streams().toString())
                .detail("unprotected", figures.unprotected());
        if (!figures.acting()) {
            builder.down()
                    .message("this node sees " + figures.members().size() + " of " + figures.nodes()
                            + " nodes and does not act with a majority of them");
        } else if (!figures.redundant()) {
            builder.down().message("there are requests that have no copy at another node");
        } else {
            builder.up();
        }
    }
}
