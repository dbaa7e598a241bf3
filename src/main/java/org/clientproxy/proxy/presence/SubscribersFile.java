package org.clientproxy.proxy.presence;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.clientproxy.stream.StreamLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who has the proxy host in their rosters, in a file for its owner only, to which changes are appended and which is written anew
 * at each start, and when most of it has been overtaken. It is written on a thread of its own, a change as soon as the one before
 * is there. Without the file nothing is lost for good: servers probe for those who subscribed. Used on the loop only, where
 * nothing else is said.
 */
final class SubscribersFile {
    private static final Logger LOG = LoggerFactory.getLogger(SubscribersFile.class);

    /** So many changes may wait for a slow disk; for more the whole file is written anew. */
    static final int MOST_WAITING = 10_000;

    /** So many lines beyond what is needed are no matter. */
    static final int SURPLUS = 10_000;

    private final Path file;
    private final StreamLoop loop;
    private final Executor writer;
    private final Subscribers subscribers;
    private final List<String> waiting = new ArrayList<>();
    private long lines;
    private boolean writing;
    private boolean anew;
    // On the writer.
    private boolean failing;

    /**
     * @param writer takes one task after the other
     * @param subscribers those that the file is to hold
     */
    SubscribersFile(Path file, StreamLoop loop, Executor writer, Subscribers subscribers) {
        this.file = file;
        this.loop = loop;
        this.writer = writer;
        this.subscribers = subscribers;
    }

    /**
     * Takes in what an earlier process left, and writes that anew. Before the loop has anything to do with it; not on the loop.
     *
     * @param oldestDay who has shown no sign of life since is left out
     */
    void load(SubscriberLines read, long oldestDay) {
        if (Files.exists(file)) {
            try {
                read.read(file);
            } catch (IOException e) {
                LOG.warn(
                        "{} cannot be read, so those who subscribed are known again when their servers probe: {}",
                        file,
                        e.toString());
                return;
            }
            if (read.damaged() > 0) {
                LOG.warn("{} lines of {} are damaged and left out", read.damaged(), file);
            }
        }
        read.found().removeIf(subscriber -> subscriber.probedDay() < oldestDay);
        read.found().forEach(subscribers::add);
        lines = subscribers.size();
        write(subscribers.all());
    }

    void came(Subscriber subscriber) {
        changed(SubscriberLines.came(subscriber));
    }

    void went(Subscriber subscriber) {
        changed(SubscriberLines.went(subscriber.jid()));
    }

    private void changed(String line) {
        if (waiting.size() >= MOST_WAITING) {
            anew = true;
            waiting.clear();
        }
        waiting.add(line);
        writeNext();
    }

    private void writeNext() {
        if (writing || waiting.isEmpty()) {
            return;
        }
        List<String> next = List.copyOf(waiting);
        waiting.clear();
        lines += next.size();
        Runnable task = () -> append(next);
        if (anew || lines > 2L * subscribers.size() + SURPLUS) {
            List<Subscriber> whole = subscribers.all();
            anew = false;
            lines = whole.size();
            task = () -> write(whole);
        }
        writing = true;
        try {
            Runnable written = task;
            writer.execute(() -> {
                written.run();
                loop.execute(this::written);
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the proxy has stopped; {} changes are not kept", next.size());
        }
    }

    private void written() {
        writing = false;
        writeNext();
    }

    private void append(List<String> changes) {
        try (SeekableByteChannel out =
                Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), ownerOnly())) {
            ByteBuffer octets = StandardCharsets.UTF_8.encode(String.join("", changes));
            while (octets.hasRemaining()) {
                out.write(octets);
            }
            failing = false;
        } catch (IOException e) {
            failed(e);
        }
    }

    private void write(Collection<Subscriber> whole) {
        try {
            Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
            // For its owner only, as temporary files are made.
            Path written = Files.createTempFile(directory, file.getFileName() + ".", ".tmp");
            try {
                try (BufferedWriter out = Files.newBufferedWriter(written)) {
                    for (Subscriber subscriber : whole) {
                        out.write(SubscriberLines.came(subscriber));
                    }
                }
                Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(written);
            }
            failing = false;
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        if (!failing) {
            LOG.warn(
                    "who subscribed cannot be kept in {} ({}): after a restart each is known again only when its server"
                            + " probes. Make the directory of proxy.data-dir writable",
                    file,
                    e.toString());
        }
        failing = true;
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
