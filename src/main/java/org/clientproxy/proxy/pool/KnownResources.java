package org.clientproxy.proxy.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions that have registered and have not left, in memory and in a file of lines, so that the next process can ask each of
 * them whether it is still there. The file follows within a second. Without it nothing is lost for good: who is not asked
 * registers again by itself. Used on the loop only.
 */
final class KnownResources {
    private static final Logger LOG = LoggerFactory.getLogger(KnownResources.class);
    private static final Duration DELAY = Duration.ofSeconds(1);

    private final Path file;
    private final Jid target;
    private final StreamLoop loop;
    private final Map<String, Jid> resources = new LinkedHashMap<>();
    private StreamLoop.@Nullable Timeout write;
    private boolean failing;

    /** @param file is read now; there need be none */
    KnownResources(Path file, Jid target, StreamLoop loop) {
        this.file = file;
        this.target = target;
        this.loop = loop;
        read();
    }

    Collection<Jid> all() {
        return List.copyOf(resources.values());
    }

    void add(Jid resource) {
        if (resources.putIfAbsent(resource.key(), resource) == null) {
            changed();
        }
    }

    void remove(Jid resource) {
        if (resources.remove(resource.key()) != null) {
            changed();
        }
    }

    /** Forgets the others. */
    void keep(Predicate<Jid> kept) {
        if (resources.values().removeIf(kept.negate())) {
            changed();
        }
    }

    /** Writes what has changed, at once. */
    void flush() {
        if (write != null) {
            write.cancel();
            write();
        }
    }

    private void changed() {
        if (write == null) {
            write = loop.schedule(this::write, DELAY.toNanos());
        }
    }

    private void write() {
        write = null;
        try {
            Path directory = file.toAbsolutePath().getParent();
            // For its owner only, as temporary files are made.
            Path written = Files.createTempFile(Files.createDirectories(directory), file.getFileName() + ".", ".tmp");
            try {
                Files.write(
                        written, resources.values().stream().map(Jid::toString).toList());
                Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(written);
            }
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn(
                        "who has registered cannot be kept in {} ({}): after a restart each session is known again only when"
                                + " it sends its presence by itself. Make the directory of proxy.data-dir writable",
                        file,
                        e.toString());
            }
            failing = true;
        }
    }

    private void read() {
        if (!Files.exists(file)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(file)) {
                Jid resource = Jid.read(line).orElse(null);
                if (resource != null && resource.isFull() && resource.sameBare(target)) {
                    resources.put(resource.key(), resource);
                } else if (!line.isBlank()) {
                    LOG.warn(
                            "{} has a line that is no session of {}, which is left out: {}",
                            file,
                            target,
                            LogText.of(line));
                }
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be read, so each session registers again by itself: {}", file, e.toString());
        }
    }
}
