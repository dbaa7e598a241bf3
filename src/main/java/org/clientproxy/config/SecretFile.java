package org.clientproxy.config;

import org.clientproxy.proxy.settings.FilePath;

/** A file that holds one secret, in one line. */
final class SecretFile {
    private SecretFile() {}

    /**
     * The secret.
     *
     * @param file its name, as it was written
     * @param shown what names the file to an operator
     * @throws IllegalArgumentException that begins with {@code shown} and says what is wrong, and never what is in the file
     */
    static String read(String file, String shown) {
        String text;
        try {
            text = ConfigFile.text(FilePath.of(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(shown + ": " + e.getMessage(), e);
        }
        // What editors put at the end of a file is no part of it.
        String secret = text.replaceFirst("[\\r\\n]+\\z", "");
        if (secret.isEmpty()) {
            throw new IllegalArgumentException(shown + " is an empty file");
        } else if (secret.indexOf('\n') >= 0 || secret.indexOf('\r') >= 0) {
            throw new IllegalArgumentException(shown + " is a file of several lines; the secret is one");
        } else if (secret.indexOf('\uFFFD') >= 0) {
            throw new IllegalArgumentException(
                    shown + " is a file in which a character was lost (U+FFFD is in its place);"
                            + " write the secret again, in UTF-8");
        }
        return secret;
    }
}
