package org.clientproxy.proxy.jat;

import java.util.Optional;
import org.clientproxy.xmpp.Jid;

/** A bare address as the localpart of one of ours: {@code user\40domain} (XEP-0106). */
public final class EscapedName {
    private static final String AT = "\\40";

    /** Each has an escape of three characters, a backslash and its code in hexadecimal digits. */
    private static final String ESCAPED = " \"&'/:<>@\\";

    private EscapedName() {}

    /** Whether the localpart is meant as one. */
    public static boolean isOne(String local) {
        return local.contains(AT);
    }

    /** The address that it stands for; empty where it stands for none, or is not how that one is escaped. */
    public static Optional<Jid> read(String local) {
        String address = unescaped(local);
        return Jid.read(address)
                .filter(jid -> jid.local() != null && !jid.isFull())
                // Domains with an @ in them, or two ways to write one name, would let a name be taken for another one.
                .filter(jid -> escaped(address).equalsIgnoreCase(local));
    }

    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            int escape = escapeAt(text, i);
            plain.append(escape < 0 ? text.charAt(i) : (char) escape);
            i += escape < 0 ? 1 : AT.length();
        }
        return plain.toString();
    }

    /** A backslash stays as it is unless it would be read as the beginning of an escape (XEP-0106 §4). */
    private static String escaped(String plain) {
        StringBuilder escaped = new StringBuilder(plain.length() + AT.length());
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c == '\\' ? escapeAt(plain, i) >= 0 : ESCAPED.indexOf(c) >= 0) {
                escaped.append('\\').append(Integer.toHexString(c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** The character that the escape at this place stands for; negative where there is none. */
    private static int escapeAt(String text, int at) {
        if (text.charAt(at) != '\\' || at + AT.length() > text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(at + 1), 16);
        int low = Character.digit(text.charAt(at + 2), 16);
        int code = high << 4 | low;
        return high >= 0 && low >= 0 && ESCAPED.indexOf(code) >= 0 ? code : -1;
    }
}
