package org.clientproxy.proxy.settings;

/** What somebody has configured cannot be run; the message says why, in words for an operator. No restart mends it. */
public final class WrongConfigurationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public WrongConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
