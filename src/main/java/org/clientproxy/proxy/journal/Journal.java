package org.clientproxy.proxy.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a {@link JournalStore} as one: records go to the last of them. Files with no unsettled record are used
 * again, and those with few have them moved, so that the disk that is taken stays within twice what is pending and some
 * files more. Used on one thread at a time.
 */
final class Journal implements Closeable {
    /** So many files there may be before records are moved to have fewer. */
    private static final int SPARE = 4;

    /** So many files there may be before those are closed that take no records. */
    private static final int OPEN = 64;

    /** So many octets of records are kept back at most. */
    private static final int BUFFER_OCTETS = 256 * 1024;

    private static final int MARK_OCTETS = 32 * 1024;
    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final JournalNames names;
    private final StreamLoop loop;
    private final int segmentOctets;
    private final List<JournalFile> segments = new ArrayList<>();
    private final ArrayDeque<JournalFile> free = new ArrayDeque<>();
    // In the order of their numbers, for the mark at an earlier record of a request must not be later than that at its
    // last.
    private final TreeSet<JournalFile> marked = new TreeSet<>(Comparator.comparingLong(JournalFile::id));
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_OCTETS);
    private final ByteBuffer marks = ByteBuffer.allocateDirect(MARK_OCTETS);
    private @Nullable JournalFile active;
    private long nextId;
    private @Nullable IOException noRoom;
    private long roomAt;

    /** @param segmentOctets the size of a file; a larger record has a larger file of its own */
    Journal(JournalNames names, StreamLoop loop, int segmentOctets) {
        this.names = names;
        this.loop = loop;
        this.segmentOctets = segmentOctets;
    }

    /** New files have this number or a higher one. */
    void beginAt(long id) {
        nextId = Math.max(nextId, id);
    }

    /** Takes in a file of an earlier process, which goes with the next {@link #flush} if it holds nothing unsettled. */
    void add(JournalFile left) {
        segments.add(left);
        marked.add(left);
    }

    /** The files that hold something. */
    List<JournalFile> all() {
        return segments;
    }

    /** @param framed the body, behind the room of a frame */
    void append(Place record, ByteBuffer framed) throws IOException {
        JournalFile present = active;
        int length = framed.remaining() - JournalLayout.FRAME_OCTETS;
        if (present == null || !present.hasRoomFor(length)) {
            roll(length);
            tidy();
        }
        room(length).append(record, framed);
    }

    void settle(Place record) {
        record.segment.settle(record);
        marked.add(record.segment);
    }

    /** Writes what is kept back. Where it fails, all of it can be tried again. */
    void flush() throws IOException {
        if (active != null) {
            active.writeRecords();
        }
        while (!marked.isEmpty()) {
            JournalFile segment = marked.first();
            writeMarks(segment);
            if (segment.live() == 0 && segment != active) {
                retire(segment);
            } else if (segments.size() > OPEN && segment != active) {
                segment.close();
            }
            marked.remove(segment);
        }
    }

    private void writeMarks(JournalFile segment) throws IOException {
        try {
            segment.writeMarks(marks);
        } catch (NoSuchFileException e) {
            if (segments.remove(segment)) {
                LOG.warn(
                        "{} was removed by somebody else; its requests are served, but not by the next process",
                        segment.file());
            }
        }
    }

    private JournalFile room(int length) throws IOException {
        JournalFile present = active;
        return present != null && present.hasRoomFor(length) ? present : roll(length);
    }

    /** Goes on in another file. */
    private JournalFile roll(int length) throws IOException {
        JournalFile full = active;
        if (full != null) {
            flush();
        }
        JournalFile fresh = fresh(JournalLayout.sizeFor(length));
        try {
            fresh.begin(nextId, names.inUse(nextId), buffer, marks);
            nextId++;
        } catch (IOException e) {
            nextId++;
            fresh.delete();
            throw e;
        }
        segments.add(fresh);
        active = fresh;
        if (full != null) {
            full.seal();
            if (full.live() == 0) {
                retire(full);
            } else if (segments.size() > OPEN) {
                full.close();
            }
        }
        return fresh;
    }

    private JournalFile fresh(int size) throws IOException {
        JournalFile fresh = size > segmentOctets ? null : free.poll();
        if (fresh != null) {
            return fresh;
        }
        // On a full disk it is not tried for each request.
        if (noRoom != null && loop.nanoTime() - roomAt < 0) {
            throw noRoom;
        }
        try {
            fresh = JournalFile.create(names.made(nextId), Math.max(size, segmentOctets), names.mode());
            noRoom = null;
            return fresh;
        } catch (IOException e) {
            // What is in its way now may be in the way of this number for ever.
            nextId++;
            noRoom = e;
            roomAt = loop.nanoTime() + RETRY_NANOS;
            throw e;
        }
    }

    /** Moves the records of files that are mostly settled, at most of two, so that the files do not add up. */
    private void tidy() throws IOException {
        for (int i = 0; i < 2 && segments.size() > SPARE; i++) {
            JournalFile sparsest = segments.stream()
                    .filter(segment -> segment != active && segment.leftOver().isEmpty())
                    .min(Comparator.comparingInt(JournalFile::liveOctets))
                    .orElse(null);
            if (sparsest == null || sparsest.liveOctets() > sparsest.size() / 2) {
                return;
            }
            marked.add(sparsest);
            for (Place record : sparsest.unsettled()) {
                ByteBuffer framed = sparsest.framed(record);
                RequestRecord.markAsLater(framed);
                Place left = record.copy();
                room(record.length).append(record, framed);
                settle(left);
            }
            // They are in their new place before the old one is given up.
            flush();
        }
    }

    /** Its marks are written: the next process must not take its records for unsettled ones. */
    private void retire(JournalFile segment) throws IOException {
        if (!segments.remove(segment)) {
            return;
        }
        if (free.size() < 2 && segment.size() == segmentOctets) {
            segment.retire(names.free(segment.id()));
            free.add(segment);
        } else {
            segment.delete();
        }
    }

    /** How many records are not settled. */
    int live() {
        return segments.stream().mapToInt(JournalFile::live).sum();
    }

    /** Leaves the files that hold unsettled records to the next process, and removes the others. */
    @Override
    public void close() throws IOException {
        try {
            flush();
            for (JournalFile segment : segments) {
                if (segment.live() == 0) {
                    segment.delete();
                }
                segment.close();
            }
            free.forEach(JournalFile::delete);
        } finally {
            segments.clear();
            free.clear();
            active = null;
        }
    }
}
