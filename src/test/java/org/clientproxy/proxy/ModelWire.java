package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.clientproxy.proxy.settings.EncodedFrom;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.xmpp.Attribute;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** What each stanza that the proxy sends must look like. It outlives a restart, for the tokens do. */
final class ModelWire {
    private static final Set<String> READDRESSED = Set.of("from", "to", "id");

    private static final Pattern PRINTABLE_ASCII = Pattern.compile("[ -~]{1,1023}");

    private final Map<List<String>, String> tokens = new HashMap<>();
    private final Map<String, List<String>> owners = new HashMap<>();
    // Those who stand for themselves, and how they last spelled the proxy host.
    private final Map<String, List<String>> plain = new LinkedHashMap<>();
    private final Set<String> freshIds = new HashSet<>();
    private String domain = "";
    private boolean mayBePlain;

    /** The next proxy starts; if it makes tokens for all, then who stood for himself stands for nobody there. */
    void begin(ProxySettings settings) {
        domain = settings.domain().toString();
        mayBePlain = settings.encodedFrom() == EncodedFrom.PLAIN;
        if (!mayBePlain) {
            plain.clear();
        }
    }

    /** Whether a requester that used this address stands for itself ({@code proxy.encoded-from=plain}). */
    private boolean isPlain(String requester, String used) {
        return mayBePlain
                && used.equalsIgnoreCase(domain)
                && PRINTABLE_ASCII.matcher(requester).matches();
    }

    /** Whether this stands for whoever has that address, if he has written, and for nobody else. */
    boolean isPlain(String resource) {
        return mayBePlain
                && !owners.containsKey(resource)
                && !PlayCast.FOREIGN_TOKEN.equals(resource)
                && PRINTABLE_ASCII.matcher(resource).matches()
                && Jid.read(resource).isPresent();
    }

    /** Says what is wrong with the token of a requester that used this address; null: nothing. */
    @Nullable
    String wrongToken(String token, String requester, String used) {
        List<String> owner = List.of(requester, used);
        if (isPlain(requester, used)) {
            plain.put(requester, owner);
            return token.equals(requester) ? null : token + " stands for " + requester;
        }
        String before = tokens.putIfAbsent(owner, token);
        List<String> otherOwner = owners.putIfAbsent(token, owner);
        if (before != null && !before.equals(token) || otherOwner != null && !otherOwner.equals(owner)) {
            return "the token " + token + " is not the one of " + owner + " alone";
        }
        byte[] octets = Base64.getUrlDecoder().decode(token);
        if (token.length() > 1023 || octets[0] == 2) {
            int content =
                    requester.getBytes(StandardCharsets.UTF_8).length + used.getBytes(StandardCharsets.UTF_8).length;
            boolean fits = content < 700;
            return octets.length == 33 && !fits ? null : "a digest for addresses that fit";
        }
        int length = (octets[1] & 0xff) << 8 | octets[2] & 0xff;
        String says = new String(octets, 3, length, StandardCharsets.UTF_8);
        return octets[0] == 1 && says.equals(requester) ? null : "the token says " + says;
    }

    /** The requester that the token stands for, and the address that it used; null: it is none that was seen. */
    @Nullable
    List<String> owner(String token) {
        return plain.containsKey(token) ? plain.get(token) : owners.get(token);
    }

    /** Something goes to a requester from the address that it used. Gives its token; null: none was seen. */
    @Nullable
    String passes(String requester, String used) {
        if (isPlain(requester, used)) {
            plain.put(requester, List.of(requester, used));
            return requester;
        }
        return tokens.get(List.of(requester, used));
    }

    /** Whether it can be 128 random bits, seen once. */
    boolean isFresh(String id) {
        return id.matches("[0-9a-f]{32}") && freshIds.add(id);
    }

    List<String> tokens() {
        return Stream.concat(tokens.values().stream(), plain.keySet().stream()).toList();
    }

    /** Whether the one is the other but for its addresses and its id. */
    static boolean isReaddressed(Stanza sent, Stanza original) {
        return sent.kind() == original.kind()
                && sent.children() == original.children()
                && Arrays.equals(sent.content(), original.content())
                && rest(sent).equals(rest(original));
    }

    private static List<Attribute> rest(Stanza stanza) {
        return stanza.attributes().stream()
                .filter(attribute -> !READDRESSED.contains(attribute.name()))
                .toList();
    }
}
