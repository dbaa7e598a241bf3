package org.clientproxy.proxy.jat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.clientproxy.proxy.settings.EncodedFrom;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * Makes and reads the encoded-from: the resourcepart that stands for a requester towards an implementing client
 * ({@code docs/jat.md} is the format). One token of base64url characters, at most 1023 octets, always the same for the same
 * requester and address used. The tag keeps others from making tokens; it does not hide who the requester is. Where the
 * operator wants it, the requester's address itself instead, which authenticates nothing. Used on one thread at a time.
 */
public final class JatCodec {
    /** Version octet of a token that holds the addresses. */
    static final byte READABLE = 1;

    /** Version octet of a token that holds a digest only, where the addresses are too long. */
    static final byte DIGEST = 2;

    static final int TAG_OCTETS = 16;

    private static final int DIGEST_OCTETS = 32;

    private static final int DIGEST_CHARACTERS = ((1 + DIGEST_OCTETS) * 4 + 2) / 3;

    /** The least second character of a token that begins with the octet {@link #DIGEST}, among those of a token of ours. */
    private static final char FIRST_OF_DIGEST = 'g';

    /** No token is shorter, in octets before they are encoded. */
    private static final int MIN_TOKEN_OCTETS = 1 + 2 + 1 + TAG_OCTETS;

    /** So many encoded-froms are kept at most, for making one takes time. A power of two. */
    private static final int CACHED = 4096;

    /** The longest addresses, together and in characters, whose encoded-from is kept. */
    private static final int LONGEST_CACHED = 512;

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /**
     * What a token says.
     *
     * @param requester who asked
     * @param addressUsed the address that it asked, as it spelled it
     */
    public record Decoded(String requester, String addressUsed) {}

    private record Made(String requester, String addressUsed, Jid encodedFrom) {
        boolean isOf(String otherRequester, String otherAddressUsed) {
            return requester.equals(otherRequester) && addressUsed.equals(otherAddressUsed);
        }
    }

    /** A token that verified. */
    private static final class Verified {
        private final byte[] token;
        private final Decoded decoded;

        Verified(byte[] token, Decoded decoded) {
            this.token = token;
            this.decoded = decoded;
        }
    }

    private final Jid address;
    private final String domain;
    private final byte[] zeroAndDomain;
    private final boolean plain;
    private final List<Mac> macs = new ArrayList<>();
    // Each stands in the place that its requester's hash says, until another one there has asked twice in a row.
    // So where a million ask once each, none is kept for nothing, which the garbage collector would copy.
    private final @Nullable Made[] cache = new Made[CACHED];
    private final int[] askedLast = new int[CACHED];
    // Each stands in the place that its hash says, until another one is read.
    private final @Nullable Verified[] verified = new Verified[CACHED];

