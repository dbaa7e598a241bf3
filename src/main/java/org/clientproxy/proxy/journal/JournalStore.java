package org.clientproxy.proxy.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.StanzaErrorException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps pending requests in the files of one directory, so that they survive the end of the process however it ends. What
 * one batch of stanzas changes is written together, before anything of the batch is given to the socket. While it cannot be
 * written, requests are refused.
 */
public final class JournalStore implements PendingStore {
    /** The size of a file. A larger record has a file of its own. */
    public static final int SEGMENT_OCTETS = 4 << 20;

    /** The file that a process has locked as long as it uses the directory. */
    static final String LOCK = "lock";

    /** What most records need. */
    private static final int RECORD_OCTETS = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(JournalStore.class);

    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long COMPLAIN_NANOS = Duration.ofMinutes(1).toNanos();

    private final Path directory;
    private final StreamLoop loop;
    private final InstantSource clock;
    private final JournalNames names;
    private final Journal segments;
    private final LeftOver leftOver;
    private final FileChannel lock;
    private final List<Place> answered = new ArrayList<>();
    private final ByteBuffer room = ByteBuffer.allocate(RECORD_OCTETS);
    private long nextNumber;
    private boolean failing;
    private volatile boolean closed;
    private long retryAt;
    private long complainAt;

    private JournalStore(Path directory, StreamLoop loop, InstantSource clock, int segmentOctets, FileChannel lock) {
        this.directory = directory;
        this.loop = loop;
        this.clock = clock;
        this.names = new JournalNames(directory);
        this.segments = new Journal(names, loop, segmentOctets);
        this.leftOver = new LeftOver(segments);
        this.lock = lock;
        this.complainAt = loop.nanoTime();
    }

    /**
     * Opens the directory, which is made where there is none.
     *
     * @param clock for deadlines, which are to mean the same in the next process
     * @throws IllegalArgumentException that names the directory, what is wrong with it and what to do
     */
    public static JournalStore open(Path directory, StreamLoop loop, InstantSource clock, int segmentOctets) {
        FileChannel lock = null;
        try {
            make(directory);
            JournalNames names = new JournalNames(directory);
            lock = FileChannel.open(
                    directory.resolve(LOCK),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    names.mode());
            if (lock.tryLock() == null) {
                lock.close();
                throw inUse(directory);
            }
            if (!Files.isWritable(directory)) {
                throw new AccessDeniedException(directory.toString(), null, "nothing can be written there");
            }
            if (names.isOpenToOthers()) {
                LOG.warn(
                        "{} is open to other users of this machine, who could see or change what is pending; take it from"
                                + " them: chmod 700 {}",
                        directory,
                        directory);
            }
            return new JournalStore(directory, loop, clock, segmentOctets, lock);
        } catch (OverlappingFileLockException e) {
            closeQuietly(lock);
            throw inUse(directory);
        } catch (IOException e) {
            closeQuietly(lock);
            throw new IllegalArgumentException(
                    "pending requests cannot be kept in " + directory + " (" + e
                            + "); give the directory to the user that"
                            + " runs this program (proxy.data-dir), or set proxy.pending=memory",
                    e);
        }
    }

    private static void make(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory.toAbsolutePath().getParent());
            // What requesters ask is nobody else's business.
            if (new JournalNames(directory).isPosix()) {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectory(directory);
            }
        }
    }

    private static IllegalArgumentException inUse(Path directory) {
        return new IllegalArgumentException(directory + " is in use by another process; stop that one, or give each a"
                + " directory of its own (proxy.data-dir)");
    }

    /** Whether a process that used this directory has left files there. */
    public static boolean isUsed(Path directory) {
        try {
            return !new JournalNames(directory).inUse().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public List<RestoredRequest> load(Restoring restoring) {
        Recovery recovery = new Recovery(names, segments, restoring);
        try {
            List<RestoredRequest> left = recovery.run();
            left.sort(Comparator.comparingLong(stored -> Place.of(stored).number));
            nextNumber = recovery.nextNumber();
            leftOver.begin();
            return left;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the pending requests in " + directory + " cannot be taken up (" + e
                            + "); give the files to the user that runs this program and see that the disk is not full, or"
                            + " move them away: the requests in them get no answer then",
                    e);
        }
    }

    @Override
    public int leftOver() {
        return leftOver.size();
    }

    @Override
    public List<RestoredRequest> nextLeftOver() {
        if (closed || !answered.isEmpty()) {
            return List.of();
        }
        try {
            return leftOver.next();
        } catch (IOException e) {
            LOG.error(
                    "what an earlier process left in {} cannot be read any more ({}); it is tried again at the next start",
                    directory,
                    e.toString());
            return List.of();
        }
    }

    @Override
    public void put(PendingRequest pending) {
        if (closed) {
            throw new StanzaErrorException(ProxyErrors.STOPPING);
        }
        if (failing) {
            retry();
        }
        Place before = (Place) pending.stored();
        long number = before == null ? nextNumber++ : before.number;
        long left = pending.deadline - loop.nanoTime();
        long deadlineMillis = clock.millis() + TimeUnit.NANOSECONDS.toMillis(left);
        ByteBuffer framed = RequestRecord.encode(number, deadlineMillis, before != null, pending, room);
        Place record = new Place(number);
        try {
            segments.append(record, framed);
            pending.storedAs(record);
            if (before != null) {
                segments.settle(before);
            }
            if (pending.resource() == null) {
                // It is not sent on now, so no write to the socket follows.
                segments.flush();
            }
        } catch (IOException e) {
            fail(e);
            throw new StanzaErrorException(ProxyErrors.NOT_STORED);
        }
    }

    @Override
    public void answered(PendingRequest pending) {
        Place record = (Place) pending.stored();
        if (record != null) {
            pending.storedAs(null);
            answered.add(record);
        }
    }

    @Override
    public boolean flush(Runnable then) {
        write();
        return true;
    }

    private void write() {
        if (closed) {
            return;
        }
        answered.forEach(segments::settle);
        answered.clear();
        try {
            segments.flush();
            failing = false;
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Once a second it is tried whether the disk takes something again; until it does, nothing more is put. */
    private void retry() {
        if (loop.nanoTime() - retryAt >= 0) {
            write();
        }
        if (failing) {
            throw new StanzaErrorException(ProxyErrors.NOT_STORED);
        }
    }

    private void fail(IOException cause) {
        long now = loop.nanoTime();
        failing = true;
        retryAt = now + RETRY_NANOS;
        if (now - complainAt >= 0) {
            complainAt = now + COMPLAIN_NANOS;
            LOG.error(
                    "pending requests cannot be recorded in {} ({}), so new ones are refused; make room there, or see to the"
                            + " disk. It is tried again each second, and this is said once a minute",
                    directory,
                    cause.toString());
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        int left = segments.live();
        try {
            segments.close();
            lock.close();
        } catch (IOException e) {
            LOG.error("the last changes to {} are lost: {}", directory, e.toString());
        }
        if (left > 0) {
            LOG.info("{} requests without an answer stay in {} for the next start", left, directory);
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("while a lock was given up", e);
            }
        }
    }
}
