package org.clientproxy.loopback;

import java.nio.file.Path;
import java.util.Map;

/** An XMPP server that a test runs, real or loopback. */
public interface XmppServer extends AutoCloseable {
    /** The domain of the accounts. */
    String domain();

    int clientPort();

    int componentPort();

    String componentDomain();

    String componentSecret();

    /** What a proxy must be told to be the component of this server, by key. */
    default Map<String, String> proxyKeys(String targetAccount, Path dataDirectory) {
        return Map.of(
                "xmpp.host",
                "127.0.0.1",
                "xmpp.port",
                "" + componentPort(),
                "xmpp.secret",
                componentSecret(),
                "proxy.domain",
                componentDomain(),
                "proxy.target",
                targetAccount + "@" + domain(),
                "proxy.data-dir",
                dataDirectory.toString());
    }

    /** It listens for components at this address instead of loopback's: for networks that a test makes for itself. Before the start. */
    default void listenAt(String address) {
        throw new UnsupportedOperationException("on loopback only");
    }

    /** Returns when it accepts connections. */
    void start() throws Exception;

    /** At once, without goodbye; a start afterwards takes the same ports. */
    void kill() throws Exception;

    /** Its process stands still (SIGSTOP) until it is resumed; its sockets stay as they are. */
    default void suspend() throws Exception {
        throw new UnsupportedOperationException("not a process of its own");
    }

    default void resume() throws Exception {
        throw new UnsupportedOperationException("not a process of its own");
    }

    @Override
    void close();
}
