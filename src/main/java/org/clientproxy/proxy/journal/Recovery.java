package org.clientproxy.proxy.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.clientproxy.xmpp.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what an earlier process left in the directory of a {@link JournalStore}, one file at a time, the latest first.
 * What is damaged is kept under another name and reported, and what is whole in it is written anew. In memory is one file,
 * and what is taken up. Used once, on the thread that starts the proxy.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /** So many files are named in the log; the rest is a number. */
    private static final int NAMED = 20;

    private record Found(Path file, JournalLayout layout) {}

    private final JournalNames names;
    private final Journal segments;
    private final PendingStore.Restoring restoring;
    private final LeftFile left = new LeftFile();
    // The requests of which a later record was seen than any that is still to be read.
    private final NumberSet later = new NumberSet();
    private final List<RestoredRequest> kept = new ArrayList<>();
    private long nextNumber;
    private int reported;

    Recovery(JournalNames names, Journal segments, PendingStore.Restoring restoring) {
        this.names = names;
        this.segments = segments;
        this.restoring = restoring;
    }

    /**
     * What is taken up, in no order.
     *
     * @throws IllegalArgumentException that names a file that keeps the proxy from starting, and says what to do
     */
    List<RestoredRequest> run() throws IOException {
        names.removeSpares();
        segments.beginAt(names.highest() + 1);
        List<JournalFile> inUse = new ArrayList<>();
        for (Found found : found()) {
            segments.beginAt(found.layout().id() + 1);
            try {
                left.read(found.file(), found.layout());
                tighten(found.file());
                read(found.file(), inUse);
            } catch (DamagedFileException e) {
                setAside(found.file(), e.getMessage());
            }
        }
        inUse.forEach(segments::add);
        segments.flush();
        if (reported > NAMED) {
            LOG.warn("{} more files like these are in {}", reported - NAMED, names.directory());
        }
        return kept;
    }

    /** The number that no request has which was found. */
    long nextNumber() {
        return nextNumber;
    }

    /** The files with a header, the latest first. */
    private List<Found> found() throws IOException {
        List<Found> found = new ArrayList<>();
        for (Path file : names.inUse()) {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || JournalNames.numberIn(file) < 0) {
                report("{} is no file of pending requests and is left alone; move it to another place", file);
                continue;
            }
            try {
                JournalLayout layout = LeftFile.layout(file);
                if (layout.version() > 1 && layout.id() != JournalNames.numberIn(file)) {
                    throw new DamagedFileException("it has the name of another file");
                }
                found.add(new Found(file, layout));
            } catch (DamagedFileException e) {
                setAside(file, e.getMessage());
            } catch (IllegalArgumentException e) {
                throw refused(file, e.getMessage());
            }
        }
        return onlyOnce(found);
    }

    /** Of two files with one number, none can be believed to be the later one. Only those of version 1 can have it. */
    private List<Found> onlyOnce(List<Found> found) throws IOException {
        List<Found> once = new ArrayList<>();
        for (List<Found> same : found.stream()
                .collect(Collectors.groupingBy(file -> file.layout().id()))
                .values()) {
            if (same.size() == 1) {
                once.addAll(same);
            } else {
                for (Found one : same) {
                    setAside(one.file(), "there is a copy of it");
                }
            }
        }
        once.sort(Comparator.<Found>comparingLong(file -> file.layout().id()).reversed());
        return once;
    }

    private void read(Path file, List<JournalFile> inUse) throws IOException {
        JournalFile segment = JournalFile.left(file, left);
        List<RestoredRequest> taken = new ArrayList<>();
        List<Integer> live = new ArrayList<>();
        for (int i = left.records() - 1; i >= 0; i--) {
            if (!left.isUnsettled(i)) {
                continue;
            }
            ByteBuffer body = left.body(i);
            if (!RequestRecord.isKnown(body)) {
                throw refused(file, "holds a kind of request that only a newer version of this program knows");
            }
            long number = left.number(i);
            nextNumber = Math.max(nextNumber, number + 1);
            if (later.contains(number)) {
                // The process ended between the record of an attempt and the mark at the one before.
                segment.settle(left.index(i), left.length(i));
            } else {
                if (left.layout().version() == 1 || RequestRecord.isLater(body)) {
                    later.add(number);
                }
                if (!take(segment, i, body, taken)) {
                    continue;
                }
                live.add(i);
            }
        }
        String damage = left.damage();
        if (damage != null) {
            save(live, taken);
            setAside(file, damage);
            return;
        }
        if (left.tornAt() >= 0) {
            LOG.warn(
                    "{} has a record at octet {} that is not whole: the process ended while it was written, before its request"
                            + " was sent on, or the disk lost it",
                    file,
                    left.tornAt());
        }
        kept.addAll(taken);
        if (segment.live() > 0) {
            taken.forEach(stored -> segment.hold(Place.of(stored)));
        }
        inUse.add(segment);
    }

    /** Takes a request up, or leaves it to be told later; false where its record cannot be read. */
    private boolean take(JournalFile segment, int i, ByteBuffer body, List<RestoredRequest> taken) {
        Place record = new Place(left.number(i), segment, left.index(i), left.place(i), left.length(i));
        RestoredRequest stored;
        try {
            stored = RequestRecord.decode(record, body);
        } catch (RuntimeException e) {
            left.damaged("its record at octet " + left.place(i) + " holds no request (" + e.getMessage() + ")");
            return false;
        }
        if (restoring.takesUp(stored)) {
            taken.add(stored);
        } else {
            segment.leftOver().set(left.index(i));
        }
        return true;
    }

    /** Writes what is whole in a damaged file into another one. */
    private void save(List<Integer> live, List<RestoredRequest> taken) throws IOException {
        int next = 0;
        for (int i : live) {
            ByteBuffer body = left.body(i);
            ByteBuffer framed = ByteBuffer.allocate(JournalLayout.FRAME_OCTETS + body.remaining());
            framed.position(JournalLayout.FRAME_OCTETS);
            framed.put(body).rewind();
            RequestRecord.markAsLater(framed);
            boolean isTaken = next < taken.size() && Place.of(taken.get(next)).index == left.index(i);
            Place record = isTaken ? Place.of(taken.get(next)) : new Place(left.number(i));
            segments.append(record, framed);
            if (isTaken) {
                kept.add(taken.get(next++));
            } else {
                record.segment.leave(record);
            }
        }
        segments.flush();
    }

    private void tighten(Path file) {
        try {
            names.tighten(file);
        } catch (IOException e) {
            LOG.debug("{} stays readable for others: {}", file, e.toString());
        }
    }

    private void setAside(Path file, @Nullable String damage) throws IOException {
        Path aside = JournalNames.setAside(file);
        report(
                "{} is damaged: {}. It is kept as {}, and whatever can be read of it is served",
                file,
                LogText.of(damage),
                aside.getFileName());
    }

    private void report(String line, Object... about) {
        if (++reported <= NAMED) {
            LOG.warn(line, about);
        }
    }

    private static IllegalArgumentException refused(Path file, @Nullable String why) {
        return new IllegalArgumentException(file + " " + why
                + "; start once with that version, or move the file away: the requests in it get no" + " answer then");
    }
}
