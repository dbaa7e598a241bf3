package org.clientproxy.proxy;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import org.clientproxy.stream.StreamLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where pending requests are kept: {@code proxy.pending}. */
public enum PendingKind {
    /** In the memory only. */
    MEMORY,
    /** In a directory {@code NAME.pending} of {@code proxy.data-dir} too. */
    FILE;

    private static final Logger LOG = LoggerFactory.getLogger(PendingKind.class);

    /** The value as it is written in a configuration. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    PendingStore open(ProxySettings settings, StreamLoop loop, InstantSource clock) {
        Path directory = settings.dataDir().resolve(settings.name() + ".pending");
        if (this == FILE) {
            return FilePendingStore.open(directory, loop, clock, FilePendingStore.SEGMENT_OCTETS);
        }
        if (FilePendingStore.isUsed(directory)) {
            LOG.warn(
                    "requests of an earlier run are in {} and get no answer with proxy.pending=memory; start once with"
                            + " proxy.pending=file, or remove the directory",
                    directory);
        }
        return PendingStore.MEMORY;
    }
}
