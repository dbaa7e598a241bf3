package org.clientproxy.proxy;

/** Where a request is recorded at present. Used on the loop only. */
final class StoredRecord {
    /** The same in all records of one request, over attempts, moves and restarts. */
    final long number;

    PendingSegment segment;
    int index;
    int offset;
    int length;

    /** The same place once more, for when this one changes. */
    StoredRecord copy() {
        return new StoredRecord(number, segment, index, offset, length);
    }

    StoredRecord(long number, PendingSegment segment) {
        this.number = number;
        this.segment = segment;
    }

    StoredRecord(long number, PendingSegment segment, int index, int offset, int length) {
        this(number, segment);
        this.index = index;
        this.offset = offset;
        this.length = length;
    }
}
