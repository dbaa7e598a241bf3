package org.clientproxy.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.clientproxy.xmpp.Stanza;

/**
 * What waits to be written, in order, and what is being written: the place that knows of each stanza whether the {@link
 * WriteBarrier} was asked about it and has opened for it, and whether its first octet has reached the socket. Used on the loop
 * only.
 */
final class Outbox {
    /** How many stanzas may wait before nothing but replies is taken; of those there are no more than pending requests. */
    static final int MAX_WAITING = 50_000;

    /** How many octets may wait, written or not, before nothing but replies is taken. */
    static final long MAX_OCTETS_OF_ALL = 4L << 20;

    /** How many octets may wait before nothing at all is taken. */
    static final long MAX_OCTETS = 64L << 20;

    /** How long a reply waits for a stream. */
    static final Duration MAX_WAIT = Duration.ofMinutes(5);

    /**
     * From how much heap on, in octets, that what waits takes, nothing is to come that can wait: an eighth of all, 16 MiB at most.
     * Requests are refused long before.
     */
    static final long HIGH_WATER = Math.min(16L << 20, Runtime.getRuntime().maxMemory() / 8);

    /** The objects of a stanza that waits, without their text. */
    private static final int OBJECTS = 512;

    private static final int BATCH_OCTETS = 256 * 1024;

    /** @param turn how often the barrier had been asked when it came */
    private record Entry(Stanza stanza, boolean keep, long since, int turn) {}

    /** Stanzas that were given to the socket as one buffer. */
    static final class Batch {
        private final List<Entry> entries = new ArrayList<>();
        private final ByteBuf octets;
        // Kept, for the buffer shrinks while it is written, and a stanza would have to encode its start tag again to
        // know.
        private long size;
        private long heap;
        private long written;

        private Batch(ByteBuf octets) {
            this.octets = octets;
        }

        /** The buffer; whoever writes it releases it. */
        ByteBuf octets() {
            return octets;
        }

        /** So many octets of it have reached the socket in all. */
        void written(long total) {
            written = total;
        }
    }

    private final Deque<Entry> waiting = new ArrayDeque<>();
    private final Deque<Batch> writing = new ArrayDeque<>();
    private final StreamCounters counters;
    // How often the barrier was asked, and has opened. A stanza may be written when it has opened more often than it
    // had
    // been asked when the stanza came.
    private int asked;
    private int opened;
    // When the last stanza came of which the barrier was asked.
    private long askedTo;
    private long waitingOctets;
    private long writingOctets;
    private long heap;

    Outbox(StreamCounters counters) {
        this.counters = counters;
    }

    /**
     * How long the first had waited when the last one came; by this no clock needs to be asked. What waits for the barrier only
     * does not count.
     */
    long waitingNanos() {
        if (waiting.isEmpty()) {
            return 0;
        }
        return waiting.getLast().since() - (asked == opened ? waiting.getFirst().since() : askedTo);
    }

    /** Whether anything waits of which the barrier was not asked. */
    boolean isUnasked() {
        return !waiting.isEmpty() && waiting.getLast().turn() == asked;
    }

    /** The barrier is asked about all that waits. To be called where {@link #isUnasked} says so. */
    void ask() {
        asked++;
        askedTo = waiting.getLast().since();
    }

    /** The barrier has opened for what it was asked about first of all that it had not opened for. */
    void open() {
        if (opened != asked) {
            opened++;
        }
    }

    /** Whether anything waits that may be written. */
    boolean mayWrite() {
        return !waiting.isEmpty() && waiting.getFirst().turn() - opened < 0;
    }

    boolean isIdle() {
        return waiting.isEmpty() && writing.isEmpty();
    }

    /** Octets that wait or are being written. */
    long octets() {
        return waitingOctets + writingOctets;
    }

    /** How much heap that takes, in octets, rather too much than too little. */
    long heap() {
        return heap;
    }

    /** The start tag is there as octets and as text, which may take two octets for each. */
    private static long heap(Stanza stanza, int octets) {
        return (long) OBJECTS + octets + 2L * (octets - stanza.contentOctets());
    }

    boolean isFull(boolean reply) {
        return octets() >= MAX_OCTETS || !reply && (waiting.size() >= MAX_WAITING || octets() >= MAX_OCTETS_OF_ALL);
    }

    /** @param keep whether it goes out in the next stream if this one breaks before it was begun */
    void add(Stanza stanza, boolean keep, long now) {
        add(new Entry(stanza, keep, now, asked));
    }

    private void add(Entry entry) {
        int octets = entry.stanza().octets();
        waiting.add(entry);
        waitingOctets += octets;
        heap += heap(entry.stanza(), octets);
    }

    /** Takes the next stanzas out, as one buffer to be written. To be called where {@link #mayWrite} says so. */
    Batch next(ByteBufAllocator allocator) {
        long size = Math.min(waitingOctets, BATCH_OCTETS);
        Batch batch = new Batch(allocator.ioBuffer((int) Math.max(256, size)));
        try (ByteBufOutputStream out = new ByteBufOutputStream(batch.octets)) {
            while (mayWrite() && (batch.entries.isEmpty() || batch.octets.readableBytes() < BATCH_OCTETS)) {
                Entry entry = waiting.remove();
                int octets = entry.stanza().octets();
                waitingOctets -= octets;
                batch.heap += heap(entry.stanza(), octets);
                entry.stanza().writeTo(out);
                batch.entries.add(entry);
            }
        } catch (IOException e) {
            throw new IllegalStateException("a buffer in memory cannot fail", e);
        }
        writing.add(batch);
        batch.size = batch.octets.readableBytes();
        writingOctets += batch.size;
        return batch;
    }

    /** The whole batch has reached the socket. */
    void done(Batch batch) {
        if (writing.remove(batch)) {
            writingOctets -= batch.size;
            heap -= batch.heap;
            counters.stanzasOut.add(batch.entries.size());
        }
    }

    /**
     * The stream broke: what is kept, and of which nothing was written, waits for the next one, in its order; the rest is over.
     *
     * @return the messages of which nothing was written, and that do not wait
     */
    List<Stanza> streamBroke() {
        List<Entry> again = new ArrayList<>();
        for (Batch batch : writing) {
            long at = 0;
            for (Entry entry : batch.entries) {
                boolean begun = at < batch.written;
                at += entry.stanza().octets();
                if (!begun) {
                    again.add(entry);
                } else if (at > batch.written) {
                    counters.lost.increment();
                } else {
                    counters.stanzasOut.increment();
                }
            }
        }
        writing.clear();
        writingOctets = 0;
        again.addAll(waiting);
        waiting.clear();
        waitingOctets = 0;
        heap = 0;
        List<Stanza> unsent = new ArrayList<>();
        for (Entry entry : again) {
            if (entry.keep()) {
                add(entry);
            } else if (entry.stanza().kind() == Stanza.Kind.MESSAGE) {
                unsent.add(entry.stanza());
            }
        }
        return unsent;
    }

    /** Gives up all that waits, and expects nothing of the barrier any more. To be called when the stream is down. */
    void abandon() {
        counters.lost.add(waiting.size());
        waiting.clear();
        waitingOctets = 0;
        heap = 0;
        opened = asked;
    }

    /** Gives up what has waited too long. */
    void expire(long now) {
        while (!waiting.isEmpty() && now - waiting.peek().since() > MAX_WAIT.toNanos()) {
            Stanza stanza = waiting.remove().stanza();
            int octets = stanza.octets();
            waitingOctets -= octets;
            heap -= heap(stanza, octets);
            counters.lost.increment();
        }
    }
}
