package org.clientproxy;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.clientproxy.config.FailureText;
import org.clientproxy.observe.Observation;
import org.clientproxy.observe.Secrets;
import org.clientproxy.proxy.ClientProxy;
import org.clientproxy.proxy.settings.ProxySettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxies of a context, each with its settings: they can be given others, or end and start while the context goes on. Used on
 * one thread at a time: first the one that starts the context, then that of the {@link ConfigWatch}.
 */
final class LiveProxies {
    private static final Logger LOG = LoggerFactory.getLogger(LiveProxies.class);

    /** How long the loop of a proxy may take to take in an edit before that is reported. */
    private static final long LIMIT_SECONDS = 10;

    /** One proxy as it was configured last. */
    record Live(ClientProxy proxy, ProxySettings settings) {}

    private final CamelContext context;
    private final Secrets secrets;
    /** For those who show them, on any thread. */
    private final List<ClientProxy> shown = new CopyOnWriteArrayList<>();

    private final Map<String, Live> live = new LinkedHashMap<>();
    private long shutdownSeconds;

    /** @param secrets learns the secrets that are read from files later */
    LiveProxies(CamelContext context, Secrets secrets) {
        this.context = context;
        this.secrets = secrets;
    }

    /** How long the stop of these proxies may take, in seconds. */
    static long shutdownSeconds(List<ProxySettings> settings) {
        return ClientProxy.stopSeconds(settings.stream()
                .map(ProxySettings::drainTimeout)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO));
    }

    /** The proxies that run, for those who show them; it follows those that come and go. Any thread. */
    List<ClientProxy> shown() {
        return shown;
    }

    /**
     * Adds the first ones, before the context is started.
     *
     * @throws Exception where one cannot be added
     */
    void begin(List<ProxySettings> settings) throws Exception {
        shutdownSeconds = shutdownSeconds(settings);
        for (ProxySettings one : settings) {
            add(one);
        }
    }

    private ClientProxy add(ProxySettings settings) throws Exception {
        ClientProxy proxy = ClientProxy.addTo(context, secrets.learning(settings));
        live.put(settings.name(), new Live(proxy, settings));
        shown.add(proxy);
        return proxy;
    }

    /** The one of this name; null where there is none. */
    @Nullable
    Live find(String name) {
        return live.get(name);
    }

    /** All of them; a copy. */
    List<Live> all() {
        return List.copyOf(live.values());
    }

    /** Tells those who look at any of them that an edit is wrong; null: it is no more. */
    void wrongEdit(@Nullable String words) {
        live.values().forEach(each -> each.proxy().wrongEdit(words));
    }

    /** @throws IllegalArgumentException where the route files of one that runs lack what it is to have; it says what */
    void checkRoutes(List<ProxySettings> wanted) {
        for (ProxySettings one : wanted) {
            Live running = live.get(one.name());
            if (running != null) {
                running.proxy().checkRoutes(one);
            }
        }
    }

    /** Gives it other settings, which need no restart. */
    void adjust(Live running, ProxySettings now) {
        live.put(now.name(), new Live(running.proxy(), now));
        try {
            running.proxy()
                    .adjust(secrets.learning(now))
                    .toCompletableFuture()
                    .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            LOG.warn(
                    "{}: the edit is not in effect yet, its event loop is busy",
                    running.proxy().domain(),
                    e);
        }
    }

    /**
     * Ends some and starts others. All that are to end have ended before one of the others starts, which may be the component that
     * another one was. One that cannot start is as it was before.
     */
    void replace(List<Live> ending, List<ProxySettings> starting) {
        ending.forEach(this::remove);
        for (ProxySettings now : starting) {
            Live before = ending.stream()
                    .filter(each -> each.settings().name().equals(now.name()))
                    .findFirst()
                    .orElse(null);
            boolean paused = before != null && before.proxy().isPaused();
            String wrong = start(now, paused);
            if (wrong == null) {
                continue;
            }
            String words = "the proxy " + now.name() + " cannot start as it is configured now: " + wrong;
            LOG.error("{}{}", words, before == null ? "" : "; it starts as it was before");
            if (before != null) {
                startAsBefore(before.settings(), paused, words);
            }
        }
    }

    private void startAsBefore(ProxySettings settings, boolean paused, String why) {
        String wrong = start(settings, paused);
        Live running = live.get(settings.name());
        if (running == null) {
            LOG.error(
                    "the proxy {} does not run, for it cannot start as it was before either: {}",
                    settings.name(),
                    wrong);
        } else {
            running.proxy().wrongEdit(why);
        }
    }

    private void remove(Live running) {
        ClientProxy proxy = running.proxy();
        live.remove(running.settings().name());
        try {
            proxy.remove();
        } catch (Exception e) {
            LOG.error("{} did not end cleanly", proxy.domain(), e);
        }
        // It was shown while it drained.
        shown.remove(proxy);
        try {
            Observation.removed(context, proxy);
        } catch (Exception e) {
            LOG.error("{} is still shown somewhere, though it runs no more", proxy.domain(), e);
        }
    }

    /** Why it cannot be started; null: it is. */
    private @Nullable String start(ProxySettings settings, boolean paused) {
        if (!context.isStarted()) {
            return "the process is stopping";
        }
        try {
            ClientProxy proxy = add(settings);
            if (paused) {
                proxy.pause();
            }
            show(proxy);
            return null;
        } catch (Exception e) {
            LOG.debug("the whole failure", e);
            return secrets.masked(FailureText.oneLine(FailureText.cause(e)));
        }
    }

    private void show(ClientProxy proxy) {
        try {
            Observation.added(context, proxy);
        } catch (Exception e) {
            LOG.error("{} runs, and is not shown everywhere", proxy.domain(), e);
        }
    }

    /** Camel waits for a drain as long as it takes; what an operator said of that stays. */
    void allowShutdown(List<ProxySettings> wanted) {
        long needed = shutdownSeconds(wanted);
        if (context.getShutdownStrategy().getTimeout() == shutdownSeconds) {
            context.getShutdownStrategy().setTimeout(needed);
            shutdownSeconds = needed;
        }
    }
}
