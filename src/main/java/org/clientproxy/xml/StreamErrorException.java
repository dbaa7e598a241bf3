package org.clientproxy.xml;

import org.clientproxy.xmpp.StreamError;

/** What came makes it impossible to go on with the stream. */
public final class StreamErrorException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient StreamError error;

    public StreamErrorException(StreamError.Condition condition, String text) {
        super(condition.xmlName() + ": " + text, null, false, false);
        this.error = new StreamError(condition, text);
    }

    /** The stream error to be sent before the stream is closed. */
    public StreamError error() {
        return error;
    }
}
