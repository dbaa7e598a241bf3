package org.clientproxy.proxy.settings;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values that say where the nodes of a cluster are, and which is which. */
final class NodeAddresses {
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\s,\\[\\]]+):(\\d{1,5})");
    private static final int MOST_NODES = 99;
    private static final String EXAMPLE = "host:port, such as 192.0.2.1:7800";

    private NodeAddresses() {}

    /** The number of a node; 0 where there is none. */
    static ValueType<Integer> node() {
        ValueType<Integer> number = Amounts.number(1, MOST_NODES);
        return new ValueType<>(text -> text.isEmpty() ? 0 : number.parser().apply(text), number.allowed());
    }

    static ValueType<NodeAddress> one() {
        return new ValueType<>(NodeAddresses::parse, EXAMPLE);
    }

    static ValueType<List<NodeAddress>> list() {
        return new ValueType<>(
                text -> {
                    List<NodeAddress> all =
                            Texts.items(text).stream().map(NodeAddresses::parse).toList();
                    if (all.stream().distinct().count() < all.size()) {
                        throw new IllegalArgumentException("one of them twice");
                    }
                    return all;
                },
                EXAMPLE + ", of each node, separated by commas");
    }

    private static NodeAddress parse(String text) {
        Matcher matcher = ADDRESS.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("no host and port: " + text);
        }
        String host = matcher.group(1);
        return new NodeAddress(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }
}
