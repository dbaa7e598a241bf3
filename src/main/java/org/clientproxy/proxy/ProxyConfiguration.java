package org.clientproxy.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    /** First words of ours in names of environment variables; other programs have theirs. */
    private static final List<String> PREFIXES = List.of("PROXY_", "XMPP_");

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> shownAs = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    private ProxyConfiguration() {}

    /**
     * The settings of each proxy.
     *
     * @param properties keys and values of {@code application.properties}; keys of others are left alone
     * @param environment the environment variables
     * @throws IllegalArgumentException that lists everything that is wrong, a line each
     */
    public static List<ProxySettings> read(Map<String, String> properties, Map<String, String> environment) {
        ProxyConfiguration configuration = new ProxyConfiguration();
        List<ProxySettings> settings = configuration.readAll(properties, environment);
        if (!configuration.problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", configuration.problems));
        }
        return settings;
    }

    private List<ProxySettings> readAll(Map<String, String> properties, Map<String, String> environment) {
        String proxies = environment.getOrDefault("PROXIES", properties.getOrDefault(PROXIES, ""));
        names.addAll(readNames(proxies));
        Map<String, String> known = knownKeys();
        for (Map.Entry<String, String> property : properties.entrySet()) {
            String key = property.getKey();
            if (key.equals("proxy") || key.startsWith("proxy.") || key.startsWith("xmpp.")) {
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
        for (String name : names.isEmpty() ? List.of(DEFAULT_NAME) : names) {
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

    private List<String> readNames(String proxies) {
        List<String> read = ConfigValues.list(proxies);
        Set<String> reserved = Stream.of(ConfigKey.values())
                .map(key -> key.rest().replaceFirst("-.*", ""))
                .collect(Collectors.toSet());
        for (String name : read) {
            if (!name.matches("[a-z][a-z0-9]*") || reserved.contains(name)) {
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
        }
    }

    private void unknown(String key, Set<String> known) {
        String nearest = known.stream()
                .min((a, b) -> Integer.compare(distance(a, key), distance(b, key)))
                .orElse("");
        problems.add(key + " is no key of this program"
                + (distance(nearest, key) <= 3 ? "; did you mean " + nearest + "?" : "")
                + (names.isEmpty() && key.matches("proxy\\.[^.]+\\..*")
                        ? "; names of proxies stand in the key proxies"
                        : ""));
    }

    private @Nullable ProxySettings settings(String name) {
        Reader reader = new Reader(name);
        String secret = reader.secret();
        Jid domain = reader.required(ConfigKey.DOMAIN, ConfigValues::domain);
        Jid target = reader.required(ConfigKey.TARGET, ConfigValues::account);
        ProxySettings.Stream stream = new ProxySettings.Stream(
                reader.get(ConfigKey.XMPP_HOST, ConfigValues::notEmpty, "localhost"),
                reader.number(ConfigKey.XMPP_PORT, 1, 65535),
                secret,
                reader.duration(ConfigKey.XMPP_CONNECT_TIMEOUT, 1),
                reader.duration(ConfigKey.XMPP_RECONNECT_MIN, 1),
                reader.duration(ConfigKey.XMPP_RECONNECT_MAX, 1),
                reader.duration(ConfigKey.XMPP_KEEP_ALIVE, 1),
                reader.get(ConfigKey.XMPP_MAX_STANZA_SIZE, ConfigValues::stanzaSize, 512 * 1024));
        reader.oneOf(ConfigKey.XMPP_TLS, "off");
        reader.oneOf(ConfigKey.PENDING, "memory");
        Duration replyTimeout = reader.duration(ConfigKey.REPLY_TIMEOUT, 1);
        Duration leaveGrace = reader.duration(ConfigKey.LEAVE_GRACE, 0);
        String accept = reader.get(ConfigKey.ACCEPT, ConfigValues::xpath, "");
        List<String> jatKeys = reader.get(ConfigKey.JAT_KEY, ConfigValues::list, List.of());
        Path dataDir = reader.get(ConfigKey.DATA_DIR, ConfigValues::path, Path.of("data"));
        if ((reader.isSet(ConfigKey.XMPP_RECONNECT_MIN) || reader.isSet(ConfigKey.XMPP_RECONNECT_MAX))
                && stream.reconnectMin().compareTo(stream.reconnectMax()) > 0) {
            problems.add("xmpp.reconnect-min is longer than xmpp.reconnect-max");
        }
        // A default contradicts nobody.
        if (reader.isSet(ConfigKey.LEAVE_GRACE) && leaveGrace.compareTo(replyTimeout) > 0) {
            problems.add("proxy.leave-grace is longer than proxy.reply-timeout");
        }
        if (domain != null && target != null && target.sameDomain(domain)) {
            problems.add("proxy.target " + target + " is inside proxy.domain; it must be an account of an XMPP server");
        }
        if (domain == null || target == null) {
            return null;
        }
        return new ProxySettings(
                name,
                stream,
                domain,
                target,
                reader.get(ConfigKey.SELECTION, ConfigValues::selection, SelectionPolicy.RANDOM),
                replyTimeout,
                reader.number(ConfigKey.ATTEMPTS, 1, Integer.MAX_VALUE),
                reader.get(ConfigKey.RETRY_SET, ConfigValues::bool, true),
                leaveGrace,
                reader.duration(ConfigKey.DRAIN_TIMEOUT, 0),
                reader.duration(ConfigKey.CONFIRM_TIMEOUT, 1),
                reader.number(ConfigKey.MAX_PENDING, 1, Integer.MAX_VALUE),
                reader.number(ConfigKey.MAX_PENDING_PER_REQUESTER, 1, Integer.MAX_VALUE),
                reader.get(ConfigKey.ALLOW, ConfigValues::addresses, List.of()),
                reader.get(ConfigKey.DENY, ConfigValues::addresses, List.of()),
                accept.isEmpty() ? null : accept,
                dataDir,
                jatKeys,
                reader.get(ConfigKey.ROUTES, ConfigValues::notEmpty, "java"));
    }

    /** Finds the values of one proxy: its own, else the common ones, else the defaults. */
    private final class Reader {
        private final String name;

        Reader(String name) {
            this.name = name;
        }

        private String key(ConfigKey key) {
            String own = "proxy." + name + "." + (key.isXmpp() ? key.key() : key.rest());
            return values.containsKey(own) ? own : key.key();
        }

        boolean isSet(ConfigKey key) {
            return values.containsKey(key(key));
        }

        <T> T get(ConfigKey key, Function<String, T> parser, T otherwise) {
            String written = values.get(key(key));
            String value = written != null ? written : key.defaultValue();
            try {
                return value == null ? otherwise : parser.apply(value);
            } catch (IllegalArgumentException | ArithmeticException e) {
                problems.add(shownAs.getOrDefault(key(key), key.key())
                        + (key.isSecret()
                                ? " has a value that"
                                : " is " + (value.isEmpty() ? "empty" : value) + ", which")
                        + " is not allowed" + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")")
                        + "; allowed: "
                        + key.allowed());
                return otherwise;
            }
        }

        <T> @Nullable T required(ConfigKey key, Function<String, T> parser) {
            if (values.getOrDefault(key(key), "").isEmpty()) {
                problems.add((names.isEmpty() ? key.key() : "proxy." + name + "." + key.rest())
                        + " is missing; allowed: "
                        + key.allowed() + " (environment variable "
                        + ConfigKey.variable(names.isEmpty() ? key.key() : "proxy." + name + "." + key.rest()) + ")");
                return null;
            }
            return get(key, text -> Optional.of(parser.apply(text)), Optional.<T>empty())
                    .orElse(null);
        }

        int number(ConfigKey key, int min, int max) {
            return get(
                    key,
                    text -> {
                        int number = Integer.parseInt(text);
                        if (number < min || number > max) {
                            throw new IllegalArgumentException("out of range");
                        }
                        return number;
                    },
                    min);
        }

        Duration duration(ConfigKey key, long minMillis) {
            return get(
                    key,
                    text -> {
                        Duration duration = ConfigValues.duration(text);
                        if (duration.toMillis() < minMillis || duration.compareTo(Duration.ofDays(30)) > 0) {
                            throw new IllegalArgumentException("out of range");
                        }
                        return duration;
                    },
                    Duration.ofSeconds(1));
        }

        void oneOf(ConfigKey key, String... allowed) {
            get(
                    key,
                    text -> {
                        if (!Arrays.asList(allowed).contains(text)) {
                            throw new IllegalArgumentException();
                        }
                        return text;
                    },
                    "");
        }

        String secret() {
            String secret = values.getOrDefault(key(ConfigKey.XMPP_SECRET), "");
            String file = values.getOrDefault(key(ConfigKey.XMPP_SECRET_FILE), "");
            if (!secret.isEmpty() && !file.isEmpty()) {
                problems.add("xmpp.secret and xmpp.secret-file are both set; set one");
            } else if (!file.isEmpty()) {
                try {
                    secret = Files.readString(Path.of(file)).replaceFirst("\\r?\\n\\z", "");
                } catch (IOException | InvalidPathException e) {
                    problems.add("xmpp.secret-file is " + file + ", which cannot be read: " + e);
                    return "";
                }
                if (secret.isEmpty()) {
                    problems.add("xmpp.secret-file is " + file + ", which is empty");
                }
            } else if (secret.isEmpty()) {
                problems.add("xmpp.secret is missing (or xmpp.secret-file, or environment variable XMPP_SECRET); it is "
                        + ConfigKey.XMPP_SECRET.allowed());
            }
            return secret;
        }
    }

    /** How many letters must be changed, added or left out to get from one to the other (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
