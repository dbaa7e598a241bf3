package org.clientproxy.config;

import static org.clientproxy.config.WrittenValues.PROXIES;
import static org.clientproxy.proxy.settings.RequestKeys.MAX_PENDING_SIZE;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.clientproxy.proxy.settings.ConfigKey;
import org.clientproxy.proxy.settings.ConfigKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.Texts;

/**
 * Reads the configuration: properties, environment variables over them, defaults below them. All that is wrong is found at
 * once, and said in words that name the key, its value (never a secret) and what is allowed.
 */
public final class ProxyConfiguration {
    private static final String DEFAULT_NAME = "proxy";
    private static final String NAME = "[a-z][a-z0-9]*";

    private final Set<String> problems = new LinkedHashSet<>();
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
        configuration.checkManagement(properties, environment);
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
        configuration.checkManagement(ofOne, Map.of());
        configuration.refuseProblems();
        return settings.get(0);
    }

    /** It is read elsewhere; what is wrong with it is said together with the rest. */
    private void checkManagement(Map<String, String> properties, Map<String, String> environment) {
        String port = properties.getOrDefault("camel.management.port", "").strip();
        // Camel would say nothing of it, and take its own.
        if (!port.isEmpty() && !port.contains("{{") && !port.matches("[0-9]{1,5}")) {
            problems.add(
                    "camel.management.port is " + port + ", which is not allowed; allowed: a number from 0 to 65535");
        }
        try {
            ManagementSettings.read(properties, environment);
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    private void refuseProblems() {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
    }

    private List<ProxySettings> readAll(Map<String, String> properties, Map<String, String> environment) {
        List<String> names = readNames(properties, environment);
        WrittenValues written = new WrittenValues(names, problems);
        written.addProperties(properties);
        written.addVariables(environment);
        List<ProxySettings> settings = new ArrayList<>();
        for (String name : names.isEmpty() ? List.of(onlyName) : names) {
            ConfigReader reader = new ConfigReader(name, !names.isEmpty(), variables, written, problems);
            ProxySettings one = new SettingsReader(reader).read(name);
            if (one != null) {
                settings.add(reader.isDefault(MAX_PENDING_SIZE) ? sharingTheHeap(one, names) : one);
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

    private List<String> readNames(Map<String, String> properties, Map<String, String> environment) {
        String variable = ConfigKey.variable(PROXIES);
        String proxies = environment.getOrDefault(variable, properties.getOrDefault(PROXIES, ""));
        WrittenValues.refuseLost(
                PROXIES,
                environment.containsKey(variable) ? "environment variable " + variable : PROXIES,
                proxies,
                problems);
        List<String> names = Texts.items(proxies);
        Set<String> reserved = ConfigKeys.all().stream()
                .map(key -> key.rest().replaceFirst("[-.].*", ""))
                .collect(Collectors.toSet());
        for (String name : names) {
            if (!name.matches(NAME) || reserved.contains(name)) {
                problems.add(
                        "proxies names " + name
                                + "; allowed are lower-case letters and digits, and no first word of a key such as domain or max");
            }
        }
        if (new HashSet<>(names).size() < names.size()) {
            problems.add("proxies names a proxy twice: " + proxies);
        }
        return names;
    }

    /** The default is for one proxy alone. */
    private static ProxySettings sharingTheHeap(ProxySettings one, List<String> names) {
        return one.with(MAX_PENDING_SIZE, one.maxPendingSize() / Math.max(1, names.size()));
    }
}
