package org.clientproxy.proxy.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.jspecify.annotations.Nullable;

/**
 * The records of an earlier process that are not taken up, read once more, some at a time: one file of them is in memory,
 * and that only until the last one is read. Used on the loop.
 */
final class LeftOver {
    private static final int MOST_RECORDS = PendingRequests.BATCH;

    /** After so many octets of records the loop may do something else. */
    private static final int MOST_OCTETS = 1 << 20;

    private final Journal segments;
    private @Nullable LeftFile file;
    private @Nullable JournalFile segment;
    private int record;
    private int size;

    LeftOver(Journal segments) {
        this.segments = segments;
    }

    /** All are known from now on. */
    void begin() {
        size = segments.all().stream()
                .mapToInt(each -> each.leftOver().cardinality())
                .sum();
    }

    /** How many are not given yet. */
    int size() {
        return size;
    }

    /**
     * The next ones, without their content; none where there are no more.
     *
     * @throws IOException where they cannot be read any more; none of them is given then
     */
    List<RestoredRequest> next() throws IOException {
        List<RestoredRequest> next = new ArrayList<>();
        for (int octets = 0; size > 0 && next.size() < MOST_RECORDS && octets < MOST_OCTETS; ) {
            RestoredRequest one = one();
            next.add(one.withoutContent());
            octets += Place.of(one).length;
        }
        if (size == 0) {
            file = null;
            segment = null;
        }
        return next;
    }

    private RestoredRequest one() throws IOException {
        try {
            while (true) {
                JournalFile at = segment;
                LeftFile read = file == null ? new LeftFile() : file;
                file = read;
                if (at == null) {
                    at = segments.all().stream()
                            .filter(each -> !each.leftOver().isEmpty())
                            .findFirst()
                            .orElseThrow(() -> new IOException("a file is gone"));
                    read.read(at.file(), at.layout());
                    segment = at;
                    record = 0;
                }
                for (; record < read.records(); record++) {
                    if (at.leftOver().get(read.index(record))) {
                        return given(at, read, record);
                    }
                }
                if (!at.leftOver().isEmpty()) {
                    throw new IOException(at.file() + " has changed");
                }
                segment = null;
            }
        } catch (DamagedFileException e) {
            throw giveUp(new IOException(e));
        } catch (IOException e) {
            throw giveUp(e);
        }
    }

    private RestoredRequest given(JournalFile from, LeftFile read, int at) {
        Place where = new Place(read.number(at), from, read.index(at), read.place(at), read.length(at));
        RestoredRequest given = RequestRecord.decode(where, read.body(at));
        from.hold(where);
        size--;
        return given;
    }

    private IOException giveUp(IOException cause) {
        size = 0;
        file = null;
        segment = null;
        return cause;
    }
}
