package org.clientproxy.proxy.settings;

import java.time.Duration;
import java.util.List;
import org.clientproxy.xmpp.StanzaError.Condition;

/** The keys for resources that are busy, slow, broken, or about to go. */
public final class WorkerKeys {
    static final KeySection SECTION = new KeySection("Busy, slow and broken resources");

    public static final ConfigKey<Integer> MAX_PENDING_PER_RESOURCE = SECTION.key(
            "proxy.max-pending-per-resource",
            Effect.NOW,
            Amounts.number(0, Integer.MAX_VALUE),
            "0",
            "how many requests a resource may have at a time, unless its presence asks for fewer; 0: any number");
    public static final ConfigKey<Duration> QUEUE_TIMEOUT = SECTION.key(
            "proxy.queue-timeout",
            Effect.NOW,
            Amounts.duration(0),
            "0s",
            "how long a request waits for a resource that can take it, when there is none; 0: it is refused at once");
    public static final ConfigKey<Integer> MAX_QUEUED = SECTION.key(
            "proxy.max-queued",
            Effect.NOW,
            Amounts.number(1, Integer.MAX_VALUE),
            "10000",
            "how many requests may wait so; they count for `proxy.max-pending` too");
    public static final ConfigKey<Duration> ATTEMPT_TIMEOUT = SECTION.key(
            "proxy.attempt-timeout",
            Effect.NOW,
            Amounts.duration(0),
            "0s",
            "how long one resource has before another is tried as well; 0: the whole of `proxy.reply-timeout`");
    public static final ConfigKey<RetrySet> RETRY_SET = SECTION.key(
            "proxy.retry-set",
            Effect.NOW,
            Choices.of(RetrySet.class),
            "undelivered",
            "which requests of type `set` may go to another resource: `never`, `undelivered`, those that surely did not"
                    + " reach the first one, or `always`");
    public static final ConfigKey<List<Condition>> RETRY_ON = SECTION.optional(
            "proxy.retry-on",
            Effect.NOW,
            Conditions.list(),
            "none",
            "the error conditions by which a resource says that it cannot take a request now, such as"
                    + " `resource-constraint`, separated by commas: the request goes to another one");
    public static final ConfigKey<Integer> EJECT_AFTER = SECTION.key(
            "proxy.eject-after",
            Effect.NOW,
            Amounts.number(0, Integer.MAX_VALUE),
            "5",
            "so many time-outs of a resource in a row take it out of the choice for a while; 0: never");
    public static final ConfigKey<List<Condition>> EJECT_ON = SECTION.optional(
            "proxy.eject-on",
            Effect.NOW,
            Conditions.list(),
            "none",
            "the error conditions that count like a time-out for it, such as `feature-not-implemented`, separated by"
                    + " commas");
    public static final ConfigKey<Duration> EJECT_TIME = SECTION.key(
            "proxy.eject-time",
            Effect.NOW,
            Amounts.duration(1),
            "30s",
            "for how long at first; the time doubles up to 10 minutes while the resource stays silent");
    public static final ConfigKey<List<String>> AVOID_SHOW = SECTION.listed(
            "proxy.avoid-show",
            Effect.NOW,
            Texts.among("away", "chat", "dnd", "xa"),
            "dnd",
            "none",
            "which `show` values keep new requests from a resource while another one is there, separated by commas");
    public static final ConfigKey<FeatureUse> FEATURES = SECTION.key(
            "proxy.features",
            Effect.RESTART,
            Choices.of(FeatureUse.class),
            "off",
            "what it means that a resource announces the namespace of a request as a feature: `off`, nothing; `prefer`, it"
                    + " comes first; `require`, only such a one is chosen");

    private WorkerKeys() {}
}
