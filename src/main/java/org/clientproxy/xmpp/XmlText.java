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
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '\'' -> out.append("&apos;");
                case '"' -> out.append("&quot;");
                case '\t' -> out.append("&#9;");
                case '\n' -> out.append("&#10;");
                case '\r' -> out.append("&#13;");
                default -> {
                    boolean pair = Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1));
                    if (pair) {
                        out.append(c).append(text.charAt(++i));
                    } else {
                        out.append(c < ' ' || Character.isSurrogate(c) || c > '\ufffd' ? '\ufffd' : c);
                    }
                }
            }
        }
    }
}
