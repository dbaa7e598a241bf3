package org.clientproxy.proxy.routes;

/** What is to be done with a request whose attempt has ended. The key is what the routes test. */
public enum Verdict {
    /** The body is the answer. */
    ANSWER("answer"),
    /** Another resource is to be tried, or the first one now that the pool is known. */
    ATTEMPT("attempt"),
    /** The body is the answer to a request that failed, and its pending request is to be ended with it. */
    SETTLE("settle"),
    /** Nothing: the ending belongs to no pending request. */
    DROP("drop");

    private final String key;

    Verdict(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }
}
