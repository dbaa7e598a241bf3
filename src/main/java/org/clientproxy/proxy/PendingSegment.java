package org.clientproxy.proxy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of a {@link FilePendingStore}: a header, an octet for each record that says whether it is settled, then records
 * one behind the other, then a length of zero. {@code docs/operating.md} is the format. What is changed is kept back until
 * {@link #flush}, so that many records cost one system call. Used on one thread at a time.
 */
final class PendingSegment implements Closeable {
    /** Octets before the states: magic, version, number of the segment, checksum of these. */
    static final int HEADER_OCTETS = 20;

    /** Octets before the body of a record: its length and a checksum. */
    static final int FRAME_OCTETS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(PendingSegment.class);
    private static final int MAGIC = 0x43435052;
    private static final int VERSION = 1;
    private static final int OCTETS_PER_STATE = 512;
    private static final byte SETTLED = 1;
    private static final byte[] ZEROS = new byte[64 * 1024];

    private final Path file;
    private FileChannel channel;
    private final int size;
    private final byte[] states;
    private final CRC32C checksum = new CRC32C();
    // Each in the place that its index says, until it is settled.
    private final List<@Nullable StoredRecord> records = new ArrayList<>();
    // What is to be written behind what is written; the store's, lent to the segment that takes records.
    private @Nullable ByteBuffer unwritten;
    private int writtenUntil;
    private int firstMarked;
    private int lastMarked = -1;
    private long id;
    private int live;
    private int liveOctets;

    private PendingSegment(Path file, FileChannel channel, int size) {
        this.file = file;
        this.channel = channel;
        this.size = size;
        this.states = new byte[size / OCTETS_PER_STATE + 1];
        this.firstMarked = states.length;
    }

    /** How large a file must be for one record of this length. */
    static int sizeFor(int length) {
        int rest = HEADER_OCTETS + 1 + FRAME_OCTETS + length + Integer.BYTES;
        // One octet of each so many is a state.
        return rest + rest / (OCTETS_PER_STATE - 1) + 1;
    }

    /**
     * Makes a file of this size and fills it with zeros, so that all its room is taken on the disk: on most file systems
     * writing to it later cannot fail for want of room.
     */
    static PendingSegment create(Path file, int size) throws IOException {
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        PendingSegment segment = new PendingSegment(file, channel, size);
        try {
            for (int at = 0; at < size; at += ZEROS.length) {
                segment.write(ByteBuffer.wrap(ZEROS, 0, Math.min(size - at, ZEROS.length)), at);
            }
        } catch (IOException e) {
            segment.delete();
            throw e;
        }
        return segment;
    }

    /**
     * Opens the file of an earlier process; null where its making was cut short, so that it holds nothing.
     *
     * @throws IllegalArgumentException that says why the file cannot be used
     */
    static @Nullable PendingSegment open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        PendingSegment segment = null;
        try {
            int size = (int) Math.min(channel.size(), Integer.MAX_VALUE);
            segment = new PendingSegment(file, channel, size);
            ByteBuffer header = ByteBuffer.wrap(segment.read(0, Math.min(size, HEADER_OCTETS + segment.states.length)));
            if (isZero(header, Math.min(size, HEADER_OCTETS))) {
                segment = null;
                return null;
            }
            segment.readHeader(header);
            return segment;
        } catch (IOException | IllegalArgumentException e) {
            segment = null;
            throw e;
        } finally {
            if (segment == null) {
                channel.close();
            }
        }
    }

    private void readHeader(ByteBuffer header) {
        boolean ours = header.remaining() >= HEADER_OCTETS && header.getInt() == MAGIC;
        int version = ours ? header.getInt() : 0;
        if (ours && version != VERSION) {
            throw new IllegalArgumentException(file + " was written by another version of this program (its format is "
                    + version + ", this one knows " + VERSION
                    + "); run that one, or move the file away: the requests in"
                    + " it get no answer then");
        }
        id = ours ? header.getLong() : 0;
        if (!ours || header.getInt() != headerChecksum() || header.remaining() < states.length) {
            throw new IllegalArgumentException(file + " is damaged, or no file of pending requests; move it away (the"
                    + " requests in it get no answer then), or set proxy.data-dir to another directory");
        }
        header.get(states);
    }

    /** Begins to be used under this number, which no segment had before, with this buffer for what is to be written. */
    void begin(long newId, ByteBuffer buffer) throws IOException {
        id = newId;
        records.clear();
        live = 0;
        liveOctets = 0;
        Arrays.fill(states, (byte) 0);
        firstMarked = states.length;
        lastMarked = -1;
        writtenUntil = HEADER_OCTETS + states.length;
        ByteBuffer header = ByteBuffer.allocate(writtenUntil + Integer.BYTES);
        header.putInt(MAGIC).putInt(VERSION).putLong(id).putInt(headerChecksum());
        write(header.rewind(), 0);
        unwritten = buffer.clear();
    }

    /** Reads all records that are whole, and gives those that are not settled. */
    List<StoredRecord> read() throws IOException {
        int at = HEADER_OCTETS + states.length;
        int index = 0;
        byte[] all = read(0, size);
        ByteBuffer octets = ByteBuffer.wrap(all);
        int length = octets.getInt(at);
        while (length != 0) {
            if (length < Long.BYTES
                    || length > size - at - FRAME_OCTETS - Integer.BYTES
                    || index == states.length
                    || octets.getInt(at + 4) != checksum(ByteBuffer.wrap(all, at + FRAME_OCTETS, length))) {
                LOG.warn(
                        "{} has a record at octet {} that is not whole: the process ended while it was written, before its"
                                + " request was sent on, or the disk lost it; what stands behind it is not read",
                        file,
                        at);
                break;
            }
            if (states[index] == SETTLED) {
                records.add(null);
            } else {
                taken(new StoredRecord(octets.getLong(at + FRAME_OCTETS), this, index, at, length));
            }
            at += FRAME_OCTETS + length;
            index++;
            length = octets.getInt(at);
        }
        return unsettled();
    }

    boolean hasRoomFor(int length) {
        return unwritten != null
                && size - end() - FRAME_OCTETS - Integer.BYTES >= length
                && records.size() < states.length;
    }

    /** Puts a record behind the last one. To be called where there is room for it. */
    void append(StoredRecord record, ByteBuffer body) throws IOException {
        int octets = FRAME_OCTETS + body.remaining();
        ByteBuffer buffer = unwritten;
        if (buffer == null) {
            throw new IllegalStateException("this segment takes no records");
        }
        if (buffer.remaining() < octets + Integer.BYTES) {
            flush();
        }
        record.segment = this;
        record.index = records.size();
        record.offset = end();
        record.length = body.remaining();
        int check = checksum(body.duplicate());
        if (buffer.remaining() < octets + Integer.BYTES) {
            ByteBuffer large = ByteBuffer.allocate(octets + Integer.BYTES);
            large.putInt(record.length).putInt(check).put(body);
            write(large.rewind(), writtenUntil);
            writtenUntil += octets;
        } else {
            buffer.putInt(record.length).putInt(check).put(body);
        }
        taken(record);
    }

    private void taken(StoredRecord record) {
        records.add(record);
        live++;
        liveOctets += FRAME_OCTETS + record.length;
    }

    /** Marks the record as settled. */
    void settle(StoredRecord record) {
        states[record.index] = SETTLED;
        records.set(record.index, null);
        firstMarked = Math.min(firstMarked, record.index);
        lastMarked = Math.max(lastMarked, record.index);
        live--;
        liveOctets -= FRAME_OCTETS + record.length;
    }

    /** Writes what is kept back: new records first, then marks. Where it fails, all of it can be tried again. */
    void flush() throws IOException {
        ByteBuffer buffer = unwritten;
        if (buffer != null && buffer.position() > 0) {
            int octets = buffer.position();
            // The end; the next record stands in its place.
            buffer.putInt(octets, 0);
            write(buffer.duplicate().position(0).limit(octets + Integer.BYTES), writtenUntil);
            buffer.clear();
            writtenUntil += octets;
        }
        if (lastMarked >= 0) {
            write(ByteBuffer.wrap(states, firstMarked, lastMarked + 1 - firstMarked), HEADER_OCTETS + firstMarked);
            firstMarked = states.length;
            lastMarked = -1;
        }
    }

    /** Takes no more records. */
    void seal() throws IOException {
        flush();
        unwritten = null;
    }

    /** The records that are not settled. */
    List<StoredRecord> unsettled() {
        return records.stream()
                .flatMap(Stream::ofNullable)
                .filter(record -> record.segment == this)
                .toList();
    }

    /** The body of a record that is written. */
    byte[] body(StoredRecord record) throws IOException {
        return read(record.offset + FRAME_OCTETS, record.length);
    }

    /** Takes its file away. */
    void delete() {
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} is not needed any more, but cannot be removed: {}", file, e.toString());
        }
    }

    /** Leaves its file to the next process. */
    @Override
    public void close() throws IOException {
        channel.close();
    }

    long id() {
        return id;
    }

    int size() {
        return size;
    }

    /** How many records are not settled. */
    int live() {
        return live;
    }

    /** How many octets they take. */
    int liveOctets() {
        return liveOctets;
    }

    private int end() {
        return writtenUntil + (unwritten == null ? 0 : unwritten.position());
    }

    private void write(ByteBuffer octets, int at) throws IOException {
        if (!channel.isOpen()) {
            // An interrupt of the thread closes it.
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        for (int position = at; octets.hasRemaining(); ) {
            position += channel.write(octets, position);
        }
    }

    private byte[] read(int at, int length) throws IOException {
        byte[] read = new byte[length];
        ByteBuffer octets = ByteBuffer.wrap(read);
        while (octets.hasRemaining()) {
            if (channel.read(octets, at + octets.position()) < 0) {
                throw new IOException(file + " has become shorter");
            }
        }
        return read;
    }

    private int headerChecksum() {
        checksum.reset();
        checksum.update(ByteBuffer.allocate(16)
                .putInt(MAGIC)
                .putInt(VERSION)
                .putLong(id)
                .flip());
        return (int) checksum.getValue();
    }

    /** The segment's number goes in, so that what an earlier use of the file left behind is never taken for a record. */
    private int checksum(ByteBuffer octets) {
        checksum.reset();
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            checksum.update((int) (id >>> shift));
        }
        checksum.update(octets);
        return (int) checksum.getValue();
    }

    private static boolean isZero(ByteBuffer octets, int count) {
        for (int i = 0; i < count; i++) {
            if (octets.get(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
