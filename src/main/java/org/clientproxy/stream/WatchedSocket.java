package org.clientproxy.stream;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * A socket that tells when it takes octets again after it had been full: so much the other side has read meanwhile. What is
 * written comes here last, below TLS, so that the size of what the layers above write in one piece does not matter.
 */
final class WatchedSocket extends NioSocketChannel {
    private final Runnable drained;
    private boolean full;

    /** @param drained called on the loop */
    WatchedSocket(Runnable drained) {
        this.drained = drained;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) throws Exception {
        boolean wasFull = full;
        long waiting = out.totalPendingWriteBytes();
        long written = out.currentProgress();
        super.doWrite(out);
        full = !out.isEmpty();
        if (wasFull && (out.totalPendingWriteBytes() != waiting || out.currentProgress() != written)) {
            drained.run();
        }
    }
}
