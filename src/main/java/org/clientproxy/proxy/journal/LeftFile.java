package org.clientproxy.proxy.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file that an earlier process left, as it is read back: its records in their order, and what is wrong with it. One
 * object reads many files, one after the other, into the same memory. Used on one thread at a time.
 */
final class LeftFile {
    private final CRC32C crc = new CRC32C();
    private ByteBuffer octets = ByteBuffer.allocate(0);
    private JournalLayout layout = new JournalLayout(JournalLayout.VERSION, 0, 0);
    private int records;
    private int[] places = new int[1024];
    private int[] indices = new int[1024];
    private final BitSet unsettled = new BitSet();
    private @Nullable String damage;
    private int tornAt;

    /**
     * Reads the header only.
     *
     * @throws DamagedFileException where there is none
     * @throws IllegalArgumentException where the file is of a newer version
     */
    static JournalLayout layout(Path file) throws IOException, DamagedFileException {
        try (FileChannel channel = open(file)) {
            ByteBuffer header = ByteBuffer.allocate(JournalLayout.HEADER_OCTETS);
            fill(channel, header);
            return JournalLayout.read(header.flip(), channel.size());
        }
    }

    /** Reads the file that has this layout. Each whole record is found, also behind octets that are none. */
    void read(Path file, JournalLayout of) throws IOException, DamagedFileException {
        layout = of;
        records = 0;
        unsettled.clear();
        damage = null;
        tornAt = -1;
        try (FileChannel channel = open(file)) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE - 64) {
                throw new DamagedFileException("it is larger than any file of pending requests");
            }
            if (octets.capacity() < size) {
                octets = ByteBuffer.allocate((int) size);
            }
            fill(channel, octets.clear().limit((int) size));
            octets.flip();
        }
        if (octets.limit() < layout.recordsAt()) {
            throw new DamagedFileException("it ends before its first record");
        }
        walk();
        if (!layout.isSized(octets.limit(), records == 0 ? 0 : length(0))) {
            damage = "it has " + octets.limit() + " octets, and not those that it was made with";
        }
        readStates();
    }

    private static FileChannel open(Path file) throws IOException {
        // For writing too, so that a file in which nothing can be marked is noticed now.
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    private static void fill(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {
            // A short file leaves room.
        }
    }

    private void walk() {
        int next = 0;
        int gapAt = -1;
        for (int at = layout.recordsAt(); at < octets.limit(); ) {
            int length = layout.lengthAt(octets, at);
            int index = length < 0 ? -1 : layout.indexAt(octets, at, next);
            boolean expected = gapAt < 0 ? index == next : index >= next;
            if (!expected || index >= layout.states() && length > 0 || !layout.isWhole(octets, at, length, crc)) {
                gapAt = gapAt < 0 ? at : gapAt;
                if (layout.version() == 1) {
                    // Its records do not say which they are, so none behind this place can be known again.
                    break;
                }
                at++;
                continue;
            }
            if (gapAt >= 0) {
                damaged("it is not whole between octets " + gapAt + " and " + at);
                gapAt = -1;
            }
            if (length == 0) {
                return;
            }
            add(at, index);
            next = index + 1;
            at += layout.frameOctets() + length;
        }
        tornAt = gapAt < 0 ? octets.limit() : gapAt;
    }

    private void add(int at, int index) {
        if (records == places.length) {
            places = Arrays.copyOf(places, 2 * records);
            indices = Arrays.copyOf(indices, 2 * records);
        }
        places[records] = at;
        indices[records++] = index;
    }

    private void readStates() {
        for (int i = 0; i < records; i++) {
            int state = layout.readState(octets, indices[i]);
            if (state == layout.state(indices[i], false)) {
                unsettled.set(i);
            } else if (state != layout.state(indices[i], true)) {
                // It may have its answer, and nobody gets two.
                damaged("whether its record at octet " + places[i] + " is settled cannot be read");
            }
        }
    }

    /** Something is wrong with it; the first thing that was found is kept. */
    void damaged(String what) {
        damage = damage == null ? what : damage;
    }

    /** What is wrong with it, as a clause about the file; null where it is as it was written. */
    @Nullable
    String damage() {
        return damage;
    }

    /** The octet from which on it was not written to the end, as where its process was killed; -1 where it was. */
    int tornAt() {
        return tornAt;
    }

    JournalLayout layout() {
        return layout;
    }

    /** How many whole records it has. The methods below take their numbers, from 0 on. */
    int records() {
        return records;
    }

    /** How many places for records are taken, those of records that are not whole included. */
    int taken() {
        return records == 0 ? 0 : indices[records - 1] + 1;
    }

    boolean isUnsettled(int record) {
        return unsettled.get(record);
    }

    /** Its place in the order of the file, lost ones counted. */
    int index(int record) {
        return indices[record];
    }

    /** The octet at which it begins. */
    int place(int record) {
        return places[record];
    }

    /** How many octets its body has. */
    int length(int record) {
        return layout.lengthAt(octets, places[record]);
    }

    /** The number of its request. */
    long number(int record) {
        return octets.getLong(places[record] + layout.frameOctets());
    }

    /** Its body; valid until the next file is read. */
    ByteBuffer body(int record) {
        return octets.slice(places[record] + layout.frameOctets(), length(record));
    }
}
