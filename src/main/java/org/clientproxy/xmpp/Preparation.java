package org.clientproxy.xmpp;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How servers prepare the parts of an address before they compare it: stringprep (RFC 3454) with the profiles nodeprep,
 * resourceprep (RFC 6122) and nameprep (RFC 3491), which Prosody and ejabberd use. For what most people type RFC 7622 gives the
 * same: wide letters become narrow ones, capital letters small ones.
 *
 * <p>The tables of stringprep are of Unicode 3.2; here those of the Java platform stand for them. They differ in characters
 * that came later, which ejabberd refuses.
 */
final class Preparation {
    /** The dots of other scripts, which separate labels as well (RFC 3490 §3.1). */
    private static final Pattern DOT = Pattern.compile("[\u3002\uff0e\uff61]");

    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

    private Preparation() {}

    /** The localpart as nodeprep maps it. What is forbidden in it stays in it. */
    static String local(String text) {
        if (isAscii(text)) {
            return text.toLowerCase(Locale.ROOT);
        }
        String folded = Normalizer.normalize(fold(text), Normalizer.Form.NFKC);
        // A compatibility form may hold capital letters again, such as that of the sign for "tel".
        return Normalizer.normalize(fold(folded), Normalizer.Form.NFKC);
    }

    /** The resourcepart as resourceprep maps it, which keeps the case of letters. What is forbidden in it stays in it. */
    static String resource(String text) {
        if (isAscii(text)) {
            return text;
        }
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints().filter(c -> !isDropped(c)).forEach(kept::appendCodePoint);
        return Normalizer.normalize(kept, Normalizer.Form.NFKC);
    }

    /**
     * The domainpart as nameprep maps it, without a final dot. A-labels ({@code xn--…}) stay what they are, since servers keep
     * them apart from U-labels.
     *
     * @throws IllegalArgumentException where a label cannot be one
     */
    static String domain(String text) {
        String folded = foldedDomain(text);
        return isAscii(folded) ? folded : eachLabel(folded, label -> isAscii(label) ? label : unicode(label));
    }

    /**
     * The spelling under which domainparts are the same that are one domain, with A-labels as U-labels (RFC 7622 §3.2.1). For
     * comparing only; takes anything.
     */
    static String comparedDomain(String text) {
        String folded = foldedDomain(text);
        if (isAscii(folded) && !folded.contains("xn--")) {
            return folded;
        }
        try {
            return eachLabel(folded, Preparation::unicode);
        } catch (IllegalArgumentException e) {
            return folded;
        }
    }

    /** With dots of one kind, and letters of ASCII small, so that A-labels are known; the others are folded label by label. */
    private static String foldedDomain(String text) {
        String folded = isAscii(text)
                ? text.toLowerCase(Locale.ROOT)
                : CAPITAL.matcher(DOT.matcher(text).replaceAll("."))
                        .replaceAll(letter -> letter.group().toLowerCase(Locale.ROOT));
        return folded.endsWith(".") ? folded.substring(0, folded.length() - 1) : folded;
    }

    private static String eachLabel(String domain, UnaryOperator<String> change) {
        return Stream.of(domain.split("\\.", -1)).map(change).collect(Collectors.joining("."));
    }

    private static String unicode(String label) {
        return IDN.toUnicode(IDN.toASCII(label, IDN.ALLOW_UNASSIGNED), IDN.ALLOW_UNASSIGNED);
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Folds the case as tables B.1 and B.2 of RFC 3454 do: a letter may become several, or none. */
    private static String fold(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isWithoutCase(c)) {
                folded.appendCodePoint(c);
            } else if (!isDropped(c)) {
                // One by one, so that a sigma at the end is a sigma.
                Character.toString(c)
                        .toUpperCase(Locale.ROOT)
                        .codePoints()
                        .forEach(
                                upper -> folded.append(Character.toString(upper).toLowerCase(Locale.ROOT)));
            }
        });
        return folded.toString();
    }

    /**
     * Letters that table B.2 lets alone: the small dotless i, whose capital letter folds to another one, and those of
     * Georgian, Cherokee and a few more that got their other case later.
     */
    private static boolean isWithoutCase(int c) {
        return c == 0x131
                || c == 0x4c0
                || c >= 0x10a0 && c <= 0x10ff
                || c >= 0x13a0 && c <= 0x13ff
                || c == 0x2132
                || c == 0x2183;
    }

    /** Table B.1: hyphens and joiners that nobody sees, and signs that choose between forms of a letter. */
    private static boolean isDropped(int c) {
        return c == 0xad
                || c == 0x34f
                || c == 0x1806
                || c >= 0x180b && c <= 0x180d
                || c >= 0x200b && c <= 0x200d
                || c == 0x2060
                || c >= 0xfe00 && c <= 0xfe0f
                || c == 0xfeff;
    }

    /** Why servers refuse this localpart or resourcepart; null: they do not. */
    static @Nullable String refusal(String prepared) {
        boolean rightToLeft = false;
        boolean leftToRight = false;
        for (int i = 0; i < prepared.length(); ) {
            int c = prepared.codePointAt(i);
            if (isForbidden(c)) {
                return String.format("holds the forbidden character U+%04X", c);
            }
            rightToLeft |= isRightToLeft(c);
            leftToRight |= Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT;
            i += Character.charCount(c);
        }
        // RFC 3454 §6.
        boolean whole = !rightToLeft
                || !leftToRight
                        && isRightToLeft(prepared.codePointAt(0))
                        && isRightToLeft(prepared.codePointBefore(prepared.length()));
        return whole
                ? null
                : "mixes characters that are written from the left with such that are written from the right";
    }

    private static boolean isRightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    /** Tables C.1.2 to C.9 of RFC 3454. */
    private static boolean isForbidden(int c) {
        return switch (Character.getType(c)) {
            case Character.SPACE_SEPARATOR -> c != ' ';
            case Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE -> true;
            default ->
                c == 0xfffc
                        || c == 0xfffd
                        || c >= 0x2ff0 && c <= 0x2ffb
                        || c >= 0xfdd0 && c <= 0xfdef
                        || (c & 0xfffe) == 0xfffe;
        };
    }
}
