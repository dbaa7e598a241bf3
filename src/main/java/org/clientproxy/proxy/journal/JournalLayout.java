package org.clientproxy.proxy.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Where what stands in a file of pending requests, and the codes by which it is known again: {@code docs/operating.md} is
 * the format. Files of version 1 are read, and records in them are marked as settled; new ones are of version 2.
 *
 * @param version 1 or 2
 * @param id the number of the file, which no other file has or had
 * @param size its octets
 */
public record JournalLayout(int version, long id, int size) {
    /** What new files are. */
    static final int VERSION = 2;

    /** Octets before the states: magic, version, number, size, checksum of these. From version 2 on it stays so. */
    static final int HEADER_OCTETS = 28;

    /** Octets before the body of a record: checksum, length, place in the order. */
    public static final int FRAME_OCTETS = 12;

    /** The body of a record begins with the number of its request. */
    static final int LEAST_BODY = 2 * Long.BYTES + 1;

    private static final int MAGIC = 0x43435052;
    private static final int OLD_HEADER_OCTETS = 20;
    private static final int OLD_FRAME_OCTETS = 8;
    private static final int OCTETS_PER_STATE = 512;
    private static final int MAX_STATES = 8193;
    // The golden ratio as a fraction of 2^64: its multiples are far from each other.
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** How large a file must be for one record of this length. */
    static int sizeFor(int length) {
        int rest = HEADER_OCTETS + FRAME_OCTETS + length + FRAME_OCTETS;
        // One state for each so many octets, and one more.
        return Math.addExact(
                rest, Integer.BYTES * (Math.min(rest / (OCTETS_PER_STATE - Integer.BYTES), MAX_STATES) + 2));
    }

    /**
     * Reads the header of a file.
     *
     * @param fileSize how many octets the file has, which need not be what its header says
     * @throws DamagedFileException where it is none
     * @throws IllegalArgumentException where it is one of a newer version
     */
    static JournalLayout read(ByteBuffer header, long fileSize) throws DamagedFileException {
        if (header.remaining() < OLD_HEADER_OCTETS || header.getInt(0) != MAGIC) {
            throw new DamagedFileException("it does not begin as a file of pending requests does");
        }
        int version = header.getInt(4);
        long id = header.getLong(8);
        CRC32C crc = new CRC32C();
        if (version == 1) {
            crc.update(header.duplicate().limit(16));
            if (header.getInt(16) != (int) crc.getValue() || id < 0 || fileSize > Integer.MAX_VALUE) {
                throw new DamagedFileException("its header is not whole");
            }
            // Its header does not say how large it was: a multiple of this, or larger for the sake of one record.
            boolean large = fileSize > JournalStore.SEGMENT_OCTETS + 1;
            long size = large ? fileSize : (fileSize + OCTETS_PER_STATE / 2) / OCTETS_PER_STATE * OCTETS_PER_STATE;
            return new JournalLayout(version, id, (int) size);
        }
        if (header.remaining() < HEADER_OCTETS) {
            throw new DamagedFileException("it ends within its header");
        }
        crc.update(header.duplicate().limit(24));
        if (header.getInt(24) != (int) crc.getValue()) {
            throw new DamagedFileException("its header is not whole");
        }
        if (version != VERSION) {
            throw new IllegalArgumentException("was written by a newer version of this program (its format is "
                    + version + ", this one knows " + VERSION + " and 1)");
        }
        return new JournalLayout(version, id, header.getInt(16));
    }

