package org.clientproxy.observe;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.ManagementMBeansLevel;
import org.apache.camel.ManagementStatisticsLevel;
import org.apache.camel.StartupListener;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.HttpManagementServerConfigurationProperties;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.spi.CamelMetricsService;
import org.clientproxy.config.ManagementSettings;
import org.clientproxy.proxy.ClientProxy;

/** Joins the proxies of a Camel context to whatever of Camel's observation is switched on; does nothing about the rest. */
public final class Observation {
    private Observation() {}

    /**
     * The defaults of the management server, weaker than the keys {@code camel.management.*}: it is off, and once on it is
     * there for this machine only, with health and metrics.
     */
    public static void defaults(MainConfigurationProperties configuration) {
        HttpManagementServerConfigurationProperties server = configuration.httpManagementServer();
        server.setHost("127.0.0.1");
        server.setPort(9876);
        server.setHealthCheckEnabled(true);
        server.setMetricsEnabled(true);
        configuration.setJmxManagementMBeansLevel(ManagementMBeansLevel.RoutesOnly);
        configuration.setJmxManagementStatisticsLevel(ManagementStatisticsLevel.RoutesOnly);
    }

    /**
     * Makes everything ready; the rest follows when the context is started.
     *
     * @param context configured, and without routes yet
     * @param proxies those that the context will have when it is started; a list that follows those that come and go later
     * @param management what an operator says of the management server
     * @param secrets what no page may show
     */
    public static void prepare(
            CamelContext context,
            MainConfigurationProperties configuration,
            List<ClientProxy> proxies,
            ManagementSettings management,
            Secrets secrets)
            throws Exception {
        MaskedConsoles.install(context, secrets);
        context.setTracer(StanzaTracer.of(context));
        if (isManaged(context)) {
            ManagedProxy.hideGroups(context);
            RouteStatistics.addTo(context);
        }
        HttpManagementServerConfigurationProperties server = configuration.httpManagementServer();
        if (server.isEnabled()) {
            FreeListener.check(server.getHost(), server.getPort());
            Http1Vertx.addTo(context);
            ManagementGuard.addTo(context);
        }
        if (server.isEnabled() && server.isMetricsEnabled() && context.hasService(CamelMetricsService.class) == null) {
            ProxyMetrics.addService(context);
        }
        context.addStartupListener(new StartupListener() {
            @Override
            public void onCamelContextStarted(CamelContext started, boolean alreadyStarted) {
                // There is more to come.
            }

            @Override
            public void onCamelContextFullyStarted(CamelContext started, boolean alreadyStarted) throws Exception {
                join(started, proxies);
                if (server.isEnabled()) {
                    StatusPage.serve(started, proxies, management.token());
                }
            }
        });
    }

    /** Shows the proxies in whatever there is, once the context is started. */
    static void join(CamelContext context, List<ClientProxy> proxies) throws Exception {
        DevConsoleRegistry consoles = context.isDevConsole()
                ? context.getCamelContextExtension().getContextPlugin(DevConsoleRegistry.class)
                : null;
        if (consoles != null) {
            consoles.register(new ProxyConsole(context, proxies));
        }
        if (context.hasService(CamelMetricsService.class) != null) {
            ProxyMetrics.bindResources(context, proxies);
        }
        for (ClientProxy proxy : proxies) {
            added(context, proxy);
        }
    }

    /** This proxy is there from now on, in a context that is started. Pages show it as soon as the list of proxies has it. */
    public static void added(CamelContext context, ClientProxy proxy) throws Exception {
        HealthCheckRegistry checks = HealthCheckRegistry.get(context);
        if (checks != null) {
            checks.register(new LoopHealthCheck(proxy));
            checks.register(new PoolHealthCheck(proxy));
            if (proxy.cluster() != null) {
                checks.register(new ClusterHealthCheck(proxy));
            }
        }
        if (context.hasService(CamelMetricsService.class) != null) {
            ProxyMetrics.bind(context, proxy);
        }
        if (isManaged(context)) {
            ManagedProxy.register(context, proxy);
        }
    }

    /** This proxy is there no more, while its context goes on. */
    public static void removed(CamelContext context, ClientProxy proxy) throws Exception {
        HealthCheckRegistry checks = HealthCheckRegistry.get(context);
        if (checks != null) {
            checks.unregister(new LoopHealthCheck(proxy));
            checks.unregister(new PoolHealthCheck(proxy));
            checks.unregister(new ClusterHealthCheck(proxy));
        }
        if (context.hasService(CamelMetricsService.class) != null) {
            ProxyMetrics.unbind(context, proxy);
        }
        if (isManaged(context)) {
            ManagedProxy.unregister(context, proxy);
        }
    }

    private static boolean isManaged(CamelContext context) {
        return context.getManagementStrategy().getManagementAgent() != null;
    }
}
