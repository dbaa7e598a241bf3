package org.clientproxy.servers;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers of tests that begin to listen later. They are below those that systems give to connections of their own
 * accord, and each process of a test run has some of its own, so that nobody takes one in between.
 */
public final class FreePort {
    private static final int FIRST = 12_000;
    private static final int OF_ONE_PROCESS = 2_000;
    private static final int BEGIN = FIRST + Integer.getInteger("test.fork", 0) * OF_ONE_PROCESS;

    // Several runs at a time begin in different places.
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 37 % OF_ONE_PROCESS));

    private FreePort() {}

    /** A port on which nothing listened a moment ago. */
    public static int next() {
        for (int tries = 0; tries < OF_ONE_PROCESS; tries++) {
            int port = BEGIN + Math.floorMod(NEXT.getAndIncrement(), OF_ONE_PROCESS);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Somebody has it.
            }
        }
        throw new IllegalStateException("no port is free from " + BEGIN + " on");
    }
}