    /** The header of a new file. */
    byte[] header() {
        ByteBuffer header = ByteBuffer.allocate(HEADER_OCTETS);
        header.putInt(MAGIC).putInt(VERSION).putLong(id).putInt(size).putInt(0);
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, 24);
        return header.putInt((int) crc.getValue()).array();
    }

    private boolean isOld() {
        return version == 1;
    }

    int frameOctets() {
        return isOld() ? OLD_FRAME_OCTETS : FRAME_OCTETS;
    }

    /** How many records a file can have. */
    int states() {
        int states = size / OCTETS_PER_STATE + 1;
        return isOld() ? states : Math.min(states, MAX_STATES);
    }

    /** Where the state of a record stands. */
    int stateAt(int index) {
        return isOld() ? OLD_HEADER_OCTETS + index : HEADER_OCTETS + Integer.BYTES * index;
    }

    /** Where the first record begins. */
    int recordsAt() {
        return stateAt(states());
    }

    /**
     * What says of a record whether it is settled. No two are alike in a file, nor in files whose numbers are near to each
     * other, so octets that change or change places make no settled record an unsettled one.
     */
    int state(int index, boolean settled) {
        if (isOld()) {
            return settled ? 1 : 0;
        }
        long place = (id << 14) + index;
        return (int) (((place << 1) + (settled ? 2 : 1)) * SPREAD >>> 32);
    }

    void putState(ByteBuffer out, int index, boolean settled) {
        if (isOld()) {
            out.put((byte) state(index, settled));
        } else {
            out.putInt(state(index, settled));
        }
    }

    int readState(ByteBuffer in, int index) {
        return isOld() ? in.get(stateAt(index)) : in.getInt(stateAt(index));
    }

    /**
     * Fills the frame in front of a body.
     *
     * @param octets at {@code at} has the frame's room, then the body
     * @param length of the body; 0 for the mark behind the last record
     */
    void frame(ByteBuffer octets, int at, int index, int length, CRC32C crc) {
        octets.putInt(at + 4, length).putInt(at + 8, index);
        crc.reset();
        crc.update(octets.array(), octets.arrayOffset() + at + 4, FRAME_OCTETS - 4 + length);
        octets.putInt(at, (int) crc.getValue() ^ mask());
    }

    /** The number of the file goes in, so that what an earlier use of it left behind is never taken for a record. */
    private int mask() {
        return (int) ((id + 1) * SPREAD >>> 32);
    }

    /** The length that the frame at this place says; -1 where there is no room for what it says. */
    int lengthAt(ByteBuffer octets, int at) {
        int end = isOld() ? Integer.BYTES : FRAME_OCTETS;
        if (at + end > octets.limit()) {
            return -1;
        }
        int length = octets.getInt(isOld() ? at : at + 4);
        boolean fits = length == 0 || length >= LEAST_BODY && length <= octets.limit() - at - frameOctets();
        return fits ? length : -1;
    }

    /** Whether a frame that {@link #lengthAt} found possible is whole, with its body. */
    boolean isWhole(ByteBuffer octets, int at, int length, CRC32C crc) {
        crc.reset();
        if (!isOld()) {
            crc.update(octets.array(), octets.arrayOffset() + at + 4, FRAME_OCTETS - 4 + length);
            return octets.getInt(at) == ((int) crc.getValue() ^ mask());
        }
        if (length == 0) {
            return true;
        }
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            crc.update((int) (id >>> shift));
        }
        crc.update(octets.array(), octets.arrayOffset() + at + OLD_FRAME_OCTETS, length);
        return octets.getInt(at + 4) == (int) crc.getValue();
    }

    /** The place in the order that a frame says; of version 1, where it says none, the one expected. */
    int indexAt(ByteBuffer octets, int at, int expected) {
        return isOld() ? expected : octets.getInt(at + 8);
    }

    /**
     * Whether the file has the size that it was made with.
     *
     * @param firstLength of its first record; 0 where there is none
     */
    boolean isSized(long fileSize, int firstLength) {
        if (isOld() && size > JournalStore.SEGMENT_OCTETS) {
            int rest = stateAt(1) + OLD_FRAME_OCTETS + firstLength + Integer.BYTES;
            return fileSize == rest + rest / (OCTETS_PER_STATE - 1) + 1;
        }
        return fileSize == size;
    }
}
