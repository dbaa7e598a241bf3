package org.clientproxy.proxy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * The files of a {@link FilePendingStore} as one: records go to the last of them. Files with no unsettled record are used
 * again, and those with few have them moved, so that the disk that is taken stays within twice what is pending and some
 * files more. Used on one thread at a time.
 */
final class PendingSegments implements Closeable {
    /** So many files there may be before records are moved to have fewer. */
    private static final int SPARE = 4;

    /** So many octets of records are kept back at most. */
    private static final int BUFFER_OCTETS = 256 * 1024;

    private static final String SUFFIX = ".pending";
    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Path directory;
    private final StreamLoop loop;
    private final int segmentOctets;
    private final List<PendingSegment> segments = new ArrayList<>();
    private final ArrayDeque<PendingSegment> free = new ArrayDeque<>();
    private final Set<PendingSegment> marked = new LinkedHashSet<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_OCTETS);
    private @Nullable PendingSegment active;
    private long nextId;
    private @Nullable IOException noRoom;
    private long roomAt;

    /** @param segmentOctets the size of a file; a larger record has a larger file of its own */
    PendingSegments(Path directory, StreamLoop loop, int segmentOctets) {
        this.directory = directory;
        this.loop = loop;
        this.segmentOctets = segmentOctets;
    }

    /** The files that segments have in this directory. */
    static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX)).toList();
        }
    }

    /**
     * Reads what an earlier process left: the last record of each request that is not settled, by its number.
     *
     * @throws IllegalArgumentException that names a file that is not usable, and says what to do
     */
    Collection<StoredRecord> load() throws IOException {
        List<PendingSegment> found = new ArrayList<>();
        for (Path file : files(directory)) {
            PendingSegment segment = PendingSegment.open(file);
            if (segment == null) {
                Files.delete(file);
            } else {
                found.add(segment);
            }
        }
        found.sort(Comparator.comparingLong(PendingSegment::id));
        Map<Long, StoredRecord> latest = new TreeMap<>();
        for (PendingSegment segment : found) {
            nextId = Math.max(nextId, segment.id() + 1);
            for (StoredRecord record : segment.read()) {
                StoredRecord earlier = latest.put(record.number, record);
                if (earlier != null) {
                    // The process ended between the record of an attempt and the mark at the one before.
                    earlier.segment.settle(earlier);
                }
            }
        }
        for (PendingSegment segment : found) {
            segment.flush();
            if (segment.live() == 0) {
                segment.delete();
            } else {
                segments.add(segment);
            }
        }
        return latest.values();
    }

    StoredRecord append(long number, ByteBuffer body) throws IOException {
        PendingSegment present = active;
        int length = body.remaining();
        if (present == null || !present.hasRoomFor(length)) {
            roll(length);
            tidy();
        }
        StoredRecord record = new StoredRecord(number, room(length));
        record.segment.append(record, body);
        return record;
    }

    void settle(StoredRecord record) {
        record.segment.settle(record);
        marked.add(record.segment);
    }

    /** Writes what is kept back. Where it fails, all of it can be tried again. */
    void flush() throws IOException {
        if (active != null) {
            active.flush();
        }
        for (PendingSegment segment : marked) {
            segment.flush();
            if (segment.live() == 0 && segment != active) {
                retire(segment);
            }
        }
        marked.clear();
    }

    private PendingSegment room(int length) throws IOException {
        PendingSegment present = active;
        return present != null && present.hasRoomFor(length) ? present : roll(length);
    }

    /** Goes on in another file. */
    private PendingSegment roll(int length) throws IOException {
        PendingSegment fresh = fresh(PendingSegment.sizeFor(length));
        PendingSegment full = active;
        try {
            if (full != null) {
                full.seal();
            }
            fresh.begin(nextId++, buffer);
        } catch (IOException e) {
            fresh.delete();
            throw e;
        }
        segments.add(fresh);
        active = fresh;
        if (full != null && full.live() == 0) {
            retire(full);
        }
        return fresh;
    }

    private PendingSegment fresh(int size) throws IOException {
        PendingSegment fresh = size > segmentOctets ? null : free.poll();
        if (fresh != null) {
            return fresh;
        }
        // On a full disk it is not tried for each request.
        if (noRoom != null && loop.nanoTime() - roomAt < 0) {
            throw noRoom;
        }
        try {
            fresh = PendingSegment.create(
                    directory.resolve(String.format("%016d" + SUFFIX, nextId)), Math.max(size, segmentOctets));
            noRoom = null;
            return fresh;
        } catch (IOException e) {
            noRoom = e;
            roomAt = loop.nanoTime() + RETRY_NANOS;
            throw e;
        }
    }

    /** Moves the records of files that are mostly settled, at most of two, so that the files do not add up. */
    private void tidy() throws IOException {
        for (int i = 0; i < 2 && segments.size() > SPARE; i++) {
            PendingSegment sparsest = segments.stream()
                    .filter(segment -> segment != active)
                    .min(Comparator.comparingInt(PendingSegment::liveOctets))
                    .orElseThrow();
            if (sparsest.liveOctets() > sparsest.size() / 2) {
                return;
            }
            marked.add(sparsest);
            for (StoredRecord record : sparsest.unsettled()) {
                byte[] body = sparsest.body(record);
                StoredRecord left = record.copy();
                room(body.length).append(record, ByteBuffer.wrap(body));
                sparsest.settle(left);
            }
            // They are in their new place before the old one is given up.
            if (active != null) {
                active.flush();
            }
            retire(sparsest);
        }
    }

    private void retire(PendingSegment segment) throws IOException {
        // Its marks too, for the next process must not take its records for unsettled ones.
        segment.flush();
        if (!segments.remove(segment)) {
            return;
        }
        if (free.size() < 2 && segment.size() == segmentOctets) {
            free.add(segment);
        } else {
            segment.delete();
        }
    }

    /** How many records are not settled. */
    int live() {
        return segments.stream().mapToInt(PendingSegment::live).sum();
    }

    /** Leaves the files that hold unsettled records to the next process, and removes the others. */
    @Override
    public void close() throws IOException {
        try {
            flush();
            for (PendingSegment segment : segments) {
                if (segment.live() == 0) {
                    segment.delete();
                }
                segment.close();
            }
            free.forEach(PendingSegment::delete);
        } finally {
            segments.clear();
            free.clear();
            active = null;
        }
    }
}
