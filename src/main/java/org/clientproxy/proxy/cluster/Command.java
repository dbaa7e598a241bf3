package org.clientproxy.proxy.cluster;

/**
 * What an owner tells the holder of a copy about one request.
 *
 * @param number the owner's number of the request
 * @param deadline in nanoseconds of this process's clock; of a put and a replacement only
 * @param body the record; empty but in a put and a replacement
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
        HAND_OVER(4);

        final int octet;

        Kind(int octet) {
            this.octet = octet;
        }

        boolean hasBody() {
            return this == PUT || this == REPLACE;
        }
    }

    private static final byte[] NOTHING = {};

    static Command of(Kind kind, long number) {
        return new Command(kind, number, 0, NOTHING, 0);
    }
}
