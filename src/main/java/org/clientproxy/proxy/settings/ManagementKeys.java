package org.clientproxy.proxy.settings;

import java.util.List;

/** The keys {@code management.*}: of the management server, which all proxies of a process share. */
public final class ManagementKeys {
    static final KeySection SECTION = new KeySection("The management server");

    public static final ConfigKey<List<String>> NAMES = SECTION.optional(
            "management.names",
            Effect.NEXT_START,
            Texts.list("host names, separated by commas"),
            "none but `localhost`",
            "further names by which the management server may be asked for (docs/observing.md)");
    public static final ConfigKey<String> TOKEN = SECTION.secret(
            "management.token",
            Effect.NEXT_START,
            Texts.bearer(),
            "nothing can be operated there",
            "the token with which proxies can be operated through the management server (docs/operating.md)");
    public static final ConfigKey<String> TOKEN_FILE = SECTION.optional(
            "management.token-file",
            Effect.NEXT_START,
            Texts.any("a file that holds the token"),
            "",
            "a file that holds the token instead");

    private ManagementKeys() {}
}
