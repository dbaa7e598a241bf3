package org.clientproxy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.clientproxy.config.ConfigFile;
import org.clientproxy.proxy.reload.EditPoll;
import org.jspecify.annotations.Nullable;

/** Looks for edits of {@code application.properties}, as long as the context runs, and says which are to be taken. */
final class ConfigWatch extends ServiceSupport {
    /** Takes edits, on the thread of the watch. */
    interface Edits {
        /** The file holds these keys and values now, which it did not hold before. */
        void edited(Map<String, String> properties);

        /** The file is as it was when it was last read rightly, after it was not. */
        void undone();

        /** The file cannot be read, for this reason. */
        void unreadable(String why);
    }

    private final EditPoll<Map<String, String>> poll;
    private final Path file;
    private final Edits edits;
    private final boolean there;
    private Map<String, String> taken;
    private @Nullable String suspected;
    private @Nullable String unreadable;

    /** @param taken what the file holds, as it was read at the start */
    ConfigWatch(CamelContext context, Path file, Map<String, String> taken, Edits edits) {
        this.poll = new EditPoll<>(context, file.toString(), this::read, this::take);
        this.file = file;
        this.taken = taken;
        this.edits = edits;
        this.there = Files.exists(file);
    }

    @Override
    protected void doStart() {
        poll.start();
    }

    @Override
    protected void doStop() {
        poll.stop();
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
