package org.clientproxy.component;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.apache.camel.Endpoint;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.netty.NettyWorkerPoolBuilder;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.clientproxy.stream.ComponentConnection;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamSettings;
import org.clientproxy.xmpp.Jid;

/** The Camel component {@code xmpp-component}: makes endpoints, which share streams. */
@Component("xmpp-component")
public class XmppComponent extends DefaultComponent {
    @Metadata(
            label = "advanced",
            description = "The Netty event loops on which streams run. By default one group for all.")
    private EventLoopGroup workerGroup;

    private final Streams streams = new Streams(settings -> this.streamFactory.apply(settings), this::whenStarted);
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

    private void whenStarted(Runnable task) {
        try {
            getCamelContext().addStartupListener((context, alreadyStarted) -> task.run());
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    /** Who uses which stream. */
    Streams streams() {
        return streams;
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

    private synchronized ComponentStream connection(StreamSettings settings) {
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

    /** Whoever holds a stream for as long as the context runs cannot come before the loops end. */
    @Override
    protected void doStop() throws Exception {
        streams.closeAll();
        super.doStop();
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
