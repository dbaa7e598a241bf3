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
    /** In the order of their octets on the wire. */
    enum Kind {
        /** Hold a copy. */
        PUT,
        /** Hold this instead. */
        REPLACE,
        /** It has its answer: is it still mine to give? */
        SETTLE,
        /** Hold it no more. */
        FORGET,
        /** It is yours. */
        HAND_OVER;

        boolean hasBody() {
            return this == PUT || this == REPLACE;
        }
    }

    private static final byte[] NOTHING = {};

    static Command of(Kind kind, long number) {
        return new Command(kind, number, 0, NOTHING, 0);
    }
}
