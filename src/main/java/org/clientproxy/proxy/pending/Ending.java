package org.clientproxy.proxy.pending;

/** How one attempt at a request came to its end. */
public enum Ending {
    /** The resource replied. */
    REPLY,
    /** The resource replied with what is no reply, so that its requester gets an error of ours. */
    BAD_REPLY,
    /** The request bounced, and the resource was still in the pool when there had been time to hear of its leaving. */
    BOUNCED,
    /** The resource left the pool, and either the request bounced or the grace passed without an answer. */
    GONE,
    /** The resource says that it cannot take the request now ({@code proxy.retry-on}). */
    BUSY,
    /** The request came back while another resource has it too. */
    RETURNED,
    /** The resource has not replied within the time of an attempt. The attempt stays open; another resource may be asked as well. */
    SLOW,
    /**
     * The session that the request went to has ended, and another one has taken its resource: by the end of the grace there
     * was no answer, and the request may go out again.
     */
    REPLACED,
    /** The request's deadline passed. */
    EXPIRED,
    /** A step of ours failed; the exchange carries the exception. */
    FAILED,
    /** The proxy is stopping. */
    STOPPED,
    /** An earlier process left it, and there is no room for it in this one. */
    NOT_TAKEN_UP,
    /** The pool is known, or has grown, so a request that waited for it may be sent. */
    CONFIRMED
}
