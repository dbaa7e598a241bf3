package org.clientproxy.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.clientproxy.proxy.settings.ConfigKey;
import org.clientproxy.proxy.settings.ConfigKeys;
import org.clientproxy.proxy.settings.FilePath;

/**
 * What somebody has written: the text of each key, and where it was written. A key that is unknown, and a character that was
 * lost on the way, is a problem.
 */
final class WrittenValues {
    /** The key that names several proxies. */
    static final String PROXIES = "proxies";

    /** First words of ours in names of environment variables; other programs have theirs. */
    private static final List<String> PREFIXES = List.of("PROXY_", "XMPP_");

    /** First words of ours in keys. */
    private static final List<String> OURS = List.of("proxy.", "proxies.", "xmpp.", "management.");

    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Map<String, String> places = new LinkedHashMap<>();
    private final Set<String> known;
    private final Set<String> problems;

    /**
     * @param names the proxies that may have keys of their own
     * @param problems to which the problems are added
     */
    WrittenValues(List<String> names, Set<String> problems) {
        this.known = knownKeys(names);
        this.problems = problems;
    }

    /** Each key as it may be written. */
    private static Set<String> knownKeys(List<String> names) {
        Map<String, ConfigKey<?>> keys = new LinkedHashMap<>();
        for (ConfigKey<?> key : ConfigKeys.all()) {
            keys.put(key.key(), key);
            // A proxy may have a server of its own: proxy.NAME.xmpp.host.
            names.forEach(name -> keys.put(key.of(name), key));
        }
        ConfigKeys.OF_PROCESS.keys().forEach(key -> keys.put(key.key(), key));
        return keys.keySet();
    }

    /** Takes the keys of a file; those of others are left alone. */
    void addProperties(Map<String, String> properties) {
        properties.forEach((key, text) -> {
            if (known.contains(key)) {
                add(key, key, text);
            } else if (isOurs(key) || !key.startsWith("camel.") && isNearly(key)) {
                refuseUnknown(key, known);
            } else {
                refuseNearlyCamels(key);
            }
        });
    }

    /** Takes environment variables, which are stronger than what was taken before. */
    void addVariables(Map<String, String> environment) {
        Map<String, String> keys =
                known.stream().collect(Collectors.toMap(ConfigKey::variable, Function.identity(), (a, b) -> a));
        environment.forEach((variable, text) -> {
            if (PREFIXES.stream().anyMatch(variable::startsWith)) {
                String key = keys.get(variable);
                if (key == null) {
                    refuseUnknown(variable, keys.keySet());
                } else {
                    add(key, "environment variable " + variable, text);
                }
            } else if (variable.startsWith("CAMEL_")) {
                refuseNearlyCamels(variable);
            }
        });
    }

    boolean has(String key) {
        return texts.containsKey(key);
    }

    /** The text of a key; empty where nobody has written it. */
    String text(String key) {
        return texts.getOrDefault(key, "");
    }

    /** Where a key was written, in words that an operator knows it by. */
    String place(String key) {
        return places.getOrDefault(key, key);
    }

    private static boolean isOurs(String key) {
        return key.equals("proxy") || OURS.stream().anyMatch(key::startsWith);
    }

    /** Whether a key that could be another program's is more likely one of ours, mistyped. */
    private boolean isNearly(String key) {
        String folded = key.toLowerCase(Locale.ROOT);
        return !key.equals(PROXIES)
                && (!NearestKey.to(folded, known, 2).isEmpty()
                        || !NearestKey.to(folded, List.of(PROXIES), 2).isEmpty());
    }

    private void add(String key, String place, String text) {
        texts.put(key, text.strip());
        places.put(key, place);
        refuseLost(key, place, text, problems);
    }

    /** A character that the locale does not have is read as U+FFFD, and would be taken for what was meant. */
    static void refuseLost(String key, String place, String text, Set<String> problems) {
        if (text.indexOf('\uFFFD') >= 0) {
            problems.add(place + " has a character that was lost (U+FFFD is in its place); "
                    + (place.equals(key)
                            ? "write the value again, in UTF-8"
                            : FilePath.LOCALE + ", or set " + key + " in the file, which is in UTF-8 always"));
        }
    }

    /** Camel would say nothing of it. */
    private void refuseNearlyCamels(String key) {
        String meant = CamelKeys.meant(key);
        if (!meant.isEmpty()) {
            problems.add(key + " is no known key; did you mean " + meant + "?");
        }
    }

    private void refuseUnknown(String key, Set<String> candidates) {
        List<String> all = new ArrayList<>(candidates);
        all.add(key.equals(key.toUpperCase(Locale.ROOT)) ? ConfigKey.variable(PROXIES) : PROXIES);
        String ofCamel = "camel." + key;
        String nearest = CamelKeys.isOne(ofCamel) ? ofCamel : NearestKey.to(key, all, 3);
        problems.add(key + " is no key of this program"
                + (nearest.isEmpty() ? "" : "; did you mean " + nearest + "?")
                + (key.matches("(?i)proxy[._][^._]+[._].*") ? "; names of proxies stand in the key proxies" : ""));
    }
}
