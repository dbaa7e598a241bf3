package org.clientproxy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.clientproxy.config.ConfigFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for edits of {@code application.properties} once a second, on a thread of its own, as long as the context runs. It reads
 * the file each time, for that works on every kind of file system, and where a directory is replaced by another one. An edit
 * that has been still for a second is handed on, so that a file which is being written is not taken for one that is complete.
 */
final class ConfigWatch extends ServiceSupport {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

    /** Takes edits, on the thread of the watch. */
    interface Edits {
        /** The file holds these keys and values now, which it did not hold before. */
        void edited(Map<String, String> properties);

        /** The file is as it was when it was last read rightly, after it was not. */
        void undone();

        /** The file cannot be read, for this reason. */
        void unreadable(String why);
    }

    private final CamelContext context;
    private final Path file;
    private final Edits edits;
    private final boolean there;
    private Map<String, String> taken;
    private @Nullable Map<String, String> seen;
    private @Nullable String suspected;
    private @Nullable String unreadable;
    private @Nullable ScheduledExecutorService executor;

    /** @param taken what the file holds, as it was read at the start */
    ConfigWatch(CamelContext context, Path file, Map<String, String> taken, Edits edits) {
        this.context = context;
        this.file = file;
        this.taken = taken;
        this.edits = edits;
        this.there = Files.exists(file);
    }

    @Override
    protected void doStart() {
        executor = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "ConfigWatch");
        executor.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    protected void doStop() {
        if (executor != null) {
            context.getExecutorServiceManager().shutdownGraceful(executor);
        }
    }

    private void look() {
        try {
            Map<String, String> now = read();
            boolean still = now != null && now.equals(seen);
            seen = now;
            if (now != null && still && context.isStarted()) {
                take(now);
            }
        } catch (RuntimeException e) {
            LOG.error("could not look for edits of {}, will try again", file, e);
        }
    }

    private void take(Map<String, String> now) {
        boolean again = unreadable != null;
        unreadable = null;
        if (!now.equals(taken)) {
            taken = now;
            edits.edited(now);
        } else if (again) {
            edits.undone();
        }
    }

    private @Nullable Map<String, String> read() {
        try {
            if (there && !Files.exists(file)) {
                // An editor may put another one in its place.
                throw new IllegalArgumentException(file.toAbsolutePath() + " is not there any more");
            }
            Map<String, String> now = ConfigFile.properties(file);
            suspected = null;
            return now;
        } catch (IllegalArgumentException e) {
            failed(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Once for each reason, and not for what is over at the next look. */
    private void failed(String why) {
        if (why.equals(suspected) && !why.equals(unreadable)) {
            unreadable = why;
            edits.unreadable(why);
        }
        suspected = why;
    }
}
