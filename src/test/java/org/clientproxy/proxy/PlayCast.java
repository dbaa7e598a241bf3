package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Who takes part in a random run, and the words that they use; the numbers of a step pick from these. */
final class PlayCast {
    static final String TARGET = "worker@some.example";
    static final List<String> RESOURCES = List.of(TARGET + "/a", TARGET + "/b", TARGET + "/A", TARGET + "/\u05d0 ' x");

    /** Sessions of the target that ask, or write; the last one never says that it is there. */
    static final List<String> SESSIONS =
            List.of(RESOURCES.get(0), RESOURCES.get(0), RESOURCES.get(1), RESOURCES.get(2), TARGET + "/z");

    /** The sixth one is a session of the target. */
    static final List<String> REQUESTERS = List.of(
            "alice@some.example/home",
            "alice@some.example/work",
            "Alice@some.example/home",
            "bob@other.example/phone",
            "some.service",
            TARGET + "/a",
            "carol@other.example/" + "\u05d0".repeat(500),
            "carol@other.example");

    static final List<String> USED = List.of(
            "proxy.example",
            "proxy.example",
            "PROXY.example",
            "proxy.example/x",
            "node@proxy.example",
            "node@proxy.example/x");
    static final List<String> NAMESPACES =
            List.of("urn:q", "urn:q", "urn:q2", "urn:q2", "urn:q3", "http://jabber.org/protocol/disco#items");
    static final List<String> IDS = List.of("1", "1", "2", "", "\u05d0 '");
    static final List<String> STRANGERS = List.of("mallory@evil.example/x", TARGET, "some.example");

    /** Whom {@code proxy.reach} names, if it names somebody, and as a session of the target writes that. */
    static final String REACHED = "bob@other.example";

    static final String REACHED_BY_NAME = "bob\\40other.example@proxy.example";

    /** Of the form of a token, and none of ours. */
    static final String FOREIGN_TOKEN = Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(("\1\0\5a@b.c" + "x".repeat(16)).getBytes(StandardCharsets.US_ASCII));

    private PlayCast() {}

    static <T> T pick(List<T> from, int at) {
        return from.get(at % from.size());
    }
}
