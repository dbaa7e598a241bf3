package org.clientproxy.check;

import java.util.Locale;

/** What a line of the report means for its reader. */
enum Level {
    /** All is well. */
    OK,
    /** It works, but somebody should look at it. */
    WARNING,
    /** Requests will not be served until somebody changes something. */
    WRONG,
    /** It could not be looked at, or need not be. */
    SKIPPED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
