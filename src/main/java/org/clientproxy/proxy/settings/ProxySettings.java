package org.clientproxy.proxy.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one proxy is configured with, checked and complete. Each value is the key of the same name in
 * {@code application.properties}.
 *
 * @param name the proxy's name in keys, bean names and route ids; {@code proxy} where there is but one
 * @param stream how to reach the server
 * @param domain the proxy host
 * @param target the account whose sessions do the work
 * @param resources patterns of the resourceparts that are implementing clients; empty: all are
 * @param selection how a resource is chosen
 * @param replyTimeout how long a request may take in all
 * @param attempts to how many resources a request is sent at most
 * @param retrySet whether a bounced request of type {@code set} is tried again
 * @param leaveGrace how long a resource that left may still answer or return
 * @param drainTimeout how long a graceful stop awaits pending requests
 * @param confirmTimeout how long after a (re)connect the pool waits for the target's presences
 * @param maxPending how many requests may be pending
 * @param maxPendingPerRequester how many of them may be of one requester's bare address
 * @param maxPendingSize how much heap pending requests may take in all, in octets
 * @param allow addresses or domains that may send requests; empty: everyone
 * @param deny addresses or domains that may not; stronger than {@code allow}
 * @param accept XPath that a request must satisfy, or null
 * @param pending where pending requests are kept
 * @param dataDir where keys and pending requests are kept
 * @param encodedFrom in which form a requester is shown to implementing clients
 * @param jatKeys base64url keys for the tokens: the first makes, all verify; empty: one generated in {@code dataDir}
 * @param routes {@code java} for the built-in routes, and patterns of the files that hold routes
 */
public record ProxySettings(
        String name,
        Stream stream,
        Jid domain,
        Jid target,
        List<String> resources,
        SelectionPolicy selection,
        Duration replyTimeout,
        int attempts,
        boolean retrySet,
        Duration leaveGrace,
        Duration drainTimeout,
        Duration confirmTimeout,
        int maxPending,
        int maxPendingPerRequester,
        long maxPendingSize,
        List<Jid> allow,
        List<Jid> deny,
        @Nullable String accept,
        PendingKind pending,
        Path dataDir,
        EncodedFrom encodedFrom,
        List<String> jatKeys,
        List<String> routes) {
    /** What stands before a domain of {@code allow} or {@code deny} that is meant with all below it. */
    public static final String BELOW = "*.";

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

    @Override
    public String toString() {
        return name + ": " + domain + " for " + target + " over " + stream;
    }
}
