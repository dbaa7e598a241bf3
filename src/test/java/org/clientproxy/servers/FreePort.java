package org.clientproxy.servers;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Ports for servers of tests that begin to listen later. They are below those that systems give to connections of their own
 * accord, and each process of a test run has some of its own, whatever else is tested on this machine: a server that is killed and
 * started again finds its port as it left it.
 */
public final class FreePort {
    private static final int FIRST = 12_000;
    private static final int RANGES = 10;
    private static final int OF_ONE_PROCESS = 2_000;

    /** Nodes of a cluster listen at a port that is a hundred higher, too, or some more. */
    private static final int BESIDE = 200;

    private static final int GIVEN = OF_ONE_PROCESS - BESIDE;

    // Its lock lasts as long as this process.
    private static @Nullable FileChannel claim;
    private static final int BEGIN = FIRST + claimed() * OF_ONE_PROCESS;

    // What has just ended in the same place may not have given back everything.
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 37 % GIVEN));

    private FreePort() {}

    private static int claimed() {
        int first = Integer.getInteger("test.fork", 0);
        for (int tries = 0; tries < RANGES; tries++) {
            int range = (first + tries) % RANGES;
            Path file = Path.of(System.getProperty("java.io.tmpdir"), "client-proxy-test-ports-" + range);
            try {
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (channel.tryLock() != null) {
                    claim = channel;
                    return range;
                }
                channel.close();
            } catch (IOException | OverlappingFileLockException e) {
                // Another user's, or this process's under another class loader.
            }
        }
        throw new IllegalStateException("all ranges of ports are taken by other tests");
    }

    /** A port on which nothing listened a moment ago. */
    public static int next() {
        for (int tries = 0; tries < GIVEN; tries++) {
            int port = BEGIN + Math.floorMod(NEXT.getAndIncrement(), GIVEN);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Somebody has it.
            }
        }
        throw new IllegalStateException("no port is free from " + BEGIN + " on");
    }
}
