package org.clientproxy.config;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.EncodedFrom;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration: properties, environment variables over them, defaults below them. All that is wrong is found at
 * once, and said in words that name the key, its value (never a secret) and what is allowed.
 */
public final class ProxyConfiguration {
    private static final String PROXIES = "proxies";
    private static final String DEFAULT_NAME = "proxy";
    private static final String NAME = "[a-z][a-z0-9]*";
    /** First words of ours in names of environment variables; other programs have theirs. */
    private static final List<String> PREFIXES = List.of("PROXY_", "XMPP_");

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> shownAs = new LinkedHashMap<>();
    private final Set<String> problems = new LinkedHashSet<>();
    private final List<String> names = new ArrayList<>();
    private final String onlyName;
    private final boolean variables;

    private ProxyConfiguration(String onlyName, boolean variables) {
        this.onlyName = onlyName;
        this.variables = variables;
    }

    /**
     * The settings of each proxy.
     *
     * @param properties keys and values of {@code application.properties}; keys of others are left alone
     * @param environment the environment variables
     * @throws IllegalArgumentException that lists everything that is wrong, a line each
     */
    public static List<ProxySettings> read(Map<String, String> properties, Map<String, String> environment) {
        ProxyConfiguration configuration = new ProxyConfiguration(DEFAULT_NAME, true);
        List<ProxySettings> settings = configuration.readAll(properties, environment);
        configuration.refuseProblems();
        return settings;
    }

    /**
     * The settings of one proxy that has a configuration of its own, over which no environment variable stands.
     *
     * @param name the proxy's name
     * @param properties keys and values; keys of others are left alone
     * @throws IllegalArgumentException that lists everything that is wrong, a line each
     */
    public static ProxySettings readOne(String name, Map<String, String> properties) {
        ProxyConfiguration configuration = new ProxyConfiguration(name, false);
        if (properties.containsKey(PROXIES)) {
            configuration.problems.add("proxies has no meaning here; each further proxy has a file of its own");
        }
        if (!name.matches(NAME)) {
            configuration.problems.add(
                    "the proxy's name is " + name + "; allowed are lower-case letters and digits, a letter first");
        }
        Map<String, String> ofOne = new LinkedHashMap<>(properties);
        ofOne.remove(PROXIES);
        List<ProxySettings> settings = configuration.readAll(ofOne, Map.of());
        configuration.refuseProblems();
        return settings.get(0);
    }

    private void refuseProblems() {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
    }

