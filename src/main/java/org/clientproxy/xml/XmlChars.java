package org.clientproxy.xml;

import com.ctc.wstx.io.WstxInputData;
import java.nio.charset.StandardCharsets;

/** The character classes of XML 1.0, and how an attribute's value is read. */
final class XmlChars {
    private XmlChars() {}

    static boolean isSpace(int c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r';
    }

    /** Production 2: what may stand in a document at all. */
    static boolean isChar(int c) {
        return c >= 0x20 && c <= 0xd7ff
                || c == '\n'
                || c == '\t'
                || c == '\r'
                || c >= 0xe000 && c <= 0xfffd
                || c >= 0x10000 && c <= 0x10ffff;
    }

    /**
     * Whether a name may begin with it, by the fourth edition, as Woodstox and the servers' parsers have it; the fifth
     * allows more. The colon counts as such a character here.
     */
    static boolean isNameStart(int c) {
        return c < 0x80
                ? c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':'
                : c < 0x10000 && WstxInputData.findIllegalNameChar(Character.toString(c), false, false) < 0;
    }

    /** Whether it may be in a name, by the same edition. */
    static boolean isNameChar(int c) {
        return c < 0x80
                ? isNameStart(c) || c >= '0' && c <= '9' || c == '-' || c == '.'
                : c < 0x10000 && WstxInputData.findIllegalNameChar("a" + (char) c, false, false) < 0;
    }

    /** The character that a reference stands for, without {@code &} and {@code ;}; -1 where it stands for none. */
    static int reference(String name) {
        return switch (name) {
            case "lt" -> '<';
            case "gt" -> '>';
            case "amp" -> '&';
            case "apos" -> '\'';
            case "quot" -> '"';
            default -> number(name);
        };
    }

    private static int number(String name) {
        boolean hex = name.startsWith("#x");
        String digits = hex ? name.substring(2) : name.startsWith("#") ? name.substring(1) : "";
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c < 0x80 && Character.digit(c, hex ? 16 : 10) >= 0)) {
            return -1;
        }
        long code = Long.parseLong(digits, hex ? 16 : 10);
        return code <= 0x10ffff && isChar((int) code) ? (int) code : -1;
    }

    /** The value of an attribute from the octets between its quotes, which were checked (XML 1.0 §3.3.3). */
    static String attributeValue(byte[] octets, int offset, int length) {
        String raw = new String(octets, offset, length, StandardCharsets.UTF_8);
        boolean plain = true;
        for (int i = 0; i < raw.length() && plain; i++) {
            char c = raw.charAt(i);
            plain = c >= ' ' && c != '&';
        }
        if (plain) {
            return raw;
        }
        StringBuilder value = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '&') {
                int end = raw.indexOf(';', i);
                value.appendCodePoint(reference(raw.substring(i + 1, end)));
                i = end;
            } else if (c != '\r' || i + 1 == raw.length() || raw.charAt(i + 1) != '\n') {
                // Of a line end of two characters the second stands for both (§2.11).
                value.append(c < ' ' ? ' ' : c);
            }
        }
        return value.toString();
    }
}
