package org.clientproxy.stream;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.clientproxy.xmpp.LogLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of the stanzas of one connection from the outbox to the socket, and what slows it down: how long they wait for
 * others to share a system call with, and when nothing is read because too much waits. Used on the loop only.
 */
final class StreamWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StreamWriter.class);

    /**
     * While what waits to be written takes more heap than this, in octets, nothing is read. Requests are refused long before;
     * it is read on for so long because a server may be unable to read while nobody reads from it (ejabberd), and both would
     * wait for ever.
     */
    private static final long HIGH_WATER = Outbox.HIGH_WATER;

    private static final long LOW_WATER = HIGH_WATER / 2;

    /**
     * Within a batch of reads what is to be written waits for its end, so that one system call writes all; but not longer than
     * this, that the server need not wait for the last stanza to have the answer to the first (30 µs). Each further time in
     * the same batch it waits longer, so that a large batch costs a few system calls, not many.
     */
    private static final long PATIENCE_NANOS = 30_000;

    private static final int PATIENCE_GROWTH = 3;

    private final StreamSettings settings;
    private final StreamLoop loop;
    private final StreamCounters counters;
    private final StreamLife life;
    private final StreamUser user;
    private final Outbox outbox;
    private final LogLimit warnings;
    private final BooleanSupplier paused;
    private final KeepAlive keepAlive;
    private final StreamClose close;
    private final Channel channel;
    private boolean reading;
    private boolean flushScheduled;
    private long patience = PATIENCE_NANOS;

    /** @param paused whether nothing is to be read for another reason */
    StreamWriter(StreamParts parts, BooleanSupplier paused, KeepAlive keepAlive, StreamClose close, Channel channel) {
        this.settings = parts.settings();
        this.loop = parts.loop();
        this.counters = parts.counters();
        this.life = parts.life();
        this.user = parts.user();
        this.outbox = parts.outbox();
        this.warnings = parts.warnings();
        this.paused = paused;
        this.keepAlive = keepAlive;
        this.close = close;
        this.channel = channel;
    }

    /** A batch of reads begins, at whose end, if not before, everything is flushed. */
    void readsBegin() {
        reading = true;
    }

    void readsEnd() {
        reading = false;
        patience = PATIENCE_NANOS;
        flush();
    }

    /** Flushes at the end of the batch of reads; outside of one a task of the loop does, once for all that is sent until then. */
    void flushSoon() {
        if (!reading && !flushScheduled) {
            flushScheduled = true;
            loop.execute(() -> {
                flushScheduled = false;
                flush();
            });
        }
    }

    /** Within a batch of reads: flushes if the first that waits has waited too long. */
    void flushWhatHasWaited() {
        if (outbox.waitingNanos() > patience && channel.isWritable()) {
            patience *= PATIENCE_GROWTH;
            flush();
        }
    }

    /** Writes as much of the outbox as the barrier and the socket let through; the rest comes when they let through more. */
    void flush() {
        if (!life.isReady() || close.isOver()) {
            return;
        }
        boolean written = false;
        if (outbox.isUnasked() && channel.isWritable()) {
            outbox.ask();
            if (user.mayWrite()) {
                outbox.open();
            }
        }
        while (outbox.mayWrite() && channel.isWritable()) {
            Outbox.Batch batch = outbox.next(channel.alloc());
            int octets = batch.octets().readableBytes();
            if (settings.sslContext() != null) {
                // How much of it has left is known to TLS only, so all of it counts as begun.
                batch.written(octets);
            }
            counters.octetsOut.add(octets);
            channel.write(batch.octets(), channel.newProgressivePromise().addListener(new Progress(batch)));
            written = true;
        }
        if (written) {
            channel.flush();
        }
        regulateReading();
    }

    /** Writes what is no stanza. */
    void write(String xml) {
        channel.writeAndFlush(Unpooled.copiedBuffer(xml, StandardCharsets.UTF_8));
    }

    private void regulateReading() {
        long heap = outbox.heap();
        boolean full = heap > HIGH_WATER;
        boolean stand = life.isReady() && paused.getAsBoolean();
        if ((full || stand) && channel.config().isAutoRead()) {
            if (full && warnings.admit("slow") >= 0) {
                LOG.warn("{}: the server reads too slowly; nothing more is read from it until it does", settings);
            }
            channel.config().setAutoRead(false);
        } else if (heap < LOW_WATER && !stand && !channel.config().isAutoRead()) {
            keepAlive.signOfLife();
            channel.config().setAutoRead(true);
        }
    }

    /** Follows a batch on its way to the socket. */
    private final class Progress implements ChannelProgressiveFutureListener {
        private final Outbox.Batch batch;

        Progress(Outbox.Batch batch) {
            this.batch = batch;
        }

        @Override
        public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
            batch.written(progress);
        }

        @Override
        public void operationComplete(ChannelProgressiveFuture future) {
            if (future.isSuccess() && !close.isOver()) {
                outbox.done(batch);
                regulateReading();
                close.closeWhenIdle();
            }
        }
    }
}
