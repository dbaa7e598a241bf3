package org.clientproxy.proxy.features;

/** Nothing in an answer counts. */
final class WorthlessAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    private final String why;

    /** @param why in words of ours */
    WorthlessAnswerException(String why) {
        super(why);
        this.why = why;
    }

    String why() {
        return why;
    }
}
