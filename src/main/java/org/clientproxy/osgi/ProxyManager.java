package org.clientproxy.osgi;

import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.LanguageResolver;
import org.clientproxy.config.FailureText;
import org.clientproxy.proxy.ClientProxy;
import org.clientproxy.proxy.settings.ProxySettings;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ManagedService;
import org.osgi.service.cm.ManagedServiceFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one proxy running for each configuration of ConfigAdmin: an edit is taken while it runs, or restarts that proxy alone,
 * as the keys say. A configuration that is wrong is reported in one line and changes nothing; one that is right but cannot be
 * started gives way to the one before it.
 *
 * <p>It begins when Camel offers all that the routes need. Proxies are started and stopped on a thread of its own, for a
 * graceful stop takes time that ConfigAdmin's thread does not have.
 */
@Component(
        immediate = true,
        configurationPolicy = ConfigurationPolicy.IGNORE,
        property = "service.pid=" + ConfigurationFile.PID,
        reference = {
            @Reference(name = "stream", service = ComponentResolver.class, target = "(component=xmpp-component)"),
            @Reference(name = "direct", service = ComponentResolver.class, target = "(component=direct)"),
            @Reference(name = "bean", service = ComponentResolver.class, target = "(component=bean)"),
            @Reference(name = "simple", service = LanguageResolver.class, target = "(language=simple)"),
            @Reference(name = "xpath", service = LanguageResolver.class, target = "(language=xpath)")
        })
public final class ProxyManager implements ManagedService, ManagedServiceFactory, RunningProxies {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyManager.class);

    private final BundleContext bundle;
    private final String base;
    // What ConfigAdmin still says when the end has begun is discarded.
    private final ExecutorService work = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> new Thread(task, "client-proxy"),
            new ThreadPoolExecutor.DiscardPolicy());
    // By PID; changed on the thread of its own only.
    private final Map<String, KarafProxy> proxies = new ConcurrentSkipListMap<>();

    @Activate
    public ProxyManager(BundleContext bundle) {
        this.bundle = bundle;
        String karaf = bundle.getProperty("karaf.base");
        this.base = karaf == null ? "." : karaf;
    }

    /** The configuration of the first proxy; null: there is none. */
    @Override
    public void updated(@Nullable Dictionary<String, ?> properties) {
        if (properties == null) {
            deleted(ConfigurationFile.PID);
        } else {
            updated(ConfigurationFile.PID, properties);
        }
    }

    /** The configuration of any proxy. */
    @Override
    public void updated(String pid, Dictionary<String, ?> properties) {
        ConfigurationFile file = ConfigurationFile.of(pid, properties, base);
        work.execute(() -> configure(pid, file));
    }

    @Override
    public void deleted(String pid) {
        work.execute(() -> stop(pid));
    }

    @Override
    public String getName() {
        return "Camel Client Proxy";
    }

    @Override
    public List<ClientProxy> list() {
        return proxies.values().stream().map(KarafProxy::proxy).toList();
    }

    /** Stops all proxies and returns when they have stopped. */
    @Deactivate
    public void deactivate() throws InterruptedException {
        work.execute(() -> List.copyOf(proxies.keySet()).forEach(this::stop));
        work.shutdown();
        // Each stop has a limit: the proxy's drain and a margin.
        while (!work.awaitTermination(1, TimeUnit.MINUTES)) {
            LOG.info("proxies are still stopping");
        }
    }

    private void configure(String pid, ConfigurationFile file) {
        KarafProxy running = proxies.get(pid);
        ProxySettings settings;
        ManagementFile management;
        try {
            settings = file.settings();
            management = file.management();
            refuseTwice(pid, settings);
            if (running != null) {
                running.proxy().checkRoutes(settings);
            }
        } catch (IllegalArgumentException e) {
            LOG.error(
                    "{} is wrong, {}: {}",
                    file,
                    running == null
                            ? "so this proxy does not run"
                            : "so this proxy goes on as it was configured before",
                    FailureText.oneLine(e));
            if (running != null) {
                running.wrongEdit(file + " is wrong, everything goes on as before: " + FailureText.oneLine(e));
            }
            return;
        }
        if (running != null) {
            running.wrongEdit(null);
            if (running.runs(file, settings, management) || running.adjust(file, settings, management)) {
                return;
            }
        }
        stop(pid);
        if (!start(pid, file, settings, management) && running != null) {
            LOG.info("{}: back to what it was before", file);
            start(pid, running.file(), running.settings(), running.management());
        }
    }

    private void refuseTwice(String pid, ProxySettings settings) {
        proxies.forEach((other, proxy) -> {
            if (!other.equals(pid) && proxy.isComponentOf(settings)) {
                throw new IllegalArgumentException("proxy.domain is " + settings.domain() + ", which " + proxy.file()
                        + " has too; one component can have one connection");
            }
        });
    }

    private boolean start(String pid, ConfigurationFile file, ProxySettings settings, ManagementFile management) {
        try {
            proxies.put(pid, KarafProxy.start(bundle, file, settings, management));
            return true;
        } catch (Exception e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            LOG.error("{}: this proxy cannot start: {}", file, FailureText.oneLine(cause));
            LOG.debug("the whole failure", e);
            return false;
        }
    }

    private void stop(String pid) {
        KarafProxy proxy = proxies.remove(pid);
        if (proxy != null) {
            LOG.info("{}: stopping {}", proxy.file(), proxy.settings().domain());
            proxy.stop();
            LOG.info("{}: stopped", proxy.file());
        }
    }
}
