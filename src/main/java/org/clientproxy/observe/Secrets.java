package org.clientproxy.observe;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clientproxy.config.ManagementSettings;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.ServerKeys;

/**
 * The secrets that this process was configured with, so that they can be taken out of what is shown: known by the names of
 * their keys, and by their values. It is never printed itself. Any thread.
 */
public final class Secrets {
    /** What stands in place of a secret; Camel writes the same. */
    static final String MASK = "xxxxxx";

    /** How the name of a key that holds a secret ends, without separators. */
    private static final List<String> ENDINGS = List.of(
            "secret",
            "password",
            "passwd",
            "passphrase",
            "passcode",
            "token",
            "credential",
            "credentials",
            "connectionstring",
            "jatkey",
            "accesskey",
            "accountkey",
            "apikey",
            "authkey",
            "privatekey",
            "secretkey");

    /** Shorter values are in every text by chance. */
    private static final int SHORTEST = 4;

    private static final Pattern ASSIGNMENT = Pattern.compile("([\\w.-]+)\"?[ \\t]*[=:][ \\t]*(?<value>[^\\s,;&]+)");

    /** The longest first, for one may begin with another. */
    private static final Comparator<String> LONGEST =
            Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder());

    private final Set<String> values = new ConcurrentSkipListSet<>(LONGEST);

    /**
     * @param proxies the proxies, with their secrets
     * @param management with the token that may have come from a file
     * @param properties of the configuration file, in which some keys have secrets as values
     */
    public static Secrets of(
            Collection<ProxySettings> proxies, ManagementSettings management, Map<String, String> properties) {
        Secrets secrets = new Secrets();
        secrets.add(management.token());
        secrets.learn(proxies, properties);
        secrets.addFrom(System.getenv());
        secrets.addFrom(System.getProperties());
        return secrets;
    }

    private Secrets() {}

    /** Those of an edit of the configuration are secrets too; those before it stay such. */
    public void learn(Collection<ProxySettings> proxies, Map<String, String> properties) {
        for (ProxySettings proxy : proxies) {
            add(proxy.stream().secret());
            add(proxy.get(ServerKeys.TLS_TRUST_PASSWORD));
            proxy.jatKeys().forEach(this::add);
        }
        addFrom(properties);
    }

    /** The same settings, of which each secret that is read again from its file is known here. */
    public ProxySettings learning(ProxySettings settings) {
        return settings.withFiles(() -> {
            ProxySettings.Credentials read = settings.credentials();
            add(read.secret());
            return read;
        });
    }

    /** Whether the value of the key, or environment variable, of this name is a secret. */
    public static boolean isSecret(String key) {
        String plain = key.replaceAll("[._-]", "").toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(plain::endsWith);
    }

    private void addFrom(Map<?, ?> properties) {
        properties.forEach((key, value) -> {
            if (isSecret(key.toString())) {
                add(value.toString());
                // Lists, such as proxy.jat-key.
                List.of(value.toString().split(",")).forEach(each -> add(each.strip()));
            }
        });
    }

    private void add(String value) {
        if (value.length() >= SHORTEST && !isReference(value)) {
            values.add(value);
        }
    }

    /** The same with those system properties that were set since. */
    Secrets now() {
        Secrets now = new Secrets();
        now.values.addAll(values);
        now.addFrom(System.getProperties());
        return now;
    }

    /** The text without secrets: neither one of these values, nor what is assigned to a key that has such a name. */
    public String masked(String text) {
        String masked = text;
        for (String value : values) {
            masked = masked.replace(value, MASK);
        }
        StringBuilder result = new StringBuilder(masked);
        Matcher matcher = ASSIGNMENT.matcher(masked);
        int longer = 0;
        for (int from = 0; matcher.find(from); ) {
            String value = matcher.group("value");
            boolean secret = isSecret(matcher.group(1)) && !isReference(value);
            if (secret) {
                result.replace(matcher.start("value") + longer, matcher.end("value") + longer, MASK);
                longer += MASK.length() - value.length();
            }
            // What is no secret may be a key in its turn.
            from = secret ? matcher.end() : matcher.start("value");
        }
        return result.toString();
    }

    /** A bean or a placeholder, which says where the secret is. */
    private static boolean isReference(String value) {
        return value.isEmpty() || value.startsWith("#") || value.startsWith("{{") || value.startsWith(MASK);
    }

    @Override
    public String toString() {
        return "secrets";
    }
}
