package org.clientproxy.osgi;

import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.karaf.core.OsgiDefaultCamelContext;
import org.apache.camel.spi.ShutdownStrategy;
import org.clientproxy.observe.ManagementServer;
import org.clientproxy.proxy.ClientProxy;
import org.clientproxy.proxy.settings.Effect;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.SettingsChange;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running proxy with a Camel context of its own, which is published as a service. One thread at a time. */
final class KarafProxy {
    private static final Logger LOG = LoggerFactory.getLogger(KarafProxy.class);

    private ConfigurationFile file;
    private ProxySettings settings;
    private final ManagementFile management;
    private final ClientProxy proxy;
    private final CamelContext context;
    private final ServiceRegistration<CamelContext> service;

    private KarafProxy(
            ConfigurationFile file,
            ProxySettings settings,
            ManagementFile management,
            ClientProxy proxy,
            CamelContext context,
            ServiceRegistration<CamelContext> service) {
        this.file = file;
        this.settings = settings;
        this.management = management;
        this.proxy = proxy;
        this.context = context;
        this.service = service;
    }

    /**
     * Starts a proxy; the stream to its server comes up later, and whatever becomes of it is said in the log.
     *
     * @throws Exception where the context cannot be started; nothing is left behind then
     */
    static KarafProxy start(
            BundleContext bundle, ConfigurationFile file, ProxySettings settings, ManagementFile management)
            throws Exception {
        OsgiDefaultCamelContext context = new OsgiDefaultCamelContext(bundle);
        try {
            String name = "client-proxy" + (settings.name().equals("proxy") ? "" : "-" + settings.name());
            context.getCamelContextExtension().setName(name);
            context.disableJMX();
            ShutdownStrategy shutdown = context.getShutdownStrategy();
            shutdown.setTimeUnit(TimeUnit.SECONDS);
            shutdown.setTimeout(ClientProxy.stopSeconds(settings.drainTimeout()));
            file.placeholders().forEach(context.getPropertiesComponent()::addInitialProperty);
            ClientProxy proxy = ClientProxy.addTo(context, settings, () -> new OsgiDefaultCamelContext(bundle));
            startWith(context, proxy, management);
            Dictionary<String, Object> properties = FrameworkUtil.asDictionary(Map.of(
                    "camel.context.name",
                    name,
                    "camel.context.symbolicname",
                    bundle.getBundle().getSymbolicName(),
                    "camel.context.version",
                    bundle.getBundle().getVersion()));
            return new KarafProxy(
                    file,
                    settings,
                    management,
                    proxy,
                    context,
                    bundle.registerService(CamelContext.class, context, properties));
        } catch (Exception e) {
            context.stop();
            throw e;
        }
    }

    private static void startWith(CamelContext context, ClientProxy proxy, ManagementFile management) throws Exception {
        if (!management.enabled()) {
            context.start();
            return;
        }
        try {
            ManagementServer.prepare(context);
            context.start();
            ManagementServer.start(
                    context, management.host(), management.port(), List.of(proxy), management.settings());
        } catch (LinkageError e) {
            // The cause would be shown in its place.
            throw new IllegalStateException(
                    "camel.management.enabled=true needs the feature camel-client-proxy-management (" + e.getMessage()
                            + ")");
        }
    }

    ConfigurationFile file() {
        return file;
    }

    ProxySettings settings() {
        return settings;
    }

    ManagementFile management() {
        return management;
    }

    ClientProxy proxy() {
        return proxy;
    }

    /** Whether these would start just what runs. */
    boolean runs(ConfigurationFile other, ProxySettings otherSettings, ManagementFile otherManagement) {
        return settings.equals(otherSettings)
                && management.equals(otherManagement)
                && file.placeholders().equals(other.placeholders());
    }

    /**
     * Takes an edit while it runs, where none of the keys that it changes is built in; false where it needs a restart. Keys of
     * others are placeholders of routes, which are.
     */
    boolean adjust(ConfigurationFile other, ProxySettings otherSettings, ManagementFile otherManagement) {
        SettingsChange change = SettingsChange.between(settings, otherSettings);
        if (change.has(Effect.RESTART)
                || !management.equals(otherManagement)
                || !file.placeholders().equals(other.placeholders())) {
            return false;
        }
        LOG.info("{}: {} takes an edit; {}", other, settings.domain(), change);
        proxy.adjust(otherSettings);
        context.getShutdownStrategy().setTimeout(ClientProxy.stopSeconds(otherSettings.drainTimeout()));
        file = other;
        settings = otherSettings;
        return true;
    }

    /** Tells those who look at the proxy that an edit is wrong; null: it is no more. */
    void wrongEdit(@Nullable String words) {
        proxy.wrongEdit(words);
    }

    /** Whether both are one component of one server, which can have one connection. */
    boolean isComponentOf(ProxySettings other) {
        return settings.domain().equals(other.domain())
                && settings.stream().toString().equals(other.stream().toString());
    }

    /** Stops gracefully: pending requests are awaited as long as {@code proxy.drain-timeout} says. */
    void stop() {
        service.unregister();
        context.stop();
    }
}
