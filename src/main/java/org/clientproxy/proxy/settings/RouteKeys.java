package org.clientproxy.proxy.settings;

import java.util.List;
import org.clientproxy.xmpp.Jid;

/** The keys that say who may ask, in which form implementing clients see who asks, and which routes do it. */
public final class RouteKeys {
    static final KeySection SECTION = new KeySection("Who may ask, and the routes");

    public static final ConfigKey<List<Jid>> ALLOW = SECTION.optional(
            "proxy.allow",
            Effect.NOW,
            Addresses.rules(),
            "everyone",
            "who may send requests: domains, bare or full addresses, or `*.domain` for a domain with all below it,"
                    + " separated by commas");
    public static final ConfigKey<List<Jid>> DENY = SECTION.optional(
            "proxy.deny",
            Effect.NOW,
            Addresses.rules(),
            "nobody",
            "who may not, written likewise; stronger than `proxy.allow`");
    public static final ConfigKey<String> ACCEPT = SECTION.optional(
            "proxy.accept",
            Effect.RESTART,
            XPathText.type(),
            "none",
            "XPath that each request must satisfy, such as `/*[@type='get']`, without prefixes: `local-name()` and"
                    + " `namespace-uri()` tell elements apart");
    public static final ConfigKey<EncodedFrom> ENCODED_FROM = SECTION.key(
            "proxy.encoded-from",
            Effect.RESTART,
            Choices.of(EncodedFrom.class),
            "token",
            "the form in which implementing clients see a requester: `token`, or `plain` for those that were written for"
                    + " mod_client_proxy and read its address (docs/jitsi.md)");
    public static final ConfigKey<List<String>> JAT_KEY = SECTION.secret(
            "proxy.jat-key",
            Effect.RESTART,
            TokenKey.list(),
            "one is generated in `proxy.data-dir`",
            "keys of the tokens that stand for requesters: 256 bits in base64url each, separated by commas; the first makes"
                    + " tokens, all verify them");
    public static final ConfigKey<List<String>> ROUTES = SECTION.key(
            "proxy.routes",
            Effect.RESTART,
            Texts.routes(),
            "java",
            "the routes: `java` for the built-in ones, and patterns of YAML or XML route files such as"
                    + " `file:routes/*.yaml`, separated by commas; edits of the files are live within seconds");

    private RouteKeys() {}
}
