package org.clientproxy.observe;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.clientproxy.proxy.ClientProxy;

/** Liveness: UP while the event loop of the proxy, which does all its work, takes a task within some seconds. */
final class LoopHealthCheck extends AbstractHealthCheck {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ClientProxy proxy;

    LoopHealthCheck(ClientProxy proxy) {
        super("client-proxy", "client-proxy-" + proxy.name() + "-loop");
        this.proxy = proxy;
    }

    @Override
    public boolean isLiveness() {
        return true;
    }

    @Override
    public boolean isReadiness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.detail("domain", proxy.domain().toString());
        try {
            CompletableFuture.runAsync(() -> {}, proxy.stream().loop()).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            builder.up();
        } catch (TimeoutException e) {
            builder.down().message("the event loop took no task within " + LIMIT.toSeconds() + " s");
        } catch (ExecutionException | RejectedExecutionException e) {
            builder.down().message("the event loop takes no tasks any more");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            builder.unknown().message("interrupted");
        }
    }
}
