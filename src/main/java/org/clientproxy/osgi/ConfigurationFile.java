package org.clientproxy.osgi;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;

/**
 * One configuration of ConfigAdmin, which is one proxy: {@code etc/org.clientproxy.cfg}, or
 * {@code etc/org.clientproxy-NAME.cfg} for a further proxy of that name.
 *
 * @param file the name of the file, for people; the configuration may have come by another way
 * @param name the proxy's name
 * @param properties keys and values, those of ConfigAdmin's own too
 */
record ConfigurationFile(String file, String name, Map<String, String> properties) {
    /** The PID of the first proxy, and the factory PID of the further ones. */
    static final String PID = "org.clientproxy";

    /**
     * What ConfigAdmin has under a PID.
     *
     * @param base the directory of the container, below which keys are kept where nothing else is said
     */
    static ConfigurationFile of(String pid, Dictionary<String, ?> dictionary, String base) {
        Map<String, String> properties = new TreeMap<>();
        for (String key : Collections.list(dictionary.keys())) {
            properties.put(key, text(dictionary.get(key)));
        }
        // Karaf's own data directory is emptied by "karaf clean", and with the keys all tokens would change.
        properties.putIfAbsent(RequestKeys.DATA_DIR.key(), base + "/client-proxy");
        return new ConfigurationFile(fileName(pid), pid.equals(PID) ? "proxy" : instance(pid), properties);
    }

    /**
     * The settings that stand in it.
     *
     * @throws IllegalArgumentException that lists everything that is wrong, a line each
     */
    ProxySettings settings() {
        return ProxyConfiguration.readOne(name, properties);
    }

    /**
     * What it says of a management server.
     *
     * @throws IllegalArgumentException that says what is wrong
     */
    ManagementFile management() {
        return ManagementFile.of(properties);
    }

    /** The keys that are neither secrets of ours nor ConfigAdmin's: routes in files may use them as placeholders. */
    Map<String, String> placeholders() {
        return properties.entrySet().stream()
                .filter(each ->
                        !each.getKey().matches("(proxy|xmpp|service|component|felix)\\..*|management\\.token.*"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static String fileName(String pid) {
        return (pid.equals(PID) ? PID : PID + '-' + instance(pid)) + ".cfg";
    }

    /** What stands behind the factory PID; {@code org.clientproxy~NAME} is how files are named to ConfigAdmin. */
    private static String instance(String pid) {
        return pid.substring(Math.min(pid.length(), PID.length() + 1));
    }

    private static String text(Object value) {
        List<?> values = List.of(value);
        if (value instanceof Collection<?> several) {
            values = List.copyOf(several);
        } else if (value.getClass().isArray()) {
            values = IntStream.range(0, Array.getLength(value))
                    .mapToObj(i -> Objects.requireNonNullElse(Array.get(value, i), ""))
                    .toList();
        }
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** The file alone: the properties hold the secret. */
    @Override
    public String toString() {
        return file;
    }
}
