package org.clientproxy.check;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where the management server of a running instance answers, by the keys that camel-main has for it.
 *
 * @param host a name or address that this machine reaches it by
 */
record ManagementAddress(String host, int port) {
    private static final String KEYS = "camel.management.";

    /**
     * Empty where there is none, or the keys cannot be read here, as where they hold placeholders.
     *
     * @param environment environment variables, which are stronger
     */
    static Optional<ManagementAddress> of(Map<String, String> properties, Map<String, String> environment) {
        String port = text("port", "9876", properties, environment);
        if (!text("enabled", "false", properties, environment).equals("true") || !port.matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        String host = text("host", "127.0.0.1", properties, environment);
        // One that listens everywhere listens on loopback, too.
        String here = host.equals("0.0.0.0") ? "127.0.0.1" : host.equals("::") ? "::1" : host;
        return Optional.of(new ManagementAddress(here, Integer.parseInt(port)));
    }

    private static String text(
            String rest, String otherwise, Map<String, String> properties, Map<String, String> environment) {
        String key = KEYS + rest;
        String variable = key.toUpperCase(Locale.ROOT).replace('.', '_');
        return environment
                .getOrDefault(variable, properties.getOrDefault(key, otherwise))
                .strip();
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
    }
}
