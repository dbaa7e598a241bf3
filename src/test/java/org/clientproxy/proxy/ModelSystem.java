package org.clientproxy.proxy;

import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xmpp.Jid;

/** A proxy that is compared with the reference model: over a stream without a socket, on a simulated clock. */
interface ModelSystem extends AutoCloseable {
    SimulatedLoop loop();

    InMemoryStream stream();

    PendingRequests pendingRequests();

    /** An operator wants no new requests. */
    void pause();

    /** And wants them again. */
    void resume();

    /** An operator wants no new requests for this resource, if it is in the pool. */
    void retire(Jid resource);

    /** And wants them again. */
    void restore(Jid resource);

    /** The graceful stop begins. */
    void drain();

    /** The graceful stop has waited long enough. */
    void stop();

    @Override
    void close();
}
