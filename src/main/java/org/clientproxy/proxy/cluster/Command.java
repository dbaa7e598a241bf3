package org.clientproxy.proxy.cluster;

/**
 * What an owner tells the holder of a copy about one request, or a stanza that one node passes on to another.
 *
 * @param number the owner's number of the request; of a reply to all, how often it may be passed on still
 * @param deadline in nanoseconds of this process's clock; of a put and a replacement only
 * @param body the record of a put and a replacement, or the stanza that is passed on; else empty
 * @param instead of a put: the number under which whoever gets this has handed the request over; 0 where it has not
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them, and nobody changes it.
record Command(Kind kind, long number, long deadline, byte[] body, long instead) {
    /** Each with its octet on the wire. */
    enum Kind {
        /** Hold a copy. */
        PUT(0),
        /** Hold this instead. */
        REPLACE(1),
        /** It has its answer: is it still mine to give? */
        SETTLE(2),
        /** Hold it no more. */
        FORGET(3),
        /** It is yours. */
        HAND_OVER(4),
        /** A reply, to whom it names. */
        REPLY(5),
        /** A reply, to whoever has its request. */
        REPLY_TO_ALL(6),
        /** As if it had been read there. */
        STANZA(7);

        final int octet;

        Kind(int octet) {
            this.octet = octet;
        }

        boolean hasRecord() {
            return this == PUT || this == REPLACE;
        }

        /** Whether it is about no request of its sender. */
        boolean isPassedOn() {
            return this == REPLY || this == REPLY_TO_ALL || this == STANZA;
        }

        boolean hasBody() {
            return hasRecord() || isPassedOn();
        }
    }

    private static final byte[] NOTHING = {};

    static Command of(Kind kind, long number) {
        return new Command(kind, number, 0, NOTHING, 0);
    }
}
