package org.clientproxy.bench;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts what a component sends into its stanzas. Quick rather than strict: it knows the programs that it reads, and the payload.
 */
final class Stanzas {
    private byte[] octets = new byte[1 << 16];
    private int limit;
    private int begin;
    private int tagEnd;
    private int end;

    void append(ByteBuf in) {
        if (end > 0) {
            System.arraycopy(octets, end, octets, 0, limit - end);
            limit -= end;
            end = 0;
        }
        int length = in.readableBytes();
        if (limit + length > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(limit + length, 2 * octets.length));
        }
        in.readBytes(octets, limit, length);
        limit += length;
    }

    /** Goes to the next whole stanza, or tag of the stream; false where there is none yet. */
    boolean next() {
        int at = end;
        while (at < limit && (octets[at] != '<' || at + 1 < limit && octets[at + 1] == '?')) {
            at++;
        }
        int close = indexOf('>', at);
        if (close < 0) {
            return false;
        }
        begin = at;
        tagEnd = close + 1;
        boolean alone = octets[close - 1] == '/' || octets[at + 1] == '/' || starts("<stream:");
        if (alone) {
            end = tagEnd;
            return true;
        }
        // The content never holds an element of the same name.
        int nameEnd = at + 1;
        while (octets[nameEnd] != ' ' && octets[nameEnd] != '>') {
            nameEnd++;
        }
        int length = nameEnd - at - 1;
        for (int open = indexOf('<', tagEnd); open >= 0; open = indexOf('<', open + 1)) {
            int over = open + 2 + length;
            if (over >= limit) {
                return false;
            }
            if (octets[open + 1] == '/'
                    && octets[over] == '>'
                    && Arrays.equals(octets, open + 2, over, octets, at + 1, nameEnd)) {
                end = over + 1;
                return true;
            }
        }
        return false;
    }

    boolean is(String name) {
        int after = begin + 1 + name.length();
        return starts("<" + name) && (octets[after] == ' ' || octets[after] == '>' || octets[after] == '/');
    }

    String attribute(String name) {
        for (int at = begin + 1; at < tagEnd; at++) {
            if (octets[at] == ' ' && matches(at + 1, name) && octets[at + 1 + name.length()] == '=') {
                int from = at + name.length() + 3;
                int to = indexOf((char) octets[from - 1], from);
                return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    /** Whether the stanza is over with this, from the end of its start tag on. */
    boolean endsWith(byte[] body) {
        return Arrays.equals(octets, tagEnd - 1, end, body, 0, body.length);
    }

    /** Writes the stanza from the end of its start tag on. */
    void writeBody(ByteBuf out) {
        out.writeBytes(octets, tagEnd - 1, end - tagEnd + 1);
    }

    String text() {
        return new String(octets, begin, end - begin, StandardCharsets.UTF_8);
    }

    private boolean starts(String text) {
        return matches(begin, text);
    }

    private boolean matches(int at, String text) {
        if (at + text.length() > limit) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (octets[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int indexOf(char sought, int from) {
        for (int i = from; i < limit; i++) {
            if (octets[i] == sought) {
                return i;
            }
        }
        return -1;
    }
}
