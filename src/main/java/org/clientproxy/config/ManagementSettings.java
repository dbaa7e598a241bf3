package org.clientproxy.config;

import static org.clientproxy.proxy.settings.ManagementKeys.TOKEN;
import static org.clientproxy.proxy.settings.ManagementKeys.TOKEN_FILE;

import java.util.Map;
import org.clientproxy.proxy.settings.ConfigKey;

/**
 * What an operator says of the management server in keys of ours.
 *
 * @param token with which proxies can be operated through it; empty: they cannot
 */
public record ManagementSettings(String token) {
    /** Proxies cannot be operated through the management server. */
    public static final ManagementSettings NONE = new ManagementSettings("");

    /**
     * Reads them.
     *
     * @param properties keys and values; keys of others are left alone
     * @param environment environment variables, which are stronger
     * @throws IllegalArgumentException that says what is wrong, and never what the token is
     */
    public static ManagementSettings read(Map<String, String> properties, Map<String, String> environment) {
        String token = text(TOKEN, properties, environment);
        String file = text(TOKEN_FILE, properties, environment);
        if (file.isEmpty()) {
            return checked(token, TOKEN.key());
        }
        String shown = TOKEN_FILE + " (" + file + ")";
        if (!token.isEmpty()) {
            throw new IllegalArgumentException(TOKEN + " and " + shown + " are both set; set one");
        }
        return checked(SecretFile.read(file, shown), shown);
    }

    private static ManagementSettings checked(String token, String place) {
        try {
            return new ManagementSettings(TOKEN.parse(token));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    place + " has a value that is not allowed (" + e.getMessage() + "); allowed: " + TOKEN.allowed(),
                    e);
        }
    }

    private static String text(ConfigKey<?> key, Map<String, String> properties, Map<String, String> environment) {
        return environment
                .getOrDefault(ConfigKey.variable(key.key()), properties.getOrDefault(key.key(), ""))
                .strip();
    }

    /** The token is never printed. */
    @Override
    public String toString() {
        return "management settings";
    }
}
