package org.clientproxy;

import java.nio.file.Path;
import java.security.Security;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.ExceptionHelper;
import org.apache.camel.support.LifecycleStrategySupport;
import org.clientproxy.check.CheckCommand;
import org.clientproxy.config.ConfigFile;
import org.clientproxy.config.LogLevels;
import org.clientproxy.config.ManagementSettings;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.observe.Observation;
import org.clientproxy.observe.Secrets;
import org.clientproxy.proxy.settings.ProxySettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the proxies of {@code application.properties} until it is told to stop. The file is read from the working directory,
 * else from the class path; environment variables are stronger. Its edits are taken while the proxies run.
 *
 * <p>With {@code --check} nothing is started: {@link CheckCommand} says what is missing. With {@code --rehearse} a start is
 * {@linkplain Rehearsal rehearsed}.
 *
 * <p>Exit codes: 2 where the configuration is wrong, 1 where it cannot start for another reason; a signal ends it gracefully,
 * with the code that a JVM has for it.
 */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final String FILE = "application.properties";

    private Main() {}

    public static void main(String[] args) {
        keepNoAddresses();
        if (args.length == 1 && args[0].equals("--check")) {
            System.exit(check());
        }
        if (args.length == 1 && args[0].equals("--rehearse")) {
            System.exit(rehearse());
        }
        if (args.length > 0) {
            System.err.println(
                    "This program takes one argument at most: --check says what is missing, and starts nothing;"
                            + " --rehearse starts and stops at a server of its own. Its configuration is " + FILE
                            + " in the working directory, and environment variables.");
            System.exit(2);
        }
        Map<String, String> properties;
        List<ProxySettings> settings;
        ManagementSettings management;
        try {
            LogLevels.check(System.getenv());
            properties = ConfigFile.properties(Path.of(FILE));
            settings = ProxyConfiguration.read(properties, System.getenv());
            management = ManagementSettings.read(properties, System.getenv());
        } catch (IllegalArgumentException e) {
            LOG.error(
                    "cannot start, the configuration is wrong:\n  {}",
                    String.valueOf(e.getMessage()).replace("\n", "\n  "));
            System.exit(2);
            return;
        }
        // The version stands in the jar's manifest.
        LOG.info(
                "Camel Client Proxy {}",
                Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "(not from its jar)"));
        Secrets secrets = Secrets.of(settings, management, properties);
        System.exit(run(create(settings, management, properties, System.getenv(), secrets, Path.of(FILE)), secrets));
    }

    private static int check() {
        try {
            LogLevels.check(System.getenv());
            return CheckCommand.run(Path.of(FILE), System.getenv(), System.out);
        } catch (IllegalArgumentException e) {
            return CheckCommand.wrongConfiguration(e, System.out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CheckCommand.WRONG;
        }
    }

    private static int rehearse() {
        try {
            Rehearsal.run();
            return 0;
        } catch (Exception e) {
            LOG.error("the rehearsal of a start has failed", e);
            return 1;
        }
    }

    /**
     * Lets Java look a name up anew each time, for it is asked once per attempt to connect, and the server may have moved.
     * What an operator says of Java's cache counts.
     */
    private static void keepNoAddresses() {
        String ttl = "networkaddress.cache.ttl";
        if (Security.getProperty(ttl) == null && System.getProperty("sun.net.inetaddr.ttl") == null) {
            Security.setProperty(ttl, "0");
        }
    }

    private static int run(org.apache.camel.main.Main camel, Secrets secrets) {
        try {
            camel.run();
            return camel.getExitCode();
        } catch (Exception e) {
            // Camel says of a wrong key what its value is.
            LOG.error("cannot start: {}", secrets.masked(StartFailure.words(e)));
            LOG.debug("the whole failure: {}", secrets.masked(ExceptionHelper.stackTraceToString(e)));
            return StartFailure.isWrongConfiguration(e) ? 2 : 1;
        }
    }

    /** A camel-main application with these proxies and the file's keys for Camel, not started yet. */
    public static org.apache.camel.main.Main create(List<ProxySettings> settings) {
        return create(settings, ConfigFile.properties(Path.of(FILE)));
    }

    /**
     * The same with other keys.
     *
     * @param properties those of {@code camel.*} and {@code management.*}, and whatever routes in files use as placeholders
     */
    public static org.apache.camel.main.Main create(List<ProxySettings> settings, Map<String, String> properties) {
        ManagementSettings management = ManagementSettings.read(properties, System.getenv());
        return create(settings, management, properties, Map.of(), Secrets.of(settings, management, properties), null);
    }

    /**
     * A camel-main application with the proxies of a configuration file, of which edits are taken while it runs.
     *
     * @param environment the environment variables, which are stronger than the file
     * @throws IllegalArgumentException that lists everything that is wrong, a line each
     */
    public static org.apache.camel.main.Main create(Path file, Map<String, String> environment) {
        Map<String, String> properties = ConfigFile.properties(file);
        List<ProxySettings> settings = ProxyConfiguration.read(properties, environment);
        ManagementSettings management = ManagementSettings.read(properties, environment);
        return create(
                settings, management, properties, environment, Secrets.of(settings, management, properties), file);
    }

    /** @param file is looked at for edits; null: nothing is */
    private static org.apache.camel.main.Main create(
            List<ProxySettings> settings,
            ManagementSettings management,
            Map<String, String> properties,
            Map<String, String> environment,
            Secrets secrets,
            @Nullable Path file) {
        CamelProperties forCamel = CamelProperties.of(FILE, properties);
        org.apache.camel.main.Main camel = new org.apache.camel.main.Main(Main.class) {
            @Override
            protected CamelContext createCamelContext() {
                CamelContext context = super.createCamelContext();
                forCamel.addTo(context);
                return context;
            }
        };
        // It would read the file as it is, secrets included.
        camel.setPropertyPlaceholderLocations("false");
        MainConfigurationProperties configuration = camel.configure();
        configuration.withName("client-proxy");
        // What camel.* keys say is read after this, so each of these can be changed there.
        configuration.withJmxEnabled(false);
        // Headers are the constants of components; finding them without regard to case would cost a tenth of the time.
        configuration.withCaseInsensitiveHeaders(false);
        // The routes are added below, once per proxy; they are not to be found by a scan of classes.
        configuration.withBasePackageScanEnabled(false);
        Observation.defaults(configuration);
        configuration.withShutdownTimeout((int) LiveProxies.shutdownSeconds(settings));
        camel.addMainListener(new MainListenerSupport() {
            private volatile boolean started;

            @Override
            public void afterStart(BaseMainSupport main) {
                started = true;
            }

            @Override
            public void afterConfigure(BaseMainSupport main) {
                forCamel.forgetSecrets(main.getCamelContext());
                // Later the JVM may have ended: its hook waits for the context, not for camel-main.
                main.getCamelContext().addLifecycleStrategy(new LifecycleStrategySupport() {
                    @Override
                    public void onContextStopped(CamelContext context) {
                        if (started) {
                            LOG.info("stopped");
                        }
                    }
                });
                LiveProxies proxies = new LiveProxies(main.getCamelContext(), secrets);
                addProxies(main, proxies, settings, management, secrets);
                if (file != null) {
                    ConfigEdits edits = new ConfigEdits(proxies, FILE, properties, environment, secrets);
                    watch(main.getCamelContext(), new ConfigWatch(main.getCamelContext(), file, properties, edits));
                }
            }
        });
        return camel;
    }

    private static void addProxies(
            BaseMainSupport main,
            LiveProxies proxies,
            List<ProxySettings> settings,
            ManagementSettings management,
            Secrets secrets) {
        try {
            Observation.prepare(main.getCamelContext(), main.configure(), proxies.shown(), management, secrets);
            proxies.begin(settings);
        } catch (Exception e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static void watch(CamelContext context, ConfigWatch watch) {
        try {
            context.addService(watch, true, false);
        } catch (Exception e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
