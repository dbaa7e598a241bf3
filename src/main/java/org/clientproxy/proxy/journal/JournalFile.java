package org.clientproxy.proxy.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of a {@link JournalStore}: a header, a state for each record that says whether it is settled, then records
 * one behind the other ({@link JournalLayout}). What is changed is kept back until {@link #writeRecords} and {@link
 * #writeMarks}, so that many records cost one system call. Used on one thread at a time.
 */
final class JournalFile implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalFile.class);
    private static final byte[] ZEROS = new byte[64 * 1024];
    private static final Set<OpenOption> USE =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> MAKE =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

    private Path file;
    private @Nullable FileChannel channel;
    private JournalLayout layout;
    private final CRC32C crc = new CRC32C();
    // Each in the place that its index says, until it is settled. Of what an earlier process left, those in use only.
    private final List<@Nullable Place> records = new ArrayList<>();
    private final BitSet settled = new BitSet();
    // The records that an earlier process left and this one does not take up; their requesters are to be told.
    private final BitSet leftOver = new BitSet();
    // What is to be written behind what is written; the store's, lent to the segment that takes records.
    private @Nullable ByteBuffer unwritten;
    private int writtenUntil;
    private int count;
    private int firstMarked;
    private int lastMarked = -1;
    private int live;
    private int liveOctets;

    private JournalFile(Path file, JournalLayout layout) {
        this.file = file;
        this.layout = layout;
        this.firstMarked = layout.states();
    }

    /**
     * Makes a file of this size and fills it with zeros, so that all its room is taken on the disk: on most file systems
     * writing to it later cannot fail for want of room.
     */
    static JournalFile create(Path file, int size, FileAttribute<?>... mode) throws IOException {
        JournalFile segment = new JournalFile(file, new JournalLayout(JournalLayout.VERSION, 0, size));
        segment.channel = FileChannel.open(file, MAKE, mode);
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

    /** A file of an earlier process, as it was read. It takes no further records. */
    static JournalFile left(Path file, LeftFile left) {
        JournalFile segment = new JournalFile(file, left.layout());
        segment.count = left.taken();
        for (int i = 0; i < left.records(); i++) {
            if (left.isUnsettled(i)) {
                segment.live++;
                segment.liveOctets += JournalLayout.FRAME_OCTETS + left.length(i);
            } else {
                segment.settled.set(left.index(i));
            }
        }
        return segment;
    }

    /**
     * Begins to be used under this number, which no segment had before.
     *
     * @param as what the file is called from now on
     * @param buffer for what is to be written
     * @param marks as for {@link #writeMarks}
     */
    void begin(long newId, Path as, ByteBuffer buffer, ByteBuffer marks) throws IOException {
        layout = new JournalLayout(JournalLayout.VERSION, newId, layout.size());
        records.clear();
        settled.clear();
        count = 0;
        live = 0;
        liveOctets = 0;
        writtenUntil = layout.recordsAt();
        unwritten = buffer.clear();
        firstMarked = 0;
        lastMarked = layout.states() - 1;
        writeMarks(marks);
        write(ByteBuffer.wrap(end(0)), writtenUntil);
        write(ByteBuffer.wrap(layout.header()), 0);
        rename(as);
    }

    /** Its records are all settled, so that it may be begun again; until then the file has this name. */
    void retire(Path as) throws IOException {
        unwritten = null;
        rename(as);
    }

    /** Its file is called so from now on. */
    void rename(Path as) throws IOException {
        Files.move(file, as);
        file = as;
    }

    boolean hasRoomFor(int length) {
        return unwritten != null
                && layout.size() - end() - 2 * JournalLayout.FRAME_OCTETS >= length
                && count < layout.states();
    }

    /**
     * Puts a record behind the last one. To be called where there is room for it. Where it cannot be written, nothing has
     * changed.
     *
     * @param framed the body, behind the room of a frame
     */
    void append(Place record, ByteBuffer framed) throws IOException {
        int octets = framed.remaining();
        ByteBuffer buffer = Objects.requireNonNull(unwritten, "this segment takes no records");
        if (buffer.remaining() < octets + JournalLayout.FRAME_OCTETS) {
            writeRecords();
        }
        int offset = end();
        int length = octets - JournalLayout.FRAME_OCTETS;
        layout.frame(framed, framed.position(), count, length, crc);
        if (buffer.remaining() < octets + JournalLayout.FRAME_OCTETS) {
            ByteBuffer large = ByteBuffer.allocate(octets + JournalLayout.FRAME_OCTETS);
            write(large.put(framed).put(end(count + 1)).flip(), writtenUntil);
            writtenUntil += octets;
        } else {
            buffer.put(framed);
        }
        record.moveTo(this, count, offset, length);
        records.add(record);
        count++;
        live++;
        liveOctets += octets;
    }

    /** This record of an earlier process is in use again. */
    void hold(Place record) {
        while (records.size() <= record.index) {
            records.add(null);
        }
        records.set(record.index, record);
        leftOver.clear(record.index);
    }

    /** This record is not in use any more, but its requester is still to be told. */
    void leave(Place record) {
        records.set(record.index, null);
        leftOver.set(record.index);
    }

    /** Marks the record as settled. */
    void settle(Place record) {
        if (record.index < records.size()) {
            records.set(record.index, null);
        }
        settle(record.index, record.length);
    }

    /** Marks a record of an earlier process as settled that nobody holds. */
    void settle(int index, int length) {
        settled.set(index);
        leftOver.clear(index);
        firstMarked = Math.min(firstMarked, index);
        lastMarked = Math.max(lastMarked, index);
        live--;
        liveOctets -= JournalLayout.FRAME_OCTETS + length;
    }

    /** Writes the records that are kept back. Where it fails, all of it can be tried again. */
    void writeRecords() throws IOException {
        ByteBuffer buffer = unwritten;
        if (buffer != null && buffer.position() > 0) {
            int octets = buffer.position();
            // The next record stands in the place of this mark.
            buffer.put(octets, end(count));
            write(buffer.duplicate().position(0).limit(octets + JournalLayout.FRAME_OCTETS), writtenUntil);
            buffer.clear();
            writtenUntil += octets;
        }
    }

    /**
     * Writes the marks that are kept back. Where it fails, all of it can be tried again.
     *
     * @param room to put them together
     */
    void writeMarks(ByteBuffer room) throws IOException {
        while (firstMarked <= lastMarked) {
            room.clear();
            int next = firstMarked;
            while (next <= lastMarked && room.remaining() >= Integer.BYTES) {
                layout.putState(room, next, settled.get(next));
                next++;
            }
            write(room.flip(), layout.stateAt(firstMarked));
            firstMarked = next;
        }
        firstMarked = layout.states();
        lastMarked = -1;
    }

    /** Takes no more records. */
    void seal() {
        unwritten = null;
    }

    /** The records that are in use and not settled. */
    List<Place> unsettled() {
        return records.stream().flatMap(Stream::ofNullable).toList();
    }

    /** The body of a record that is written, behind the room of a frame. */
    ByteBuffer framed(Place record) throws IOException {
        ByteBuffer framed = ByteBuffer.allocate(JournalLayout.FRAME_OCTETS + record.length);
        framed.position(JournalLayout.FRAME_OCTETS);
        int from = record.offset + layout.frameOctets() - JournalLayout.FRAME_OCTETS;
        FileChannel open = open();
        while (framed.hasRemaining()) {
            if (open.read(framed, from + framed.position()) < 0) {
                throw new IOException(file + " has become shorter");
            }
        }
        return framed.rewind();
    }

    /** Takes its file away. */
    void delete() {
        try {
            close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} is not needed any more, but cannot be removed: {}", file, e.toString());
        }
    }

    /** Closes its file, which is opened again where it is needed. */
    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    Path file() {
        return file;
    }

    JournalLayout layout() {
        return layout;
    }

    long id() {
        return layout.id();
    }

    int size() {
        return layout.size();
    }

    /** Records that an earlier process left and of which the requesters are to be told. */
    BitSet leftOver() {
        return leftOver;
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

    /** The mark behind so many records. */
    private byte[] end(int index) {
        ByteBuffer mark = ByteBuffer.allocate(JournalLayout.FRAME_OCTETS);
        layout.frame(mark, 0, index, 0, crc);
        return mark.array();
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open == null || !open.isOpen()) {
            // An interrupt of the thread closes it, too.
            open = FileChannel.open(file, USE);
            channel = open;
        }
        return open;
    }

    private void write(ByteBuffer octets, int at) throws IOException {
        FileChannel open = open();
        for (int position = at; octets.hasRemaining(); ) {
            position += open.write(octets, position);
        }
    }
}
