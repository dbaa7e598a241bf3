package org.clientproxy.component;

import java.util.Map;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamState;

/** Readiness: UP while the stream of an endpoint is ready, or another node has it, as it should; else DOWN, with the reason and what to do. Any thread. */
final class StreamHealthCheck implements HealthCheck {
    private final XmppComponentEndpoint endpoint;

    StreamHealthCheck(XmppComponentEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Servers may have components of one name, so the server is part of it. */
    @Override
    public String getId() {
        return "xmpp-component-" + endpoint.getDomain() + "@" + endpoint.getHost() + ":" + endpoint.getPort();
    }

    @Override
    public String getGroup() {
        return "xmpp-component";
    }

    /** A server that is away is no reason to restart this process. */
    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    public boolean isEnabled() {
        return true;
    }

    @Override
    public void setEnabled(boolean enabled) {
        // It costs nothing, so it cannot be switched off by itself; camel.health.exclude-pattern leaves it out.
    }

    @Override
    public Result call(Map<String, Object> options) {
        HealthCheckResultBuilder builder = HealthCheckResultBuilder.on(this);
        ComponentStream stream = endpoint.present();
        StreamState state = stream == null ? StreamState.DISCONNECTED : stream.state();
        builder.detail("domain", endpoint.getDomain())
                .detail("server", endpoint.getHost() + ":" + endpoint.getPort())
                .detail("state", state.name());
        if (state == StreamState.READY) {
            builder.up();
        } else if (stream != null && stream.isStandby()) {
            builder.detail("standby", true).up();
        } else {
            String failure = stream == null ? null : stream.lastFailure();
            builder.down()
                    .message(
                            failure == null
                                    ? "there is no stream to the server yet"
                                    : failure + "; it is tried again for ever");
        }
        return builder.build();
    }
}
