package org.clientproxy.proxy;

/** An attempt at a request that is open, as the reference model sees it: where the request is, and under what. */
final class ModelAttempt {
    /** The resource, folded. */
    final String at;

    /** The encoded-from, folded. */
    final String from;

    final String wireId;
    final long sentAt;

    /** Whether the session that it went to has ended, so that one that is there at that address now has not had it. */
    boolean formerSession;

    /** When the grace of its resource that left is over; 0: it has not left so. */
    long graceEnd;

    /** Since when it is the present one: when it was sent, or when the ones after it were over. */
    long presentSince;

    /** Whether its resource has been blamed for being late. */
    boolean blamed;

    ModelAttempt(String at, String from, String wireId, long sentAt) {
        this.at = at;
        this.from = from;
        this.wireId = wireId;
        this.sentAt = sentAt;
        this.presentSince = sentAt;
    }

    String key() {
        return ModelClosedKeys.key(at, from, wireId);
    }

    @Override
    public String toString() {
        return at + " under=" + wireId + " since=" + sentAt + " former=" + formerSession + " graceEnd=" + graceEnd;
    }
}
