package org.clientproxy.observe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Tries whether the management server can listen where it shall. Camel's would say that it cannot by a stack trace, and the proxy
 * would run on without health and metrics.
 */
final class FreeListener {
    private FreeListener() {}

    /** @throws IllegalStateException where it cannot; it says why, and what to do */
    static void check(String host, int port) {
        try (ServerSocket trial = new ServerSocket()) {
            trial.setReuseAddress(true);
            trial.bind(new InetSocketAddress(host, port));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException("the management server cannot listen on " + host + ":" + port + " ("
                    + e.getMessage() + "); stop the program that does, or set camel.management.port or"
                    + " camel.management.host to what is free here");
        }
    }
}
