package org.clientproxy.osgi;

import java.util.Map;
import org.clientproxy.config.ManagementSettings;

/**
 * What one configuration says of a management server for its proxy, in the keys that camel-main has for it, and in ours.
 *
 * @param enabled whether there is one
 * @param host the address that it listens on
 * @param port its port
 * @param settings what our own keys say
 */
record ManagementFile(boolean enabled, String host, int port, ManagementSettings settings) {
    private static final String KEYS = "camel.management.";

    /** @throws IllegalArgumentException that says what is wrong, and never what the token is */
    static ManagementFile of(Map<String, String> properties) {
        String enabled = properties.getOrDefault(KEYS + "enabled", "false").strip();
        if (!enabled.equals("true") && !enabled.equals("false")) {
            throw new IllegalArgumentException(
                    KEYS + "enabled is " + enabled + ", which is not allowed; allowed: true or false");
        }
        return new ManagementFile(
                enabled.equals("true"),
                properties.getOrDefault(KEYS + "host", "127.0.0.1").strip(),
                port(properties.getOrDefault(KEYS + "port", "9876").strip()),
                ManagementSettings.read(properties, Map.of()));
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException(
                    KEYS + "port is " + text + ", which is not allowed; allowed: a number from 0 to 65535");
        }
        return Integer.parseInt(text);
    }
}