    /** @param keys the first makes tokens, all verify them */
    public JatCodec(Jid domain, List<byte[]> keys, EncodedFrom form) {
        this.address = domain;
        this.domain = domain.toString();
        this.plain = form == EncodedFrom.PLAIN;
        this.zeroAndDomain = ('\0' + this.domain).getBytes(StandardCharsets.UTF_8);
        try {
            for (byte[] key : keys) {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                macs.add(mac);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** The encoded-from, a session of the domain, of a requester, as the server spells it, that used this address of ours. */
    public Jid encodedFrom(String requester, String addressUsed) {
        int hash = requester.hashCode();
        int place = place(hash);
        boolean again = askedLast[place] == hash;
        Made kept = again ? cache[place] : null;
        if (kept != null && kept.isOf(requester, addressUsed)) {
            return kept.encodedFrom();
        }
        boolean readable = plain && isPlain(requester) && isDomain(addressUsed);
        Jid made = address.withResource(readable ? requester : encode(requester, addressUsed));
        if (again && requester.length() + addressUsed.length() <= LONGEST_CACHED) {
            cache[place] = new Made(requester, addressUsed, made);
        }
        askedLast[place] = hash;
        return made;
    }

    /**
     * Whether a requester's address may stand for itself. Servers pass all printable characters of ASCII on in a resourcepart
     * as they are, blanks at its ends too. What could be taken for a token may not.
     */
    private static boolean isPlain(String requester) {
        for (int i = 0; i < requester.length(); i++) {
            char c = requester.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return requester.length() <= Jid.MAX_PART_OCTETS && !isShapedLikeToken(requester);
    }

    private static boolean isShapedLikeToken(String text) {
        byte[] octets = octets(text);
        return octets.length >= MIN_TOKEN_OCTETS && (octets[0] == READABLE || octets[0] == DIGEST);
    }

    /** Whether it is the bare proxy host, in whatever letters. */
    private boolean isDomain(String addressUsed) {
        if (addressUsed.equals(domain)) {
            return true;
        }
        Jid used = Jid.parse(addressUsed);
        return used.local() == null && !used.isFull() && used.sameDomain(address);
    }

    /** The token of a requester, as the server spells it, that used this address of ours. */
    public String encode(String requester, String addressUsed) {
        byte[] from = requester.getBytes(StandardCharsets.UTF_8);
        byte[] used = addressUsed.equals(domain) ? new byte[0] : addressUsed.getBytes(StandardCharsets.UTF_8);
        byte[] tagged = new byte[1 + 2 + from.length + (used.length > 0 ? 2 + used.length : 0)];
        tagged[0] = READABLE;
        int end = put(from, tagged, 1);
        if (used.length > 0) {
            put(used, tagged, end);
        }
        if (((tagged.length + TAG_OCTETS) * 4 + 2) / 3 <= Jid.MAX_PART_OCTETS) {
            byte[] token = Arrays.copyOf(tagged, tagged.length + TAG_OCTETS);
            System.arraycopy(tag(macs.get(0), tagged), 0, token, tagged.length, TAG_OCTETS);
            return ENCODER.encodeToString(token);
        }
        // The version is under the tag too, so that no token of one kind tells anything of one of the other.
        tagged[0] = DIGEST;
        byte[] digest = new byte[1 + DIGEST_OCTETS];
        digest[0] = DIGEST;
        System.arraycopy(tag(macs.get(0), tagged), 0, digest, 1, DIGEST_OCTETS);
        return ENCODER.encodeToString(digest);
    }

    /** Whether an encoded-from that we made is surely a token from which the requester can be read. */
    boolean isReadable(Jid encodedFrom) {
        // The one with a digest has one length and a first octet of its own; both are looked at without a copy.
        String text = encodedFrom.toString();
        int token = domain.length() + 1;
        return !plain && (text.length() != token + DIGEST_CHARACTERS || text.charAt(token + 1) < FIRST_OF_DIGEST);
    }

    /**
     * Whether this resourcepart may stand for a requester: it verifies, or it is one of those that need no token. Of the latter
     * nobody can say whether they were ever made.
     */
    public boolean mayStandForSomebody(String resource) {
        return plain && isPlain(resource) && Jid.read(resource).isPresent() || verifies(resource);
    }

    /** Whether this has the form of a token, whoever made it. */
    public static boolean looksLikeToken(String text) {
        byte[] octets;
        try {
            octets = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
        return octets.length >= MIN_TOKEN_OCTETS
                && (octets[0] == READABLE || octets[0] == DIGEST)
                && ENCODER.encodeToString(octets).equals(text);
    }

    /** Whether this is a token that we made and that can be read. */
    public boolean verifies(String token) {
        return decode(token).isPresent();
    }

    private static int place(int hash) {
        return (hash ^ hash >>> 16) & CACHED - 1;
    }

    /** What the token says, if it is one of ours and holds the addresses. */
    public Optional<Decoded> decode(String token) {
        int place = place(token.hashCode());
        Verified kept = verified[place];
        // Compared as tags are, in a time that says nothing; what is no character of a token becomes none.
        byte[] characters = token.getBytes(StandardCharsets.ISO_8859_1);
        if (kept != null && MessageDigest.isEqual(kept.token, characters)) {
            return Optional.of(kept.decoded);
        }
        Optional<Decoded> decoded = verify(token);
        if (decoded.isPresent() && characters.length <= LONGEST_CACHED) {
            verified[place] = new Verified(characters, decoded.get());
        }
        return decoded;
    }

    private Optional<Decoded> verify(String token) {
        byte[] octets = octets(token);
        if (octets.length <= 1 + TAG_OCTETS || octets[0] != READABLE) {
            return Optional.empty();
        }
        byte[] content = Arrays.copyOf(octets, octets.length - TAG_OCTETS);
        byte[] tag = Arrays.copyOfRange(octets, content.length, octets.length);
        boolean ours = false;
        for (Mac mac : macs) {
            ours |= MessageDigest.isEqual(tag, Arrays.copyOf(tag(mac, content), TAG_OCTETS));
        }
        return ours ? Optional.of(read(content)) : Optional.empty();
    }

    /** The octets of a token; none where it is not spelled like one: no padding, no stray bits at its end. */
    private static byte[] octets(String token) {
        try {
            byte[] octets = Base64.getUrlDecoder().decode(token);
            return ENCODER.encodeToString(octets).equals(token) ? octets : new byte[0];
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private Decoded read(byte[] content) {
        int fromLength = length(content, 1);
        String from = new String(content, 3, fromLength, StandardCharsets.UTF_8);
        int at = 3 + fromLength;
        String used = at == content.length
                ? domain
                : new String(content, at + 2, length(content, at), StandardCharsets.UTF_8);
        return new Decoded(from, used);
    }

    /** HMAC-SHA-256 over the content and the domain, which its own length in the content sets apart from it. */
    private byte[] tag(Mac mac, byte[] content) {
        mac.update(content);
        return mac.doFinal(zeroAndDomain);
    }

    /** The octets behind their number; returns where they end. */
    private static int put(byte[] octets, byte[] to, int at) {
        to[at] = (byte) (octets.length >> 8);
        to[at + 1] = (byte) octets.length;
        System.arraycopy(octets, 0, to, at + 2, octets.length);
        return at + 2 + octets.length;
    }

    private static int length(byte[] octets, int at) {
        return (octets[at] & 0xff) << 8 | octets[at + 1] & 0xff;
    }
}
