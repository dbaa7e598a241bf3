package org.clientproxy.xml;

import org.clientproxy.xmpp.StreamError.Condition;

/** Puts the code points of a strict UTF-8 octet stream together (RFC 3629): no overlong form, no surrogate. */
final class Utf8 {
    private int missing;
    private int code;
    private int smallest;

    /** Whether octets of a character are still to come. */
    boolean isOpen() {
        return missing > 0;
    }

    /** Takes one octet of a character beyond ASCII; gives the code point when it is whole, else -1. */
    int take(byte octet) throws StreamErrorException {
        int b = octet & 0xff;
        if (missing == 0) {
            missing = b >= 0xc2 && b <= 0xdf ? 1 : b >= 0xe0 && b <= 0xef ? 2 : b >= 0xf0 && b <= 0xf4 ? 3 : 0;
            if (missing == 0) {
                throw invalid();
            }
            code = b & (0x3f >> missing);
            smallest = missing == 1 ? 0x80 : missing == 2 ? 0x800 : 0x10000;
            return -1;
        }
        if ((b & 0xc0) != 0x80) {
            throw invalid();
        }
        code = code << 6 | b & 0x3f;
        if (--missing > 0) {
            return -1;
        }
        if (code < smallest || !XmlChars.isChar(code)) {
            throw invalid();
        }
        return code;
    }

    private static StreamErrorException invalid() {
        return new StreamErrorException(Condition.NOT_WELL_FORMED, "octets that are no XML character in UTF-8");
    }
}
