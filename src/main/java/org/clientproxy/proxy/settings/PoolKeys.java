package org.clientproxy.proxy.settings;

import java.time.Duration;
import java.util.List;
import org.clientproxy.xmpp.Jid;

/** The keys that say who the proxy is, whose sessions do the work, and how one of them is chosen. */
public final class PoolKeys {
    static final KeySection SECTION = new KeySection("The proxy and its pool");

    public static final ConfigKey<Jid> DOMAIN = SECTION.required(
            "proxy.domain",
            Effect.RESTART,
            Addresses.domain(),
            "the proxy host: the component's domain at the server; required");
    public static final ConfigKey<Jid> TARGET = SECTION.required(
            "proxy.target",
            Effect.RESTART,
            Addresses.account(),
            "the account whose sessions do the work, such as `worker@example.org`; required");
    public static final ConfigKey<List<String>> RESOURCES = SECTION.optional(
            "proxy.resources",
            Effect.NOW,
            Texts.list("patterns of resourceparts such as worker-*, separated by commas"),
            "all",
            "which sessions of the target are implementing clients: patterns of resourceparts, separated by commas; `*` is"
                    + " any text, `?` one character");
    public static final ConfigKey<Boolean> SUBSCRIBE = SECTION.key(
            "proxy.subscribe",
            Effect.RESTART,
            Choices.onOff(),
            "on",
            "whether the target is asked to let the proxy host see who is there; with `off` its sessions register by presence"
                    + " that they send to the proxy host (docs/servers.md)");
    public static final ConfigKey<SelectionPolicy> SELECTION = SECTION.key(
            "proxy.selection",
            Effect.NOW,
            Choices.of(SelectionPolicy.class),
            "random",
            "how a resource is chosen: `random`, `round-robin`, `least-pending`, or `sticky`, the same one for the same"
                    + " account and address that it used");
    public static final ConfigKey<Duration> LEAVE_GRACE = SECTION.key(
            "proxy.leave-grace",
            Effect.NOW,
            Amounts.duration(0),
            "2s",
            "how long a resource that left may still answer or return");
    public static final ConfigKey<Duration> CONFIRM_TIMEOUT = SECTION.key(
            "proxy.confirm-timeout",
            Effect.NOW,
            Amounts.duration(1),
            "3s",
            "how long after a connect requests wait until it is known who is there");

    private PoolKeys() {}
}
