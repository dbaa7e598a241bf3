package org.clientproxy.observe;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.health.DefaultHealthCheckRegistry;
import org.apache.camel.main.HttpManagementServerConfigurationProperties;
import org.apache.camel.main.MainConfigurationProperties;
import org.clientproxy.config.ManagementSettings;
import org.clientproxy.proxy.ClientProxy;

/**
 * The management server of a context that was not made by camel-main, which makes its own: metrics, health and the status
 * page, without the developer console. It stops with the context.
 */
public final class ManagementServer {
    private ManagementServer() {}

    /** Lets components register their health checks when they start. Before the start of the context. */
    public static void prepare(CamelContext context) throws Exception {
        HealthCheckRegistry checks = new DefaultHealthCheckRegistry(context);
        checks.setEnabled(true);
        context.getCamelContextExtension().addContextPlugin(HealthCheckRegistry.class, checks);
        context.addService(checks);
    }

    /**
     * Starts it, once the context is started.
     *
     * @throws Exception where it cannot listen there, or a library is missing
     */
    public static void start(
            CamelContext context, String host, int port, List<ClientProxy> proxies, ManagementSettings management)
            throws Exception {
        MainConfigurationProperties configuration = new MainConfigurationProperties();
        Observation.defaults(configuration);
        HttpManagementServerConfigurationProperties properties = configuration.httpManagementServer();
        properties.setEnabled(true);
        properties.setHost(host);
        properties.setPort(port);
        FreeListener.check(host, port);
        Http1Vertx.addTo(context);
        Service server = new DefaultMainHttpServerFactory().newHttpManagementServer(context, properties);
        context.addService(server, true, true);
        ManagementGuard.addTo(context);
        ProxyMetrics.addService(context);
        Observation.join(context, proxies);
        StatusPage.serve(context, proxies, management.token());
    }
}
