package org.clientproxy.proxy.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths as an operator writes them. */
public final class FilePath {
    /** What to do where characters beyond ASCII do not come through. */
    public static final String LOCALE = "start this program with LC_ALL=C.UTF-8";

    private FilePath() {}

    /**
     * The path that is written so.
     *
     * @throws IllegalArgumentException where this process cannot name such a file, and what to do
     */
    public static Path of(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    text.indexOf('\0') < 0
                            ? "the locale of this process has no such characters in the names of files; " + LOCALE
                            : "no name of a file",
                    e);
        }
    }
}
