package org.clientproxy.proxy.settings;

/** The values of {@code proxy.retry-set}: which requests of type {@code set} may go to another resource. */
public enum RetrySet {
    /** None. */
    NEVER,
    /** One that surely did not reach its resource. */
    UNDELIVERED,
    /** Each, though the first resource may have carried it out. */
    ALWAYS
}
