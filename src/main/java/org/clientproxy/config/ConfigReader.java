package org.clientproxy.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the values of one proxy: its own, else the common ones, else the defaults. What is not allowed it adds to the
 * problems and goes on, so that all of them are found.
 */
final class ConfigReader {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigReader.class);

    private final String name;
    private final boolean several;
    private final boolean variables;
    private final Map<String, String> values;
    private final Map<String, String> shownAs;
    private final Set<String> problems;

    /**
     * @param name the proxy's name
     * @param several whether proxies are named, so that each has keys of its own
     * @param variables whether environment variables are read, so that they are worth naming
     * @param values the values by key
     * @param shownAs where the value of a key was written, in words
     * @param problems to which the problems are added
     */
    ConfigReader(
            String name,
            boolean several,
            boolean variables,
            Map<String, String> values,
            Map<String, String> shownAs,
            Set<String> problems) {
        this.name = name;
        this.several = several;
        this.variables = variables;
        this.values = values;
        this.shownAs = shownAs;
        this.problems = problems;
    }

    private String key(ConfigKey key) {
        String own = "proxy." + name + "." + (key.isXmpp() ? key.key() : key.rest());
        return values.containsKey(own) ? own : key.key();
    }

    boolean isSet(ConfigKey key) {
        return values.containsKey(key(key));
    }

    /** The key as the operator wrote it, with its value; for keys whose value is no secret. */
    String shown(ConfigKey key) {
        String value = values.getOrDefault(key(key), key.defaultValue());
        return shownAs.getOrDefault(key(key), key.key()) + " (" + value + ")";
    }

    /** Says in the log which addresses of this key are used otherwise than they were typed. */
    void sayIfPrepared(ConfigKey key, List<Jid> used) {
        List<String> typed = ConfigValues.list(values.getOrDefault(key(key), ""));
        for (int i = 0; i < Math.min(typed.size(), used.size()); i++) {
            if (!typed.get(i).equals(used.get(i).toString())) {
                LOG.info(
                        "{}: {} is used as {}, as servers prepare addresses",
                        shownAs.getOrDefault(key(key), key.key()),
                        LogText.of(typed.get(i)),
                        used.get(i));
            }
        }
    }

    <T> T get(ConfigKey key, Function<String, T> parser, T otherwise) {
        String written = values.get(key(key));
        String value = written != null ? written : key.defaultValue();
        try {
            return value == null ? otherwise : parser.apply(value);
        } catch (IllegalArgumentException | ArithmeticException e) {
            problems.add(shownAs.getOrDefault(key(key), key.key())
                    + (key.isSecret() ? " has a value that" : " is " + (value.isEmpty() ? "empty" : value) + ", which")
                    + " is not allowed" + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")")
                    + "; allowed: "
                    + key.allowed());
            return otherwise;
        }
    }

    <T> @Nullable T required(ConfigKey key, Function<String, T> parser) {
        if (values.getOrDefault(key(key), "").isEmpty()) {
            String missing = several ? "proxy." + name + "." + key.rest() : key.key();
            problems.add(missing + " is missing; allowed: " + key.allowed()
                    + (variables ? " (environment variable " + ConfigKey.variable(missing) + ")" : ""));
            return null;
        }
        return get(key, text -> Optional.of(parser.apply(text)), Optional.<T>empty())
                .orElse(null);
    }

    int number(ConfigKey key, int min, int max) {
        return get(
                key,
                text -> {
                    int number = ConfigValues.number(text);
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
        // A proxy's own secret, of either kind, takes the place of a common one of the other kind.
        boolean own = !own(ConfigKey.XMPP_SECRET).isEmpty()
                || !own(ConfigKey.XMPP_SECRET_FILE).isEmpty();
        String secret = own ? own(ConfigKey.XMPP_SECRET) : common(ConfigKey.XMPP_SECRET);
        String file = own ? own(ConfigKey.XMPP_SECRET_FILE) : common(ConfigKey.XMPP_SECRET_FILE);
        if (!secret.isEmpty() && !file.isEmpty()) {
            problems.add(shownAs.getOrDefault(key(ConfigKey.XMPP_SECRET), "xmpp.secret") + " and "
                    + shown(ConfigKey.XMPP_SECRET_FILE) + " are both set; set one");
        } else if (!file.isEmpty()) {
            return secretIn(file);
        } else if (secret.isEmpty()) {
            problems.add("xmpp.secret is missing (or xmpp.secret-file"
                    + (variables ? ", or environment variable XMPP_SECRET" : "") + "); it is "
                    + ConfigKey.XMPP_SECRET.allowed());
        }
        return secret;
    }

    private String secretIn(String file) {
        String secret = "";
        try {
            // What editors put at the end of a file is no part of it.
            secret = ConfigFile.text(ConfigFile.path(file)).replaceFirst("[\\r\\n]+\\z", "");
            if (secret.isEmpty()) {
                problems.add(shown(ConfigKey.XMPP_SECRET_FILE) + " is an empty file");
            } else if (secret.indexOf('\n') >= 0 || secret.indexOf('\r') >= 0) {
                problems.add(shown(ConfigKey.XMPP_SECRET_FILE) + " is a file of several lines; the secret is one");
            } else if (secret.indexOf('\uFFFD') >= 0) {
                problems.add(shown(ConfigKey.XMPP_SECRET_FILE) + " is a file in which a character was lost (U+FFFD is"
                        + " in its place); write the secret again, in UTF-8");
            }
        } catch (IllegalArgumentException e) {
            problems.add(shown(ConfigKey.XMPP_SECRET_FILE) + ": " + e.getMessage());
        }
        return secret;
    }

    private String own(ConfigKey key) {
        return values.getOrDefault("proxy." + name + "." + key.key(), "");
    }

    private String common(ConfigKey key) {
        return values.getOrDefault(key.key(), "");
    }
}
