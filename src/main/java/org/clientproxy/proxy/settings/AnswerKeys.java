package org.clientproxy.proxy.settings;

import java.util.List;

/** The keys for what the proxy host answers itself. */
public final class AnswerKeys {
    static final KeySection SECTION = new KeySection("What the proxy host answers itself");

    public static final ConfigKey<List<LocalAnswer>> ANSWER = SECTION.optional(
            "proxy.answer",
            Effect.NOW,
            Choices.some(LocalAnswer.class),
            "none",
            "which requests of type `get` to the bare proxy host get their answers from the proxy itself, whether anybody is"
                    + " there or not: `ping`, `version`, `last` (how long it has been ready) and `disco` (what the"
                    + " service is and can), separated by commas");
    public static final ConfigKey<ServiceIdentity> IDENTITY = SECTION.key(
            "proxy.identity",
            Effect.NOW,
            new ValueType<>(ServiceIdentity::parse, "category/type or category/type/name"),
            "component/generic",
            "what the service says that it is, with `proxy.answer`: category and type of [the"
                    + " registry](https://xmpp.org/registrar/disco-categories.html), and a name for people, such as"
                    + " `component/generic/Build service`");

    private AnswerKeys() {}
}
