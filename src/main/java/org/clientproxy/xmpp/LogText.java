package org.clientproxy.xmpp;

import org.jspecify.annotations.Nullable;

/** What strangers wrote, on its way into a log: it can begin no line of its own, nor turn the direction of one. */
public final class LogText {
    private static final int LIMIT = 256;

    private LogText() {}

    /** The text in one line: line ends, control and format characters as {@code \}{@code uXXXX}, and not for ever. */
    public static String of(@Nullable String text) {
        if (text == null || isPlain(text)) {
            return String.valueOf(text);
        }
        StringBuilder line = new StringBuilder(text.length() + 16);
        text.codePoints().limit(LIMIT).forEach(c -> {
            if (isHarmless(c)) {
                line.appendCodePoint(c);
            } else {
                line.append(String.format(c > 0xffff ? "\\U%08X" : "\\u%04X", c));
            }
        });
        return text.codePointCount(0, text.length()) > LIMIT ? line.append('…').toString() : line.toString();
    }

    private static boolean isPlain(String text) {
        if (text.length() > LIMIT) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
