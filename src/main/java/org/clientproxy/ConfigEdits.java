package org.clientproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.clientproxy.config.FailureText;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.observe.Secrets;
import org.clientproxy.proxy.settings.ConfigKey;
import org.clientproxy.proxy.settings.Effect;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.SettingsChange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an edit of the configuration file does to the {@link LiveProxies}: it is taken into the running proxies as far as that
 * goes, else it restarts those that it is about, and no other. A wrong edit is reported and changes nothing. Used on the thread
 * of the {@link ConfigWatch}.
 */
final class ConfigEdits implements ConfigWatch.Edits {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigEdits.class);

    private final LiveProxies proxies;
    private final String file;
    private final Map<String, String> environment;
    private final Secrets secrets;
    private Map<String, String> properties;

    /**
     * @param file the name of the file, for people
     * @param properties what it holds
     * @param environment the environment variables, which are stronger
     * @param secrets learns the secrets that come with edits
     */
    ConfigEdits(
            LiveProxies proxies,
            String file,
            Map<String, String> properties,
            Map<String, String> environment,
            Secrets secrets) {
        this.proxies = proxies;
        this.file = file;
        this.properties = properties;
        this.environment = environment;
        this.secrets = secrets;
    }

    @Override
    public void edited(Map<String, String> now) {
        List<ProxySettings> wanted;
        try {
            wanted = ProxyConfiguration.read(now, environment);
            proxies.checkRoutes(wanted);
        } catch (IllegalArgumentException e) {
            refuse(FailureText.oneLine(e));
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
        proxies.wrongEdit(null);
    }

    @Override
    public void unreadable(String why) {
        refuse(why);
    }

    private void refuse(String why) {
        String words = "an edit of " + file + " is not taken, everything goes on as before: " + why;
        LOG.error("{}", words);
        proxies.wrongEdit(words);
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
            LOG.warn(
                    "edited in {}, and taken at the next start of the process only: {}",
                    file,
                    String.join(", ", later));
        }
    }

    /** Says whether anything changes. */
    private boolean take(List<ProxySettings> wanted) {
        List<LiveProxies.Live> ending = new ArrayList<>();
        List<ProxySettings> starting = new ArrayList<>();
        boolean adjusted = false;
        for (ProxySettings now : wanted) {
            LiveProxies.@Nullable Live running = proxies.find(now.name());
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
                proxies.adjust(running, now);
                adjusted = true;
            }
        }
        for (LiveProxies.Live running : proxies.all()) {
            if (wanted.stream()
                    .noneMatch(now -> now.name().equals(running.settings().name()))) {
                LOG.info(
                        "{}: the proxy {} is there no more, and ends",
                        file,
                        running.settings().name());
                ending.add(running);
            }
        }
        // Before any of them ends, for its drain may be longer.
        proxies.allowShutdown(wanted);
        proxies.replace(ending, starting);
        return adjusted || !ending.isEmpty() || !starting.isEmpty();
    }
}
