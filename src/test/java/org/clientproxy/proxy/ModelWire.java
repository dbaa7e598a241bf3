package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.clientproxy.xmpp.Attribute;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** What each stanza that the proxy sends must look like. It outlives a restart, for the tokens do. */
final class ModelWire {
    private static final Set<String> READDRESSED = Set.of("from", "to", "id");

    private final Map<List<String>, String> tokens = new HashMap<>();
    private final Map<String, List<String>> owners = new HashMap<>();
    private final Set<String> freshIds = new HashSet<>();

    /** Says what is wrong with the token of a requester that used this address; null: nothing. */
    @Nullable
    String wrongToken(String token, String requester, String used) {
        List<String> owner = List.of(requester, used);
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
        return owners.get(token);
    }

    /** The token of a requester that used this address; null: none was seen. */
    @Nullable
    String tokenOf(String requester, String used) {
        return tokens.get(List.of(requester, used));
    }

    /** Whether it can be 128 random bits, seen once. */
    boolean isFresh(String id) {
        return id.matches("[0-9a-f]{32}") && freshIds.add(id);
    }

    List<String> tokens() {
        return List.copyOf(tokens.values());
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
