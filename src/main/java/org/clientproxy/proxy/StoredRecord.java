package org.clientproxy.proxy;

/** Where a request is recorded at present. Used on the loop only. */
final class StoredRecord {
    /** The same in all records of one request, over attempts, moves and restarts. */
    final long number;

    @SuppressWarnings("NullAway.Init") // Set where it is appended.
    PendingSegment segment;

    int index;
    int offset;
    int length;

    /** The same place once more, for when this one changes. */
    StoredRecord copy() {
        return new StoredRecord(number, segment, index, offset, length);
    }

    /** Of a request that is recorded nowhere yet. */
    StoredRecord(long number) {
        this.number = number;
    }

    StoredRecord(long number, PendingSegment segment, int index, int offset, int length) {
        this(number);
        moveTo(segment, index, offset, length);
    }

    /** It is written there now. */
    void moveTo(PendingSegment to, int toIndex, int toOffset, int toLength) {
        segment = to;
        index = toIndex;
        offset = toOffset;
        length = toLength;
    }
}
