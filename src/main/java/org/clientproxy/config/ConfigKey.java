package org.clientproxy.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Every key of the configuration, with its default and what is allowed. {@code application.properties} and README list the
 * same; a test compares them.
 */
enum ConfigKey {
    XMPP_HOST("xmpp.host", "localhost", "a host name or IP address"),
    XMPP_PORT("xmpp.port", "5347", "1 to 65535"),
    XMPP_SECRET("xmpp.secret", null, "the secret that the server has for the component"),
    XMPP_SECRET_FILE("xmpp.secret-file", null, "a file that holds the secret"),
    XMPP_TLS("xmpp.tls", "off", "on or off"),
    XMPP_TLS_TRUST_FILE("xmpp.tls.trust-file", "", "a file of PEM certificates, or a PKCS #12 or JKS store"),
    XMPP_TLS_TRUST_PASSWORD("xmpp.tls.trust-password", "", "the password of that store"),
    XMPP_TLS_KEY_FILE("xmpp.tls.key-file", "", "a PEM file with a certificate and its private key, unencrypted"),
    XMPP_TLS_VERIFY("xmpp.tls.verify", "true", "true or false"),
    XMPP_CONNECT_TIMEOUT("xmpp.connect-timeout", "10s", "a duration such as 10s"),
    XMPP_RECONNECT_MIN("xmpp.reconnect-min", "200ms", "a duration such as 200ms"),
    XMPP_RECONNECT_MAX("xmpp.reconnect-max", "30s", "a duration such as 30s"),
    XMPP_KEEP_ALIVE("xmpp.keep-alive", "60s", "a duration such as 60s"),
    XMPP_MAX_STANZA_SIZE("xmpp.max-stanza-size", "512KiB", "10000 octets or more, such as 512KiB"),
    DOMAIN("proxy.domain", null, "the domain of the component, such as proxy.example.org"),
    TARGET("proxy.target", null, "the bare address of an account, such as worker@example.org"),
    RESOURCES("proxy.resources", "", "patterns of resourceparts such as worker-*, separated by commas"),
    SELECTION("proxy.selection", "random", "random, round-robin, least-pending or sticky"),
    REPLY_TIMEOUT("proxy.reply-timeout", "60s", "a duration such as 60s"),
    ATTEMPTS("proxy.attempts", "2", "1 or more"),
    RETRY_SET("proxy.retry-set", "true", "true or false"),
    LEAVE_GRACE("proxy.leave-grace", "2s", "a duration such as 2s"),
    DRAIN_TIMEOUT("proxy.drain-timeout", "5s", "a duration such as 5s"),
    CONFIRM_TIMEOUT("proxy.confirm-timeout", "3s", "a duration such as 3s"),
    MAX_PENDING("proxy.max-pending", "100000", "1 or more"),
    MAX_PENDING_PER_REQUESTER("proxy.max-pending-per-requester", "1000", "1 or more"),
    MAX_PENDING_SIZE("proxy.max-pending-size", "", "10000 octets or more, such as 64MiB"),
    ALLOW("proxy.allow", "", "addresses, domains, and *.domain for a domain with all below it, separated by commas"),
    DENY("proxy.deny", "", "addresses, domains, and *.domain for a domain with all below it, separated by commas"),
    ACCEPT(
            "proxy.accept",
            "",
            "an XPath expression without prefixes, such as /*[@type='get'] or /*/*[local-name()='query']"),
    PENDING("proxy.pending", "file", "file or memory"),
    DATA_DIR("proxy.data-dir", "data", "a directory"),
    ENCODED_FROM("proxy.encoded-from", "token", "token or plain"),
    JAT_KEY("proxy.jat-key", "", "keys of 256 bits in base64url, separated by commas"),
    ROUTES("proxy.routes", "java", "java, and patterns of route files such as file:routes/*.yaml, with commas between");

    private final String key;
    private final @Nullable String defaultValue;
    private final String allowed;

    ConfigKey(String key, @Nullable String defaultValue, String allowed) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.allowed = allowed;
    }

    String key() {
        return key;
    }

    /** The default; null where the key must be set, or has no default. */
    @Nullable
    String defaultValue() {
        return defaultValue;
    }

    String allowed() {
        return allowed;
    }

    /** Whether its value may not be shown to anybody. */
    boolean isSecret() {
        return this == XMPP_SECRET || this == XMPP_TLS_TRUST_PASSWORD || this == JAT_KEY;
    }

    /** What comes after the first dot. */
    String rest() {
        return key.substring(key.indexOf('.') + 1);
    }

    boolean isXmpp() {
        return key.startsWith("xmpp.");
    }

    /** The name of the environment variable that stands for a key. */
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
