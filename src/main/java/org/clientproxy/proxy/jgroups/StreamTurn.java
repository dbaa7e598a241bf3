package org.clientproxy.proxy.jgroups;

import java.util.function.BooleanSupplier;
import org.clientproxy.proxy.cluster.ClusterNode;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.ConnectPermit;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * When this node may connect: a majority's word is asked for before each connection, and counts once. On the loop, but for {@link
 * #isOthersTurn}.
 */
final class StreamTurn implements ConnectPermit {
    /** A process that was away for so long asks for the right to the stream again before it uses it. */
    private static final long AWAY_NANOS = 500_000_000L;

    /** How long the stream waits for what others have taken over and hand over to this node. */
    private static final long PATIENCE_NANOS = 3_000_000_000L;

    private final StreamLoop loop;
    private final ComponentStream stream;
    private final ClusterNode node;
    private final BooleanSupplier leaves;
    private final BooleanSupplier standby;
    private @Nullable Runnable connect;
    private boolean granted;
    private boolean revoked;
    private long grantedAt;
    private long lookedAt;

    /**
     * @param leaves whether this node is about to leave, so that it connects no more
     * @param standby whether another one has the stream; any thread
     */
    StreamTurn(ComponentStream stream, ClusterNode node, BooleanSupplier leaves, BooleanSupplier standby) {
        this.loop = stream.loop();
        this.stream = stream;
        this.node = node;
        this.leaves = leaves;
        this.standby = standby;
        this.lookedAt = loop.nanoTime();
    }

    @Override
    public void ask(Runnable then) {
        connect = then;
        if (leaves.getAsBoolean()) {
            return;
        }
        if (granted) {
            connectIfDue();
        } else {
            node.streamEnded();
        }
    }

    @Override
    public boolean isOthersTurn() {
        return standby.getAsBoolean();
    }

    void granted() {
        granted = true;
        revoked = false;
        grantedAt = loop.nanoTime();
        connectIfDue();
    }

    void revoked() {
        granted = false;
        revoked = true;
        stream.withdraw();
    }

    /** Whether the right was lost, and has not come back. */
    boolean isRevoked() {
        return revoked;
    }

    /** To be called again and again. */
    void look() {
        connectIfDue();
        lookedAt = loop.nanoTime();
    }

    private void connectIfDue() {
        Runnable due = connect;
        if (!granted || due == null) {
            return;
        }
        long now = loop.nanoTime();
        if (now - lookedAt > AWAY_NANOS) {
            granted = false;
            node.streamEnded();
        } else if (node.mayOpen() || now - grantedAt > PATIENCE_NANOS) {
            granted = false;
            connect = null;
            due.run();
        }
    }
}
