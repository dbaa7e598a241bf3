package org.clientproxy.proxy.journal;

import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pending.RestoredRequest;

/** Where a request is recorded at present. Used on the loop only. */
public final class Place implements PendingStore.Recorded {
    /** The same in all records of one request, over attempts, moves and restarts. */
    final long number;

    @SuppressWarnings("NullAway.Init") // Set where it is appended.
    JournalFile segment;

    int index;
    int offset;
    int length;

    /** The same place once more, for when this one changes. */
    Place copy() {
        return new Place(number, segment, index, offset, length);
    }

    /** Of a request that is recorded nowhere yet. */
    Place(long number) {
        this.number = number;
    }

    Place(long number, JournalFile segment, int index, int offset, int length) {
        this(number);
        moveTo(segment, index, offset, length);
    }

    /** It is written there now. */
    void moveTo(JournalFile to, int toIndex, int toOffset, int toLength) {
        segment = to;
        index = toIndex;
        offset = toOffset;
        length = toLength;
    }

    /** Where a request that this store gave back is recorded. */
    static Place of(RestoredRequest stored) {
        return (Place) stored.record();
    }
}
