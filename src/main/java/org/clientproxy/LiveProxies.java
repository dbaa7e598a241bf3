package org.clientproxy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.observe.Observation;
import org.clientproxy.observe.Secrets;
import org.clientproxy.proxy.ClientProxy;
import org.clientproxy.proxy.settings.ConfigKey;
import org.clientproxy.proxy.settings.Effect;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.SettingsChange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxies of a context, each as the configuration has it: an edit is taken as far as it goes into the running proxies, else
 * it restarts those that it is about, and no other. An edit that is wrong is reported and changes nothing. Used on one thread at a
 * time: first the one that starts the context, then that of the {@link ConfigWatch}.
 */
final class LiveProxies implements ConfigWatch.Edits {
    private static final Logger LOG = LoggerFactory.getLogger(LiveProxies.class);

    /** How long the loop of a proxy may take to take in an edit before that is reported. */
    private static final long LIMIT_SECONDS = 10;

    /** Camel looks once a second whether the drain is over. */
    private static final long SHUTDOWN_MARGIN_SECONDS = 6;

    /** One proxy as it was configured last. */
    private record Live(ClientProxy proxy, ProxySettings settings) {}

    private final CamelContext context;
    private final String file;
    private final Map<String, String> environment;
    private final Secrets secrets;
    /** For those who show them, on any thread. */
    private final List<ClientProxy> shown = new CopyOnWriteArrayList<>();

    private final Map<String, Live> live = new LinkedHashMap<>();
    private Map<String, String> properties;
    private long shutdownSeconds;

    /**
     * @param file the name of the file, for people
     * @param properties what it holds
     * @param environment the environment variables, which are stronger
     * @param secrets learns the secrets that come with edits
     */
    LiveProxies(
            CamelContext context,
            String file,
            Map<String, String> properties,
            Map<String, String> environment,
            Secrets secrets) {
        this.context = context;
        this.file = file;
        this.properties = properties;
        this.environment = environment;
        this.secrets = secrets;
    }

    /** How long the stop of these proxies may take, in seconds. */
    static long shutdownSeconds(List<ProxySettings> settings) {
        return SHUTDOWN_MARGIN_SECONDS
                + settings.stream()
                        .mapToLong(one -> one.drainTimeout().toSeconds())
                        .max()
                        .orElse(0);
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

    private void add(ProxySettings settings) throws Exception {
        ClientProxy proxy = ClientProxy.addTo(context, secrets.learning(settings));
        live.put(settings.name(), new Live(proxy, settings));
        shown.add(proxy);
    }

    @Override
    public void edited(Map<String, String> now) {
        List<ProxySettings> wanted;
        try {
            wanted = ProxyConfiguration.read(now, environment);
        } catch (IllegalArgumentException e) {
            refuse(oneLine(e));
            return;
        }
        secrets.learn(wanted, now);
        sayWhatHasNoEffect(now);
        properties = now;
        undone();
        if (!take(wanted)) {
            LOG.info("{} was edited; nothing of that changes a proxy now", file);
        }
    }

    @Override
    public void undone() {
        live.values().forEach(each -> each.proxy().wrongEdit(null));
    }

    @Override
    public void unreadable(String why) {
        refuse(why);
    }

    private void refuse(String why) {
        String words = "an edit of " + file + " is not taken, everything goes on as before: " + why;
        LOG.error("{}", words);
        live.values().forEach(each -> each.proxy().wrongEdit(words));
    }

    /** Keys that are not the proxies' own, and those of ours over which an environment variable stands. */
    private void sayWhatHasNoEffect(Map<String, String> now) {
        Set<String> edited = new TreeSet<>(properties.keySet());
        edited.addAll(now.keySet());
        edited.removeIf(key -> Objects.equals(properties.get(key), now.get(key)));
        Set<String> later = new TreeSet<>();
        for (String key : edited) {
            String variable = ConfigKey.variable(key);
            if (!key.matches("(proxy|xmpp)\\..*|proxies")) {
                later.add(key);
            } else if (environment.containsKey(variable)) {
                LOG.warn(
                        "{} was edited in {}, but the environment variable {} is stronger: that has no effect",
                        key,
                        file,
                        variable);
            }
        }
        if (!later.isEmpty()) {
            LOG.warn("edited in {}, and taken at the next start of the process only: {}", file, String.join(", ", later));
        }
    }

    /** Says whether anything changes. */
    private boolean take(List<ProxySettings> wanted) {
        List<Live> ending = new ArrayList<>();
        List<ProxySettings> starting = new ArrayList<>();
        boolean adjusted = false;
        for (ProxySettings now : wanted) {
            Live running = live.get(now.name());
            if (running == null) {
                LOG.info("{}: the proxy {} is new, and starts", file, now.name());
                starting.add(now);
                continue;
            }
            SettingsChange change = SettingsChange.between(running.settings(), now);
            if (change.isEmpty()) {
                continue;
            }
            LOG.info("{}: {} takes an edit; {}", file, running.proxy().domain(), change);
            if (change.has(Effect.RESTART)) {
                ending.add(running);
                starting.add(now);
            } else {
                adjust(running, now);
                adjusted = true;
            }
        }
        for (Live running : live.values()) {
            if (wanted.stream().noneMatch(now -> now.name().equals(running.settings().name()))) {
                LOG.info("{}: the proxy {} is there no more, and ends", file, running.settings().name());
                ending.add(running);
            }
        }
        // Before any of them ends, for its drain may be longer.
        allowShutdown(wanted);
        replace(ending, starting);
        return adjusted || !ending.isEmpty() || !starting.isEmpty();
    }

    private void adjust(Live running, ProxySettings now) {
        live.put(now.name(), new Live(running.proxy(), now));
        try {
            running.proxy()
                    .adjust(secrets.learning(now))
                    .toCompletableFuture()
                    .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            LOG.warn("{}: the edit is not in effect yet, its event loop is busy", running.proxy().domain(), e);
        }
    }

    /** All that are to end have ended before one of the others starts, which may be the component that another one was. */
    private void replace(List<Live> ending, List<ProxySettings> starting) {
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
            String words = "the proxy " + now.name() + " cannot start as " + file + " has it now: " + wrong;
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
            LOG.error("the proxy {} does not run, for it cannot start as it was before either: {}", settings.name(), wrong);
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
            add(settings);
            ClientProxy proxy = live.get(settings.name()).proxy();
            if (paused) {
                proxy.pause();
            }
            Observation.added(context, proxy);
            return null;
        } catch (Exception e) {
            Throwable cause = e;
            while (cause.getCause() != null && !(cause instanceof IllegalArgumentException)) {
                cause = cause.getCause();
            }
            LOG.debug("the whole failure", e);
            return secrets.masked(oneLine(cause));
        }
    }

    /** Camel waits for a drain as long as it takes; what an operator said of that stays. */
    private void allowShutdown(List<ProxySettings> wanted) {
        long needed = shutdownSeconds(wanted);
        if (context.getShutdownStrategy().getTimeout() == shutdownSeconds) {
            context.getShutdownStrategy().setTimeout(needed);
            shutdownSeconds = needed;
        }
    }

    private static String oneLine(Throwable failure) {
        return failure.getMessage() == null
                ? failure.toString()
                : failure.getMessage().replace("\n", "; ");
    }
}
