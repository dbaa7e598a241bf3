package org.clientproxy.config;

import static org.clientproxy.proxy.settings.ClusterKeys.BIND;
import static org.clientproxy.proxy.settings.ClusterKeys.CLUSTER_SECRET;
import static org.clientproxy.proxy.settings.ClusterKeys.NODE;
import static org.clientproxy.proxy.settings.ClusterKeys.NODES;
import static org.clientproxy.proxy.settings.ClusterKeys.STACK;
import static org.clientproxy.proxy.settings.ClusterKeys.STREAMS;
import static org.clientproxy.proxy.settings.PresenceKeys.PRESENCE;
import static org.clientproxy.proxy.settings.RequestKeys.PENDING;
import static org.clientproxy.proxy.settings.RouteKeys.JAT_KEY;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.clientproxy.proxy.settings.NodeAddress;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.ProxySettings;

/** Finds what is missing among the keys of a node, or contradicts each other. */
final class ClusterReader {
    private final ConfigReader reader;

    ClusterReader(ConfigReader reader) {
        this.reader = reader;
    }

    void check(ProxySettings settings) {
        if (settings.pending() != PendingKind.CLUSTER) {
            if (settings.get(NODE) != 0) {
                reader.refuse(reader.shown(NODE) + ", but a node keeps its requests by " + PENDING + "=cluster only");
            }
            return;
        }
        if (settings.get(NODE) == 0) {
            reader.refuse(NODE + " is missing, which " + PENDING + "=cluster needs; allowed: " + NODE.allowed());
        }
        if (settings.get(NODES).size() < 2) {
            reader.refuse(NODES + " must name two nodes or more, this one too, with " + PENDING + "=cluster; allowed: "
                    + NODES.allowed());
        } else if (settings.get(NODE) > 0 && settings.get(STACK).isEmpty()) {
            NodeAddress own = settings.get(BIND);
            if (settings.get(NODES).stream().noneMatch(node -> node.port() == own.port())) {
                reader.refuse(reader.shown(NODES) + " names no node with the port of " + reader.shown(BIND)
                        + "; this node is one of them");
            }
        }
        if (settings.jatKeys().isEmpty()) {
            reader.refuse(JAT_KEY + " is missing, which " + PENDING + "=cluster needs: all nodes make and read the same"
                    + " tokens; make one with: head -c 32 /dev/urandom | basenc --base64url | tr -d =");
        }
        if (settings.hasSeveralStreams() && !settings.get(PRESENCE).isEmpty()) {
            reader.refuse(reader.shown(PRESENCE) + ", but with " + STREAMS
                    + "=all what users say of their presence comes to any node, and the others do not know it; one of the two"
                    + " must go");
        }
        if (settings.get(CLUSTER_SECRET).isEmpty()
                && settings.get(STACK).isEmpty()
                && !isLoopback(settings.get(BIND).host())) {
            reader.refuse(CLUSTER_SECRET + " is missing, which is needed as " + reader.shown(BIND)
                    + " is no address of loopback: who reaches it could read and forge everything");
        }
    }

    /** A name is looked up where the node is started; here it counts as one that others reach. */
    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            return host.matches("[0-9.]+|.*:.*") && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
