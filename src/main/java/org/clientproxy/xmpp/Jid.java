package org.clientproxy.xmpp;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An XMPP address, {@code localpart@domainpart/resourcepart}, immutable (RFC 7622 §3).
 *
 * <p>It keeps the spelling that it was parsed from, which {@link #toString()} gives back. Two addresses are equal when
 * their domainparts and localparts are equal after the preparation that servers do ({@link Preparation}), with A-labels and U-labels
 * as one domain, and their resourceparts are equal to the letter. {@link #parse} checks structure, forbidden characters and
 * limits only: some servers deliver addresses as they were typed. {@link #normalised} is for what a person typed.
 */
public final class Jid {
    /** The longest that each of the three parts may be, in octets of UTF-8 (RFC 7622 §3.1). */
    public static final int MAX_PART_OCTETS = 1023;

    private static final String NO_ADDRESS = "not an XMPP address: ";

    private static final String CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /** What an A-label begins with, all but its last hyphen. */
    private static final String A_LABEL = "xn-";

    private enum Part {
        LOCAL("localpart", " \"&'/:<>@", CAPITALS),
        DOMAIN("domainpart", " \"&'/<>@\\", CAPITALS),
        RESOURCE("resourcepart", "", "&<>'\"");

        private final String title;

        @SuppressWarnings("ImmutableEnumChecker") // A record of two numbers is immutable without saying so.
        private final AsciiSet allowed;

        @SuppressWarnings("ImmutableEnumChecker") // Likewise.
        private final AsciiSet plain;

        /**
         * @param forbidden of the printable characters of ASCII
         * @param notPlain those of the others that are not compared, or not written into a start tag, as they are
         */
        Part(String title, String forbidden, String notPlain) {
            this.title = title;
            this.allowed = AsciiSet.printableBut(forbidden);
            this.plain = AsciiSet.printableBut(forbidden + notPlain);
        }

        boolean allows(int c) {
            return allowed.contains(c)
                    || c >= 0xa0
                            && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                            && c != 0xfffe
                            && c != 0xffff;
        }
    }

    private final String text;
    // Where the parts lie: of most addresses only some are ever asked for, so none is copied before. No @: at is -1; no
    // resourcepart: slash is the length.
    private final int at;
    private final int slash;
    private final boolean plain;
    // Made when first needed; two threads that race for it write equal strings.
    private @Nullable String key;

    private Jid(String text, int at, int slash, boolean plain) {
        this.text = text;
        this.at = at;
        this.slash = slash;
        this.plain = plain;
        this.key = plain ? text : null;
    }

    /** Reads an address as a server delivers it, or throws {@link IllegalArgumentException} that says what is wrong. */
    public static Jid parse(String text) {
        int first = text.indexOf('/');
        int slash = first < 0 ? text.length() : first;
        int at = text.indexOf('@');
        if (at > slash) {
            at = -1;
        }
        if (isPlain(text, at, slash)) {
            return new Jid(text, at, slash, true);
        }
        String problem = at < 0 ? null : problem(Part.LOCAL, text, 0, at);
        if (problem == null) {
            problem = problem(Part.DOMAIN, text, at + 1, slash);
        }
        if (problem == null && first >= 0) {
            problem = problem(Part.RESOURCE, text, slash + 1, text.length());
        }
        if (problem != null) {
            throw new IllegalArgumentException(NO_ADDRESS + problem);
        }
        return new Jid(text, at, slash, false);
    }

    /**
     * Whether nothing about an address needs a second look, as it is with nearly all: each of its parts is allowed, of ASCII, as
     * it is compared, and needs no reference in XML.
     */
    private static boolean isPlain(String text, int at, int slash) {
        if (at >= 0 && !isPlain(Part.LOCAL, text, 0, at)
                || !isPlain(Part.DOMAIN, text, at + 1, slash)
                || slash < text.length() && !isPlain(Part.RESOURCE, text, slash + 1, text.length())) {
            return false;
        }
        int label = text.indexOf(A_LABEL);
        return (label < 0 || label > slash) && text.charAt(slash - 1) != '.';
    }

    private static boolean isPlain(Part part, String text, int from, int to) {
        int i = from;
        while (i < to && part.plain.contains(text.charAt(i))) {
            i++;
        }
        return i == to && from < to && to - from <= MAX_PART_OCTETS;
    }

    /** Reads an address as a server delivers it; empty where it is absent or none. */
    public static Optional<Jid> read(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads an address that a person typed, and prepares it as servers do: wide and capital letters become narrow and small
     * ones in localpart and domainpart, a final dot goes, the resourcepart keeps its case (RFC 7622 §3.2 to §3.4, RFC 6122).
     *
     * @throws IllegalArgumentException that says what is wrong, where servers refuse it
     */
    public static Jid normalised(String typed) {
        Jid jid = parse(typed.strip());
        StringBuilder prepared = new StringBuilder();
        String local = jid.local();
        if (local != null) {
            prepared.append(checked(Part.LOCAL, Preparation.local(local))).append('@');
        }
        try {
            prepared.append(checked(Part.DOMAIN, Preparation.domain(jid.domain())));
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            throw new IllegalArgumentException(
                    reason.startsWith(NO_ADDRESS) ? reason : NO_ADDRESS + "its domainpart is none, " + reason, e);
        }
        String resource = jid.resource();
        if (resource != null) {
            prepared.append('/').append(checked(Part.RESOURCE, Preparation.resource(resource)));
        }
        // What was dropped may have stood behind a blank.
        return parse(prepared.toString().strip());
    }

    /** The part, where it may be one: what was forbidden or has become so, such as a wide slash, is said. */
    private static String checked(Part part, String prepared) {
        String problem = problem(part, prepared, 0, prepared.length());
        String refusal = problem == null && part != Part.DOMAIN ? Preparation.refusal(prepared) : null;
        if (refusal != null) {
            problem = "its " + part.title + " " + refusal;
        }
        if (problem != null) {
            throw new IllegalArgumentException(NO_ADDRESS + problem);
        }
        return prepared;
    }

    /** The localpart as it was spelled, or null. */
    public @Nullable String local() {
        return at < 0 ? null : text.substring(0, at);
    }

    /** The domainpart as it was spelled. */
    public String domain() {
        return text.substring(at + 1, slash);
    }

    /** The resourcepart, or null in a bare address. */
    public @Nullable String resource() {
        return isFull() ? text.substring(slash + 1) : null;
    }

    /** Whether there is a resourcepart: a full address names one session. */
    public boolean isFull() {
        return slash < text.length();
    }

    /** This address without its resourcepart. */
    public Jid bare() {
        return isFull() ? new Jid(text.substring(0, slash), at, slash, plain) : this;
    }

    /**
     * The address of a session of this one.
     *
     * @throws IllegalArgumentException where it cannot be a resourcepart
     */
    public Jid withResource(String name) {
        String problem = problem(Part.RESOURCE, name, 0, name.length());
        if (problem != null) {
            throw new IllegalArgumentException(NO_ADDRESS + problem);
        }
        boolean asPlain = plain && isPlain(Part.RESOURCE, name, 0, name.length());
        return new Jid(bare().text + '/' + name, at, slash, asPlain);
    }

    /** Whether it is of ASCII, spelled as it is compared, and needs no reference in XML. */
    boolean isPlain() {
        return plain;
    }

    /** Whether the domainparts are the same. */
    public boolean sameDomain(Jid other) {
        if (slash - at == other.slash - other.at
                && text.regionMatches(at + 1, other.text, other.at + 1, slash - at - 1)) {
            return true;
        }
        // What is spelled as it is compared differs where its spelling does: so it is with most addresses.
        return !(plain && other.plain) && comparedDomain().equals(other.comparedDomain());
    }

    /** Whether both are the same when their resourceparts are left out. */
    public boolean sameBare(Jid other) {
        int length = bareLength();
        return length == other.bareLength() && key().regionMatches(0, other.key(), 0, length);
    }

    /** How much of the key is of the bare address. */
    private int bareLength() {
        return key().length() - (text.length() - slash);
    }

    /** The spelling under which equal addresses are equal strings: for keys, never for the wire. */
    public String key() {
        String made = key;
        if (made == null) {
            // Most addresses are spelled so already, and need no second copy.
            made = isFolded() ? text : foldedBare() + text.substring(slash);
            key = made;
        }
        return made;
    }

    /** The key of the {@linkplain #bare() bare} address. */
    public String bareKey() {
        return key().substring(0, bareLength());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Jid that)) {
            return false;
        }
        return text.equals(that.text) || key().equals(that.key());
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    /** The address as it was spelled. */
    @Override
    public String toString() {
        return text;
    }

    /** Whether all of the bare address is ASCII, in lower case, without an A-label and a final dot. */
    private boolean isFolded() {
        for (int i = 0; i < slash; i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z' || c >= 0x80 || c == '-' && text.startsWith(A_LABEL, i - 2)) {
                return false;
            }
        }
        return text.charAt(slash - 1) != '.';
    }

    private String foldedBare() {
        String local = local();
        if (local == null) {
            return comparedDomain();
        }
        return spelledIfNone(Part.LOCAL, Preparation.local(local), local) + '@' + comparedDomain();
    }

    private String comparedDomain() {
        String domain = domain();
        return spelledIfNone(Part.DOMAIN, Preparation.comparedDomain(domain), domain);
    }

    /** What no server takes, such as a wide slash, is compared as it was spelled. */
    private static String spelledIfNone(Part part, String prepared, String spelled) {
        return problem(part, prepared, 0, prepared.length()) == null ? prepared : spelled;
    }

    /** What is wrong with the part that lies there; null: nothing. */
    private static @Nullable String problem(Part part, String text, int from, int to) {
        if (from == to || part == Part.DOMAIN && to == from + 1 && text.charAt(from) == '.') {
            return "its " + part.title + " is empty";
        }
        int i = from;
        while (i < to && part.allowed.contains(text.charAt(i))) {
            i++;
        }
        int octets = i - from;
        while (i < to) {
            int c = text.codePointAt(i);
            if (!part.allows(c)) {
                return String.format("its %s holds the forbidden character U+%04X", part.title, c);
            }
            octets += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            i += Character.charCount(c);
        }
        return octets <= MAX_PART_OCTETS
                ? null
                : "its " + part.title + " is longer than " + MAX_PART_OCTETS + " octets";
    }
}
