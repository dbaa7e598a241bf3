package org.clientproxy.xmpp;

/** Character data on its way into a document. */
public final class XmlText {
    private static final AsciiSet PLAIN = AsciiSet.printableBut("&<>'\"");

    private XmlText() {}

    /** Whether a text is ASCII, and {@link #escape} would change nothing of it. */
    public static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!PLAIN.contains(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Appends text so that it reads back unchanged in content and in an attribute of either quote. White space other
     * than the blank goes out as a reference, for attribute normalization would turn it into blanks (XML 1.0 §3.3.3).
     * What no document may have (§2.2), and would end the stream of whoever sends it, goes out as U+FFFD.
     */
    public static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '>' -> out.append("&gt;");
                case '\'' -> out.append("&apos;");
                case '"' -> out.append("&quot;");
                default -> i = character(text, i, out);
            }
        }
    }

    /**
     * Appends an attribute's value with its quotes, so that it reads back unchanged, in as few octets as XML allows: however
     * a server wrote it, this is not longer.
     */
    public static void attribute(String value, StringBuilder out) {
        int surplus = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            surplus += c == '\'' ? 1 : c == '"' ? -1 : 0;
        }
        char quote = surplus > 0 ? '"' : '\'';
        out.append(quote);
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) == quote) {
                out.append(quote == '"' ? "&#34;" : "&#39;");
            } else {
                i = character(value, i, out);
            }
        }
        out.append(quote);
    }

    /** Appends one character, quotes and {@code >} as they are, and gives the index of the last half of it. */
    private static int character(String text, int i, StringBuilder out) {
        char c = text.charAt(i);
        switch (c) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '\t' -> out.append("&#9;");
            case '\n' -> out.append("&#10;");
            case '\r' -> out.append("&#13;");
            default -> {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (pair) {
                    out.append(c).append(text.charAt(i + 1));
                    return i + 1;
                }
                out.append(c < ' ' || Character.isSurrogate(c) || c > '\ufffd' ? '\ufffd' : c);
            }
        }
        return i;
    }
}
