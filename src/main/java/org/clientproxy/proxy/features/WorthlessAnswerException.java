package org.clientproxy.proxy.features;

/** Nothing in an answer counts; the message says why, in words of ours. */
final class WorthlessAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    WorthlessAnswerException(String message) {
        super(message);
    }
}
