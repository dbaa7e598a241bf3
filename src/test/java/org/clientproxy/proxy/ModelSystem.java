package org.clientproxy.proxy;

import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.stream.SimulatedLoop;

/** A proxy that is compared with the reference model: over a stream without a socket, on a simulated clock. */
interface ModelSystem extends AutoCloseable {
    SimulatedLoop loop();

    InMemoryStream stream();

    PendingRequests pendingRequests();

    /** The graceful stop begins. */
    void drain();

    /** The graceful stop has waited long enough. */
    void stop();

    @Override
    void close();
}
