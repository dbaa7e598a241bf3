package org.clientproxy.proxy.settings;

/** The keys for messages, and for what goes with them. */
public final class MessageKeys {
    static final KeySection SECTION = new KeySection("Messages");

    public static final ConfigKey<Boolean> MESSAGES = SECTION.key(
            "proxy.messages",
            Effect.NOW,
            Choices.onOff(),
            "off",
            "whether messages are passed on, both ways (docs/messages.md)");
    public static final ConfigKey<Integer> MESSAGE_RATE = SECTION.key(
            "proxy.message-rate",
            Effect.NOW,
            Amounts.number(0, 1_000_000),
            "50",
            "how many messages and presences an account may send in a second, and how many may be sent to it; at once four"
                    + " times as many;"
                    + " 0: any number");
    public static final ConfigKey<Integer> MAX_CONVERSATIONS = SECTION.key(
            "proxy.max-conversations",
            Effect.NOW,
            Amounts.number(1, Integer.MAX_VALUE),
            "100000",
            "of how many conversations it is remembered who holds them: an account and the address that it used are one; and"
                    + " how many presences that were passed on, and subscribers, are remembered at most (docs/presence.md)");

    private MessageKeys() {}
}
