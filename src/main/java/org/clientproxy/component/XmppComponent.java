package org.clientproxy.component;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.netty.NettyWorkerPoolBuilder;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.clientproxy.stream.ComponentConnection;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamSettings;
import org.clientproxy.xmpp.Jid;

/** The Camel component {@code xmpp-component}: holds the streams that its endpoints share. */
@Component("xmpp-component")
public class XmppComponent extends DefaultComponent {
    @Metadata(
            label = "advanced",
            description = "The Netty event loops on which streams run. By default one group for all.")
    private EventLoopGroup workerGroup;

    private final Map<String, SharedStream> streams = new HashMap<>();
    private final IdentityHashMap<SSLContextParameters, SSLContext> sslContexts = new IdentityHashMap<>();
    private Function<StreamSettings, ComponentStream> streamFactory = this::connection;
    private EventLoopGroup ownGroup;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        XmppComponentEndpoint endpoint = new XmppComponentEndpoint(uri, this);
        try {
            Jid domain = Jid.normalised(remaining);
            if (domain.local() != null || domain.isFull()) {
                throw new IllegalArgumentException("it is an address, not a domain");
            }
            endpoint.setDomain(domain.toString());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("xmpp-component:DOMAIN names no domain: " + e.getMessage(), e);
        }
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** The stream for these settings; endpoints of one host, port and domain get the same. */
    synchronized SharedStream stream(StreamSettings settings) {
        String key = settings.domain() + " at " + settings.host() + ':' + settings.port();
        SharedStream shared = streams.computeIfAbsent(key, k -> new SharedStream(streamFactory.apply(settings)));
        if (!shared.stream().settings().equals(settings)) {
            throw new IllegalArgumentException(
                    "endpoints of " + key
                            + " share one stream, so all their options for it (secret, TLS, delays, sizes, keepAlive) must be the same");
        }
        return shared;
    }

    /** TLS by these parameters; the same for all endpoints that have them, so that they can share a stream. */
    synchronized SSLContext sslContext(SSLContextParameters parameters) throws GeneralSecurityException, IOException {
        SSLContext context = sslContexts.get(parameters);
        if (context == null) {
            context = parameters.createSSLContext(getCamelContext());
            sslContexts.put(parameters, context);
        }
        return context;
    }

    /** A user leaves the stream. The last one stops it, and the next endpoint that wants one like it gets a fresh one. */
    void release(SharedStream shared) throws Exception {
        if (shared.leave()) {
            forget(shared);
        }
    }

    private synchronized void forget(SharedStream shared) {
        streams.values().remove(shared);
    }

    private ComponentStream connection(StreamSettings settings) {
        EventLoopGroup group = workerGroup;
        if (group == null) {
            if (ownGroup == null) {
                NettyWorkerPoolBuilder builder = new NettyWorkerPoolBuilder();
                builder.setName("XmppComponent");
                ownGroup = builder.build();
            }
            group = ownGroup;
        }
        return new ComponentConnection(settings, group.next());
    }

    @Override
    protected void doShutdown() throws Exception {
        if (ownGroup != null) {
            ownGroup.shutdownGracefully(0, 5, TimeUnit.SECONDS);
            ownGroup = null;
        }
        super.doShutdown();
    }

    public EventLoopGroup getWorkerGroup() {
        return workerGroup;
    }

    public void setWorkerGroup(EventLoopGroup workerGroup) {
        this.workerGroup = workerGroup;
    }

    /** Puts another kind of stream in the place of TCP connections: for tests without a network. */
    public void setStreamFactory(Function<StreamSettings, ComponentStream> streamFactory) {
        this.streamFactory = streamFactory;
    }
}
