package org.clientproxy.observe;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.clientproxy.proxy.ClientProxy;

/**
 * Readiness: UP while a request would find a resource; else DOWN, with the reason and what to do. The stream has a check of its
 * own, {@code xmpp-component-DOMAIN@HOST:PORT}.
 */
final class PoolHealthCheck extends AbstractHealthCheck {
    private static final Duration LIMIT = Duration.ofSeconds(5);

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
        builder.detail("domain", proxy.domain().toString()).detail("resources", proxy.poolSize());
        String wrongEdit = proxy.wrongEdit();
        if (wrongEdit != null) {
            builder.detail("configuration", wrongEdit);
        }
        try {
            String trouble = proxy.trouble().toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (trouble == null) {
                builder.up();
            } else {
                builder.down().message(trouble);
            }
        } catch (TimeoutException | ExecutionException | RejectedExecutionException e) {
            builder.down().message("the event loop of the proxy takes no tasks, so nobody is answered");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            builder.unknown().message("interrupted");
        }
    }
}
