package org.clientproxy.proxy.settings;

import java.nio.file.Path;
import java.time.Duration;

/** The keys that say how long and how often a request is tried, how many may be pending, and where they are kept. */
public final class RequestKeys {
    static final KeySection SECTION = new KeySection("Requests");

    public static final ConfigKey<Duration> REPLY_TIMEOUT = SECTION.key(
            "proxy.reply-timeout",
            Effect.NOW,
            Amounts.duration(1),
            "60s",
            "how long a request may take in all before its requester is told that no answer came");
    public static final ConfigKey<Integer> ATTEMPTS = SECTION.key(
            "proxy.attempts",
            Effect.NOW,
            Amounts.number(1, Integer.MAX_VALUE),
            "2",
            "to how many resources a request is sent at most, when one goes away");
    public static final ConfigKey<Duration> DRAIN_TIMEOUT = SECTION.key(
            "proxy.drain-timeout",
            Effect.NOW,
            Amounts.duration(0),
            "5s",
            "how long a graceful stop awaits pending requests");
    public static final ConfigKey<Integer> MAX_PENDING = SECTION.key(
            "proxy.max-pending",
            Effect.NOW,
            Amounts.number(1, Integer.MAX_VALUE),
            "100000",
            "how many requests may be pending");
    public static final ConfigKey<Integer> MAX_PENDING_PER_REQUESTER = SECTION.key(
            "proxy.max-pending-per-requester",
            Effect.NOW,
            Amounts.number(1, Integer.MAX_VALUE),
            "1000",
            "how many of them one requester's account may have");
    public static final ConfigKey<Long> MAX_PENDING_SIZE = SECTION.optional(
            "proxy.max-pending-size",
            Effect.NOW,
            Amounts.pendingSize(),
            "a quarter of the largest heap, which the proxies of one configuration share",
            "how much memory pending requests may take; each account has its share as of their number");
    public static final ConfigKey<PendingKind> PENDING = SECTION.key(
            "proxy.pending",
            Effect.RESTART,
            Choices.of(PendingKind.class),
            "file",
            "where pending requests are kept: `file`, in `proxy.data-dir` too, so that the next process goes on with them"
                    + " after a crash; `memory`; or `cluster`, at another node too, so that it goes on with them at once"
                    + " ([nodes.md](nodes.md))");
    public static final ConfigKey<Path> DATA_DIR = SECTION.key(
            "proxy.data-dir",
            Effect.RESTART,
            Texts.path("a directory"),
            "data",
            "the directory of keys and of pending requests");

    private RequestKeys() {}
}
