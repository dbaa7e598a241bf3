package org.clientproxy.stream;

import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the server as which component.
 *
 * @param host host name or IP address of the server; an IPv6 address may stand in brackets, which are taken off
 * @param port its component port
 * @param domain the component's domain, normalised
 * @param secret the component's secret; never printed
 * @param sslContext TLS from the first octet on, or null for none
 * @param verifyHost whether the server's certificate must be for {@code host}
 * @param connectTimeout how long a TCP connection may take to be made
 * @param reconnectMin the delay before the first reconnect
 * @param reconnectMax the longest delay between reconnects
 * @param reconnectMultiplier by what each delay is longer than the one before
 * @param keepAlive how long the server may be silent before it is pinged
 * @param maxStanzaSize the largest stanza that is read whole or sent, in octets
 * @param allowMultiple whether Openfire is to take further connections of this component beside this one; other servers pass over it
 */
public record StreamSettings(
        String host,
        int port,
        String domain,
        String secret,
        @Nullable SSLContext sslContext,
        boolean verifyHost,
        Duration connectTimeout,
        Duration reconnectMin,
        Duration reconnectMax,
        double reconnectMultiplier,
        Duration keepAlive,
        int maxStanzaSize,
        boolean allowMultiple) {

    public StreamSettings {
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
    }

    /** With the defaults of everything that has one. */
    public static StreamSettings of(String host, int port, String domain, String secret) {
        return new StreamSettings(
                host,
                port,
                domain,
                secret,
                null,
                true,
                Duration.ofSeconds(10),
                Duration.ofMillis(200),
                Duration.ofSeconds(30),
                2,
                Duration.ofSeconds(60),
                512 * 1024,
                false);
    }

    /** Where and who, for a log; never the secret. */
    @Override
    public String toString() {
        return domain + " at " + server();
    }

    /** Host and port as they are usually written. */
    String server() {
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
    }
}
