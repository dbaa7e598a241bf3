package org.clientproxy.check;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Whether the management server can listen where it is told to. */
final class ManagementPort {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private ManagementPort() {}

    /** @param runs whether an instance of this proxy runs, which may well be the one that listens there */
    static Finding check(ManagementAddress address, boolean runs) {
        boolean taken = isTaken(address);
        if (taken && !runs) {
            return Finding.wrong(
                    Matter.MANAGEMENT,
                    "another program listens at " + address + ". End that one, or choose another port"
                            + " (camel.management.port)");
        }
        return Finding.ok(Matter.MANAGEMENT, address + (taken ? ", of the running instance" : " is free"));
    }

    /** Asked by connecting, for to listen there would change something. */
    private static boolean isTaken(ManagementAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) LIMIT.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
