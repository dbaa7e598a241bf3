package org.clientproxy.observe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

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
            throw failure(host, port, e.getMessage());
        }
    }

    /** Tells that it cannot, and what to do. */
    static IllegalStateException failure(String host, int port, @Nullable String why) {
        return new IllegalStateException("the management server cannot listen on " + host + ":" + port + " (" + why
                + "); stop the program that does, or set camel.management.port or camel.management.host to what is free"
                + " here");
    }
}
