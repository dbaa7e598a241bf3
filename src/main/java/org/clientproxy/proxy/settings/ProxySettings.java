package org.clientproxy.proxy.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one proxy is configured with, checked and complete: a value for each key. What a value means is said where
 * its key is declared ({@link ConfigKeys}); the methods named like keys are short for {@link #get}. Immutable.
 */
public final class ProxySettings {
    private final String name;
    private final Map<ConfigKey<?>, Object> values;
    private final @Nullable Tls tls;
    private final @Nullable Supplier<Credentials> files;
    private final Stream stream;

    private ProxySettings(
            String name, Map<ConfigKey<?>, Object> values, @Nullable Tls tls, @Nullable Supplier<Credentials> files) {
        this.name = name;
        this.values = values;
        this.tls = tls;
        this.files = files;
        this.stream = new Stream(
                get(ServerKeys.HOST),
                get(ServerKeys.PORT),
                get(ServerKeys.SECRET),
                get(ServerKeys.CONNECT_TIMEOUT),
                get(ServerKeys.RECONNECT_MIN),
                get(ServerKeys.RECONNECT_MAX),
                get(ServerKeys.KEEP_ALIVE),
                get(ServerKeys.MAX_STANZA_SIZE),
                get(ServerKeys.ALLOW_MULTIPLE),
                tls);
    }

    /**
     * The defaults of all keys that have one.
     *
     * @param name the proxy's name in keys, bean names and route ids; {@code proxy} where there is but one
     * @param domain the proxy host
     * @param target the account whose sessions do the work
     */
    public static ProxySettings of(String name, Jid domain, Jid target) {
        Map<ConfigKey<?>, Object> values = new HashMap<>();
        for (ConfigKey<?> key : ConfigKeys.all()) {
            Object value = key.defaultValue();
            if (value != null) {
                values.put(key, value);
            }
        }
        values.put(PoolKeys.DOMAIN, domain);
        values.put(PoolKeys.TARGET, target);
        return new ProxySettings(name, values, null, null);
    }

    /** The same but for the value of one key. */
    public <T> ProxySettings with(ConfigKey<T> key, T value) {
        Map<ConfigKey<?>, Object> changed = new HashMap<>(values);
        changed.put(key, value);
        // Whoever sets the secret by hand means that one.
        return new ProxySettings(name, changed, tls, key == ServerKeys.SECRET ? null : files);
    }

    /** The same with what the keys {@code xmpp.tls.*} name; null: without TLS. */
    public ProxySettings withTls(@Nullable Tls changed) {
        return new ProxySettings(name, values, changed, null);
    }

    /**
     * The same with files that may be renewed while the proxy runs.
     *
     * @param read reads the secret, and the files of TLS, as they are then; throws {@link IllegalArgumentException} that says
     *     what is wrong with them
     */
    public ProxySettings withFiles(Supplier<Credentials> read) {
        return new ProxySettings(name, values, tls, read);
    }

    /**
     * The secret and TLS, of which the files are read again. It may take long.
     *
     * @throws IllegalArgumentException that says what is wrong with the files
     */
    public Credentials credentials() {
        return files == null ? new Credentials(stream.secret(), tls) : files.get();
    }

    /** The value of a key. */
    @SuppressWarnings("unchecked") // Each key has a value of its own type: see with and of.
    public <T> T get(ConfigKey<T> key) {
        return (T) Objects.requireNonNull(values.get(key), key.key());
    }

    /** The proxy's name in keys, bean names and route ids; {@code proxy} where there is but one. */
    public String name() {
        return name;
    }

    /** How to reach the server: the keys {@code xmpp.*}. */
    public Stream stream() {
        return stream;
    }

    public Jid domain() {
        return get(PoolKeys.DOMAIN);
    }

    public Jid target() {
        return get(PoolKeys.TARGET);
    }

    public List<String> resources() {
        return get(PoolKeys.RESOURCES);
    }

    public boolean subscribe() {
        return get(PoolKeys.SUBSCRIBE);
    }

    public SelectionPolicy selection() {
        return get(PoolKeys.SELECTION);
    }

    public Duration leaveGrace() {
        return get(PoolKeys.LEAVE_GRACE);
    }

    public Duration confirmTimeout() {
        return get(PoolKeys.CONFIRM_TIMEOUT);
    }

    public Duration replyTimeout() {
        return get(RequestKeys.REPLY_TIMEOUT);
    }

    public int attempts() {
        return get(RequestKeys.ATTEMPTS);
    }

    public RetrySet retrySet() {
        return get(WorkerKeys.RETRY_SET);
    }

    public Duration drainTimeout() {
        return get(RequestKeys.DRAIN_TIMEOUT);
    }

    public int maxPending() {
        return get(RequestKeys.MAX_PENDING);
    }

    public int maxPendingPerRequester() {
        return get(RequestKeys.MAX_PENDING_PER_REQUESTER);
    }

    /** In octets. */
    public long maxPendingSize() {
        return get(RequestKeys.MAX_PENDING_SIZE);
    }

    public PendingKind pending() {
        return get(RequestKeys.PENDING);
    }

    /** Whether several nodes have a stream each, so that one of them reads a part of the stanzas only. */
    public boolean hasSeveralStreams() {
        return pending() == PendingKind.CLUSTER && get(ClusterKeys.STREAMS) == ClusterStreams.ALL;
    }

    public Path dataDir() {
        return get(RequestKeys.DATA_DIR);
    }

    public boolean reverse() {
        return get(ReverseKeys.REVERSE);
    }

    /** Empty: nobody. */
    public List<Jid> reach() {
        return get(ReverseKeys.REACH);
    }

    /** Whether it matters which features the resources announce. */
    public boolean learnsFeatures() {
        return get(WorkerKeys.FEATURES) != FeatureUse.OFF
                || get(AnswerKeys.ANSWER).contains(LocalAnswer.DISCO);
    }

    /** Whether the presence of requesters is used so. */
    public boolean uses(PresenceUse use) {
        return get(PresenceKeys.PRESENCE).contains(use);
    }

    /** Of each kind of what is remembered beyond requests. */
    public int maxConversations() {
        return get(MessageKeys.MAX_CONVERSATIONS);
    }

    /** Empty: everyone. */
    public List<Jid> allow() {
        return get(RouteKeys.ALLOW);
    }

    public List<Jid> deny() {
        return get(RouteKeys.DENY);
    }

    /** XPath, or null where each request is accepted. */
    public @Nullable String accept() {
        String xpath = get(RouteKeys.ACCEPT);
        return xpath.isEmpty() ? null : xpath;
    }

    public EncodedFrom encodedFrom() {
        return get(RouteKeys.ENCODED_FROM);
    }

    /** In base64url: the first makes tokens, all verify them. Empty: one is generated in {@link #dataDir}. */
    public List<String> jatKeys() {
        return get(RouteKeys.JAT_KEY);
    }

    public List<String> routes() {
        return get(RouteKeys.ROUTES);
    }

    /** By the values of the keys; what is in the files of TLS does not count. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProxySettings that && name.equals(that.name) && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, values);
    }

    /** Never a secret. */
    @Override
    public String toString() {
        return name + ": " + domain() + " for " + target() + " over " + stream;
    }

    /** The keys {@code xmpp.*}; the secret is never printed. */
    public record Stream(
            String host,
            int port,
            String secret,
            Duration connectTimeout,
            Duration reconnectMin,
            Duration reconnectMax,
            Duration keepAlive,
            int maxStanzaSize,
            boolean allowMultiple,
            @Nullable Tls tls) {
        @Override
        public String toString() {
            return host + ':' + port;
        }
    }

    /**
     * The keys {@code xmpp.tls.*}.
     *
     * @param verify whether the server must show a certificate that is trusted and for its name
     * @param parameters whom to trust, and our own certificate if there is one
     */
    public record Tls(boolean verify, SSLContextParameters parameters) {}

    /**
     * How the proxy shows who it is, and knows who the server is: what may stand in files. Never printed.
     *
     * @param secret the component's secret
     * @param tls null: without TLS
     */
    public record Credentials(String secret, @Nullable Tls tls) {
        @Override
        public String toString() {
            return "credentials";
        }
    }
}
