package org.clientproxy.xmpp;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An XMPP address, {@code localpart@domainpart/resourcepart}, immutable (RFC 7622 §3).
 *
 * <p>It keeps the spelling that it was parsed from, which {@link #toString()} gives back. Two addresses are equal when
 * their domainparts and localparts are equal after case folding and their resourceparts are equal to the letter. Servers
 * deliver addresses that they have prepared already, so {@link #parse} checks structure, forbidden characters and limits
 * only; {@link #normalised} is for what a person typed.
 */
public final class Jid {
    /** The longest that each of the three parts may be, in octets of UTF-8 (RFC 7622 §3.1). */
    public static final int MAX_PART_OCTETS = 1023;

    private static final String FORBIDDEN_IN_LOCAL = "\"&'/:<>@";
    private static final String FORBIDDEN_IN_DOMAIN = "\"&'/<>@\\";

    private final String text;
    private final @Nullable String local;
    private final String domain;
    private final @Nullable String resource;
    // Made when first needed; two threads that race for it write equal strings.
    private @Nullable String key;

    private Jid(String text, @Nullable String local, String domain, @Nullable String resource) {
        this.text = text;
        this.local = local;
        this.domain = domain;
        this.resource = resource;
    }

    /** Reads an address as a server delivers it, or throws {@link IllegalArgumentException} that says what is wrong. */
    public static Jid parse(String text) {
        int slash = text.indexOf('/');
        String bare = slash < 0 ? text : text.substring(0, slash);
        String resource = slash < 0 ? null : text.substring(slash + 1);
        int at = bare.indexOf('@');
        String local = at < 0 ? null : bare.substring(0, at);
        String domain = bare.substring(at + 1);
        String problem = problem("localpart", local, FORBIDDEN_IN_LOCAL, false);
        if (problem == null) {
            problem = problem("domainpart", domain, FORBIDDEN_IN_DOMAIN, false);
        }
        if (problem == null) {
            problem = problem("resourcepart", resource, "", true);
        }
        if (problem != null) {
            throw new IllegalArgumentException("not an XMPP address: " + problem);
        }
        return new Jid(text, local, domain, resource);
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
     * Reads an address that a person typed: trims it, puts it into Unicode normalization form C, folds the case of
     * localpart and domainpart and takes a final dot from the domainpart (RFC 7622 §3.2, §3.3).
     */
    public static Jid normalised(String typed) {
        Jid jid = parse(Normalizer.normalize(typed.strip(), Normalizer.Form.NFC));
        StringBuilder text = new StringBuilder();
        if (jid.local != null) {
            text.append(fold(jid.local)).append('@');
        }
        text.append(foldDomain(jid.domain));
        if (jid.resource != null) {
            text.append('/').append(jid.resource);
        }
        return parse(text.toString());
    }

    /** The localpart as it was spelled, or null. */
    public @Nullable String local() {
        return local;
    }

    /** The domainpart as it was spelled. */
    public String domain() {
        return domain;
    }

    /** The resourcepart, or null in a bare address. */
    public @Nullable String resource() {
        return resource;
    }

    /** Whether there is a resourcepart: a full address names one session. */
    public boolean isFull() {
        return resource != null;
    }

    /** This address without its resourcepart. */
    public Jid bare() {
        return resource == null
                ? this
                : new Jid(text.substring(0, text.length() - resource.length() - 1), local, domain, null);
    }

    /**
     * The address of a session of this one.
     *
     * @throws IllegalArgumentException where it cannot be a resourcepart
     */
    public Jid withResource(String name) {
        String problem = problem("resourcepart", name, "", true);
        if (problem != null) {
            throw new IllegalArgumentException("not an XMPP address: " + problem);
        }
        return new Jid(bare().text + '/' + name, local, domain, name);
    }

    /** Whether the domainparts are the same. */
    public boolean sameDomain(Jid other) {
        return domain.equals(other.domain) || foldDomain(domain).equals(foldDomain(other.domain));
    }

    /** Whether both are the same when their resourceparts are left out. */
    public boolean sameBare(Jid other) {
        return sameDomain(other)
                && (Objects.equals(local, other.local)
                        || fold(local == null ? "" : local).equals(fold(other.local == null ? "" : other.local)));
    }

    /** The spelling under which equal addresses are equal strings: for keys, never for the wire. */
    public String key() {
        String made = key;
        if (made == null) {
            String folded = foldDomain(domain);
            String head = local == null ? folded : fold(local) + '@' + folded;
            made = resource == null ? head : head + '/' + resource;
            // Most addresses are spelled so already, and need no second copy.
            made = made.equals(text) ? text : made;
            key = made;
        }
        return made;
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

    private static String fold(String part) {
        return part.toLowerCase(Locale.ROOT);
    }

    private static String foldDomain(String part) {
        String folded = fold(part);
        return folded.endsWith(".") ? folded.substring(0, folded.length() - 1) : folded;
    }

    private static @Nullable String problem(String name, @Nullable String part, String forbidden, boolean space) {
        if (part == null) {
            return null;
        }
        if (part.isEmpty() || part.equals(".") && name.equals("domainpart")) {
            return "its " + name + " is empty";
        }
        int octets = 0;
        for (int i = 0; i < part.length(); ) {
            int c = part.codePointAt(i);
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE
                    || c < ' '
                    || c >= 0x7f && c < 0xa0
                    || c == 0xfffe
                    || c == 0xffff
                    || c == ' ' && !space
                    || forbidden.indexOf(c) >= 0) {
                return String.format("its %s holds the forbidden character U+%04X", name, c);
            }
            octets += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            i += Character.charCount(c);
        }
        return octets <= MAX_PART_OCTETS ? null : "its " + name + " is longer than " + MAX_PART_OCTETS + " octets";
    }
}
