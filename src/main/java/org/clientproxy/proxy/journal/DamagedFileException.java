package org.clientproxy.proxy.journal;

/** A file of pending requests is not as it was written; the message says in what, as a clause about the file. */
final class DamagedFileException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedFileException(String message) {
        super(message);
    }
}
