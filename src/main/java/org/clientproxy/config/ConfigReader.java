package org.clientproxy.config;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.clientproxy.proxy.settings.ConfigKey;
import org.clientproxy.proxy.settings.Texts;
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
    private final WrittenValues written;
    private final Set<String> problems;

    /**
     * @param name the proxy's name
     * @param several whether proxies are named, so that each has keys of its own
     * @param variables whether environment variables are read, so that they are worth naming
     * @param written what was written
     * @param problems to which the problems are added
     */
    ConfigReader(String name, boolean several, boolean variables, WrittenValues written, Set<String> problems) {
        this.name = name;
        this.several = several;
        this.variables = variables;
        this.written = written;
        this.problems = problems;
    }

    /** One that reads the same values, and adds the problems that it finds there. */
    ConfigReader reportingTo(Set<String> found) {
        return new ConfigReader(name, several, variables, written, found);
    }

    /** The key that decides: the proxy's own where it was written, else the common one. */
    private String key(ConfigKey<?> key) {
        return written.has(key.of(name)) ? key.of(name) : key.key();
    }

    boolean isSet(ConfigKey<?> key) {
        return written.has(key(key));
    }

    /** Whether nothing was written, or nothing but the empty default. */
    boolean isDefault(ConfigKey<?> key) {
        return Objects.equals(text(key), key.defaultText());
    }

    /** What was written in the proxy's own key; empty where nothing was. */
    String own(ConfigKey<?> key) {
        return written.text(key.of(name));
    }

    /** What was written in the common key; empty where nothing was. */
    String common(ConfigKey<?> key) {
        return written.text(key.key());
    }

    /** Whether environment variables are read, so that they are worth naming. */
    boolean readsVariables() {
        return variables;
    }

    /** The key as the operator wrote it. */
    String place(ConfigKey<?> key) {
        return written.place(key(key));
    }

    /** The key as the operator wrote it, with its value; for keys whose value is no secret. */
    String shown(ConfigKey<?> key) {
        return place(key) + " (" + text(key) + ")";
    }

    void refuse(String problem) {
        problems.add(problem);
    }

    /** The value of a key; null where it is missing or not allowed, which is a problem then. */
    <T> @Nullable T get(ConfigKey<T> key) {
        String text = text(key);
        if (text == null || text.isEmpty() && key.defaultText() == null) {
            String missing = several ? key.of(name) : key.key();
            refuse(missing + " is missing; allowed: " + key.allowed()
                    + (variables ? " (environment variable " + ConfigKey.variable(missing) + ")" : ""));
            return null;
        }
        return get(key, each -> Optional.of(key.parse(each)), Optional.<T>empty())
                .orElse(null);
    }

    /** What is made of the text of a key that has a default; {@code otherwise} where it cannot be, which is a problem then. */
    <R> R get(ConfigKey<?> key, Function<String, R> parser, R otherwise) {
        String text = Objects.requireNonNullElse(text(key), "");
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            refuse(place(key)
                    + (key.isSecret() ? " has a value that" : " is " + (text.isEmpty() ? "empty" : text) + ", which")
                    + " is not allowed" + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")")
                    + "; allowed: "
                    + key.allowed());
            return otherwise;
        }
    }

    /** What was written, else the default as it is written; null where there is neither. */
    private @Nullable String text(ConfigKey<?> key) {
        return isSet(key) ? written.text(key(key)) : key.defaultText();
    }

    /** Says in the log which addresses of this key are used otherwise than they were typed. */
    void sayIfPrepared(ConfigKey<?> key, List<Jid> used) {
        List<String> typed = Texts.items(written.text(key(key)));
        for (int i = 0; i < Math.min(typed.size(), used.size()); i++) {
            if (!typed.get(i).equals(used.get(i).toString())) {
                LOG.info(
                        "{}: {} is used as {}, as servers prepare addresses",
                        place(key),
                        LogText.of(typed.get(i)),
                        used.get(i));
            }
        }
    }
}