    private List<ProxySettings> readAll(Map<String, String> properties, Map<String, String> environment) {
        String proxies = environment.getOrDefault("PROXIES", properties.getOrDefault(PROXIES, ""));
        refuseLost(PROXIES, environment.containsKey("PROXIES") ? "environment variable PROXIES" : PROXIES, proxies);
        names.addAll(readNames(proxies));
        Map<String, String> known = knownKeys();
        for (Map.Entry<String, String> property : properties.entrySet()) {
            String key = property.getKey();
            if (isOurs(key) || !key.startsWith("camel.") && isNearly(key, known.keySet())) {
                take(known, key, key, property.getValue());
            }
        }
        Map<String, String> byVariable = known.keySet().stream()
                .collect(Collectors.toMap(ConfigKey::variable, Function.identity(), (a, b) -> a));
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            if (PREFIXES.stream().anyMatch(variable.getKey()::startsWith)) {
                String key = byVariable.get(variable.getKey());
                if (key == null) {
                    unknown(variable.getKey(), byVariable.keySet());
                } else {
                    take(known, key, "environment variable " + variable.getKey(), variable.getValue());
                }
            }
        }
        List<ProxySettings> settings = new ArrayList<>();
        for (String name : names.isEmpty() ? List.of(onlyName) : names) {
            ProxySettings one = settings(name);
            if (one != null) {
                settings.add(one);
            }
        }
        Set<String> domains = new HashSet<>();
        for (ProxySettings one : settings) {
            if (!domains.add(one.domain() + " " + one.stream())) {
                problems.add("proxy." + one.name() + ".domain is " + one.domain()
                        + ", which another proxy has too; one component can have one connection");
            }
        }
        return settings;
    }

    private static boolean isOurs(String key) {
        return key.equals("proxy") || key.startsWith("proxy.") || key.startsWith("xmpp.") || key.startsWith("proxies.");
    }

    /** Whether a key that could be another program's is more likely one of ours, mistyped. */
    private static boolean isNearly(String key, Set<String> known) {
        String folded = key.toLowerCase(Locale.ROOT);
        return !key.equals(PROXIES)
                && (!NearestKey.to(folded, known, 2).isEmpty()
                        || !NearestKey.to(folded, List.of(PROXIES), 2).isEmpty());
    }

    private List<String> readNames(String proxies) {
        List<String> read = ConfigValues.list(proxies);
        Set<String> reserved = Stream.of(ConfigKey.values())
                .map(key -> key.rest().replaceFirst("-.*", ""))
                .collect(Collectors.toSet());
        for (String name : read) {
            if (!name.matches(NAME) || reserved.contains(name)) {
                problems.add(
                        "proxies names " + name
                                + "; allowed are lower-case letters and digits, and no first word of a key such as domain or max");
            }
        }
        if (new HashSet<>(read).size() < read.size()) {
            problems.add("proxies names a proxy twice: " + proxies);
        }
        return read;
    }

    /** Each key as it may be written, and the plain key that it is a form of. */
    private Map<String, String> knownKeys() {
        Map<String, String> known = new LinkedHashMap<>();
        for (ConfigKey key : ConfigKey.values()) {
            known.put(key.key(), key.key());
            for (String name : names) {
                // A proxy may have a server of its own: proxy.NAME.xmpp.host.
                known.put("proxy." + name + "." + (key.isXmpp() ? key.key() : key.rest()), key.key());
            }
        }
        return known;
    }

    private void take(Map<String, String> known, String key, String shown, String value) {
        if (!known.containsKey(key)) {
            unknown(key, known.keySet());
        } else {
            values.put(key, value.strip());
            shownAs.put(key, shown);
            refuseLost(key, shown, value);
        }
    }

    /** A character that the locale does not have is read as U+FFFD, and would be taken for what was meant. */
    private void refuseLost(String key, String shown, String value) {
        if (value.indexOf('\uFFFD') >= 0) {
            problems.add(shown + " has a character that was lost (U+FFFD is in its place); "
                    + (shown.equals(key)
                            ? "write the value again, in UTF-8"
                            : ConfigFile.LOCALE + ", or set " + key + " in the file, which is in UTF-8 always"));
        }
    }

    private void unknown(String key, Set<String> known) {
        List<String> all = new ArrayList<>(known);
        all.add(key.equals(key.toUpperCase(Locale.ROOT)) ? ConfigKey.variable(PROXIES) : PROXIES);
        String nearest = NearestKey.to(key, all, 3);
        problems.add(key + " is no key of this program"
                + (nearest.isEmpty() ? "" : "; did you mean " + nearest + "?")
                + (key.matches("(?i)proxy[._][^._]+[._].*") ? "; names of proxies stand in the key proxies" : ""));
    }

    private @Nullable ProxySettings settings(String name) {
        ConfigReader reader = new ConfigReader(name, !names.isEmpty(), variables, values, shownAs, problems);
        String secret = reader.secret();
        Jid domain = reader.required(ConfigKey.DOMAIN, ConfigValues::domain);
        Jid target = reader.required(ConfigKey.TARGET, ConfigValues::account);
        ProxySettings.Stream stream = new ProxySettings.Stream(
                reader.get(ConfigKey.XMPP_HOST, ConfigValues::host, "localhost"),
                reader.number(ConfigKey.XMPP_PORT, 1, 65535),
                secret,
                reader.duration(ConfigKey.XMPP_CONNECT_TIMEOUT, 1),
                reader.duration(ConfigKey.XMPP_RECONNECT_MIN, 1),
                reader.duration(ConfigKey.XMPP_RECONNECT_MAX, 1),
                reader.duration(ConfigKey.XMPP_KEEP_ALIVE, 1),
                reader.get(ConfigKey.XMPP_MAX_STANZA_SIZE, ConfigValues::stanzaSize, 512 * 1024),
                new TlsReader(reader, problems).read());
        Duration replyTimeout = reader.duration(ConfigKey.REPLY_TIMEOUT, 1);
        Duration leaveGrace = reader.duration(ConfigKey.LEAVE_GRACE, 0);
        String accept = reader.get(ConfigKey.ACCEPT, ConfigValues::xpath, "");
        List<String> jatKeys = reader.get(ConfigKey.JAT_KEY, ConfigValues::jatKeys, List.of());
        PendingKind pending = reader.get(ConfigKey.PENDING, ConfigValues::pending, PendingKind.FILE);
        Path dataDir = reader.get(ConfigKey.DATA_DIR, ConfigValues::path, Path.of("data"));
        if ((reader.isSet(ConfigKey.XMPP_RECONNECT_MIN) || reader.isSet(ConfigKey.XMPP_RECONNECT_MAX))
                && stream.reconnectMin().compareTo(stream.reconnectMax()) > 0) {
            problems.add(reader.shown(ConfigKey.XMPP_RECONNECT_MIN) + " is longer than "
                    + reader.shown(ConfigKey.XMPP_RECONNECT_MAX));
        }
        // A default contradicts nobody.
        if (reader.isSet(ConfigKey.LEAVE_GRACE) && leaveGrace.compareTo(replyTimeout) > 0) {
            problems.add(
                    reader.shown(ConfigKey.LEAVE_GRACE) + " is longer than " + reader.shown(ConfigKey.REPLY_TIMEOUT));
        }
        if (domain != null && target != null && target.sameDomain(domain)) {
            problems.add(reader.shown(ConfigKey.TARGET) + " is inside " + reader.shown(ConfigKey.DOMAIN)
                    + "; it must be an account of an XMPP server");
        }
        List<String> resources = reader.get(ConfigKey.RESOURCES, ConfigValues::list, List.of());
        SelectionPolicy selection = reader.get(ConfigKey.SELECTION, ConfigValues::selection, SelectionPolicy.RANDOM);
        int attempts = reader.number(ConfigKey.ATTEMPTS, 1, Integer.MAX_VALUE);
        boolean retrySet = reader.get(ConfigKey.RETRY_SET, ConfigValues::bool, true);
        Duration drainTimeout = reader.duration(ConfigKey.DRAIN_TIMEOUT, 0);
        Duration confirmTimeout = reader.duration(ConfigKey.CONFIRM_TIMEOUT, 1);
        int maxPending = reader.number(ConfigKey.MAX_PENDING, 1, Integer.MAX_VALUE);
        int maxPendingPerRequester = reader.number(ConfigKey.MAX_PENDING_PER_REQUESTER, 1, Integer.MAX_VALUE);
        long maxPendingSize = reader.get(ConfigKey.MAX_PENDING_SIZE, this::pendingSize, pendingSize(""));
        List<Jid> allow = reader.get(ConfigKey.ALLOW, ConfigValues::addresses, List.of());
        List<Jid> deny = reader.get(ConfigKey.DENY, ConfigValues::addresses, List.of());
        EncodedFrom encodedFrom = reader.get(ConfigKey.ENCODED_FROM, ConfigValues::encodedFrom, EncodedFrom.TOKEN);
        List<String> routes = reader.get(ConfigKey.ROUTES, ConfigValues::routes, List.of("java"));
        // Only now, so that all that is wrong has been found.
        if (domain == null || target == null) {
            return null;
        }
        reader.sayIfPrepared(ConfigKey.DOMAIN, List.of(domain));
        reader.sayIfPrepared(ConfigKey.TARGET, List.of(target));
        reader.sayIfPrepared(ConfigKey.ALLOW, allow);
        reader.sayIfPrepared(ConfigKey.DENY, deny);
        return new ProxySettings(
                name,
                stream,
                domain,
                target,
                resources,
                selection,
                replyTimeout,
                attempts,
                retrySet,
                leaveGrace,
                drainTimeout,
                confirmTimeout,
                maxPending,
                maxPendingPerRequester,
                maxPendingSize,
                allow,
                deny,
                accept.isEmpty() ? null : accept,
                pending,
                dataDir,
                encodedFrom,
                jatKeys,
                routes);
    }

    /** Nothing written: the proxies of this configuration have a quarter of the largest heap together. */
    private long pendingSize(String text) {
        return text.isEmpty()
                ? Runtime.getRuntime().maxMemory() / 4 / Math.max(1, names.size())
                : ConfigValues.pendingSize(text);
    }
}
