package org.clientproxy.xmpp;

/** A set of characters of ASCII, a bit for each: of those below 64, and of the others. Asked for each character of each address. */
record AsciiSet(long low, long high) {
    /** The printable characters, the blank among them, without these. */
    static AsciiSet printableBut(String excluded) {
        long[] bits = new long[2];
        for (char c = ' '; c < 0x7f; c++) {
            bits[c / Long.SIZE] |= (excluded.indexOf(c) < 0 ? 1L : 0L) << c;
        }
        return new AsciiSet(bits[0], bits[1]);
    }

    boolean contains(int c) {
        return c < 0x80 && ((c < Long.SIZE ? low : high) >>> c & 1) != 0;
    }
}
