package org.clientproxy.proxy.settings;

import java.util.Locale;

/** Where pending requests are kept: {@code proxy.pending}. */
public enum PendingKind {
    /** In the memory only. */
    MEMORY,
    /** In a directory {@code NAME.pending} of {@code proxy.data-dir} too. */
    FILE;

    /** The value as it is written in a configuration. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
