package org.clientproxy.proxy.settings;

/** The keys for what the proxy remembers of those who write to the proxy host, beyond single requests. */
public final class ConversationKeys {
    static final KeySection SECTION = new KeySection("Conversations");

    public static final ConfigKey<Integer> MAX_CONVERSATIONS = SECTION.key(
            "proxy.max-conversations",
            Effect.NOW,
            Amounts.number(1, Integer.MAX_VALUE),
            "100000",
            "how many are remembered at most, of each: conversations, presences that were passed on, subscribers");

    private ConversationKeys() {}
}
