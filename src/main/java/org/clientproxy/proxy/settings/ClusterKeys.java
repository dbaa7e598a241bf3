package org.clientproxy.proxy.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys {@code proxy.cluster.*}: several nodes as one. */
public final class ClusterKeys {
    static final KeySection SECTION = new KeySection("Several nodes");

    public static final ConfigKey<Integer> NODE = SECTION.optional(
            "proxy.cluster.node",
            Effect.RESTART,
            NodeAddresses.node(),
            "none",
            "the number of this node, which no other one has; required with `proxy.pending=cluster`");
    public static final ConfigKey<List<NodeAddress>> NODES = SECTION.optional(
            "proxy.cluster.nodes",
            Effect.RESTART,
            NodeAddresses.list(),
            "none",
            "where the nodes listen for each other, all of them and this one too, separated by commas; a majority is of so"
                    + " many; required with `proxy.pending=cluster`");
    public static final ConfigKey<NodeAddress> BIND = SECTION.key(
            "proxy.cluster.bind",
            Effect.RESTART,
            NodeAddresses.one(),
            "127.0.0.1:7800",
            "where this node listens for the others; it listens at a port that is 100 higher, too");
    public static final ConfigKey<ClusterStreams> STREAMS = SECTION.key(
            "proxy.cluster.streams",
            Effect.RESTART,
            Choices.of(ClusterStreams.class),
            "one",
            "which nodes have a stream to the server: `one` at a time; `all`, where the server takes several connections of one"
                    + " component and gives each stanza to any of them (ejabberd); or, at a witness, `none`: it counts for the"
                    + " majority and keeps copies");
    public static final ConfigKey<LoneNode> LONE = SECTION.key(
            "proxy.cluster.lone",
            Effect.RESTART,
            Choices.of(LoneNode.class),
            "first",
            "what one of two nodes does that sees the other one no more: `first`, it goes on where the other's process has"
                    + " surely ended, or where its own number is the lower one; `stop`, it does not; `continue`, it goes on, and"
                    + " requests may be answered twice while both do");
    public static final ConfigKey<Duration> SILENT_AFTER = SECTION.key(
            "proxy.cluster.silent-after",
            Effect.RESTART,
            Amounts.duration(1000),
            "5s",
            "after which time a node that says nothing is taken for gone; one whose process ended is noticed at once");
    public static final ConfigKey<String> CLUSTER_SECRET = SECTION.secret(
            "proxy.cluster.secret",
            Effect.RESTART,
            Texts.any("a text that no stranger can guess"),
            "",
            "what the nodes know each other by, and encrypt with; required unless this one listens on loopback");
    public static final ConfigKey<Optional<Path>> STACK = SECTION.optional(
            "proxy.cluster.stack",
            Effect.RESTART,
            Texts.optionalPath("a file of a JGroups stack"),
            "built in",
            "a file of a JGroups stack in place of the built-in one, for networks where nodes are found in another way; it has"
                    + " its own addresses, failure detection and encryption");

    private ClusterKeys() {}
}
