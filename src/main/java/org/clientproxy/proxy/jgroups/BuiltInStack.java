package org.clientproxy.proxy.jgroups;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.clientproxy.proxy.settings.ClusterKeys;
import org.clientproxy.proxy.settings.NodeAddress;
import org.clientproxy.proxy.settings.ProxySettings;
import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.SERIALIZE;
import org.jgroups.protocols.SYM_ENCRYPT;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;

/**
 * The built-in stack of JGroups: TCP, nodes that are named, a process that ends noticed by its sockets, one that is silent by its
 * heartbeats. There is no flow control in it: it would make the loop wait, and the protocol above has no more than 32 batches under
 * way to each node. With a secret all is encrypted, and what was changed on the way, or made by one who does not know it, is dropped.
 */
final class BuiltInStack {
    // Authenticated, and one of those that JGroups can use: AES/GCM wants a kind of parameter that it does not give.
    private static final String CIPHER = "ChaCha20-Poly1305";
    private static final int NONCE_OCTETS = 12;

    private BuiltInStack() {}

    static JChannel open(ProxySettings settings) throws Exception {
        NodeAddress bind = settings.get(ClusterKeys.BIND);
        InetAddress address = InetAddress.getByName(bind.host());
        long silent = settings.get(ClusterKeys.SILENT_AFTER).toMillis();
        List<InetSocketAddress> nodes = settings.get(ClusterKeys.NODES).stream()
                .map(node -> new InetSocketAddress(node.host(), node.port()))
                .toList();
        TCP tcp = new TCP();
        tcp.setBindAddress(address);
        tcp.setBindPort(bind.port());
        tcp.setPortRange(0);
        // JGroups' default is off; a batch would wait for the acknowledgement of the one before.
        tcp.tcpNodelay(true);
        // While one that is gone is being connected to, no heartbeats go to the others: with JGroups' 2 s they lost
        // each other, too.
        tcp.setSockConnTimeout((int) Math.min(1000, Math.max(200, silent / 10)));
        tcp.setMessageProcessingPolicy(DirectDelivery.class.getName());
        TCPPING ping = new TCPPING();
        ping.setInitialHosts(nodes);
        ping.setPortRange(0);
        FD_SOCK2 sockets = new FD_SOCK2();
        sockets.setBindAddress(address);
        List<Protocol> stack = new ArrayList<>(List.of(tcp));
        ClusterSecret secret = new ClusterSecret(settings);
        if (!secret.isEmpty()) {
            // Below all else, so that nobody is discovered, suspected or merged on a stranger's word.
            stack.addAll(sealed(secret));
        }
        stack.addAll(List.of(
                ping,
                new MERGE3().setMinInterval(2000).setMaxInterval(5000),
                sockets,
                new FD_ALL3().setTimeout(silent).setInterval(Math.max(200, silent / 5)),
                new VERIFY_SUSPECT2().setTimeout(500)));
        stack.add(new NAKACK2());
        stack.add(new UNICAST3());
        stack.add(new STABLE());
        stack.add(new GMS().printLocalAddress(false).setJoinTimeout(1000));
        stack.add(new FRAG4());
        return new JChannel(stack);
    }

    /** Each message as a whole, its headers included, is the sealed payload of another one. */
    private static List<Protocol> sealed(ClusterSecret secret) {
        SYM_ENCRYPT encrypt =
                new SYM_ENCRYPT().setSecretKey(new SecretKeySpec(secret.keyFor("encryption"), "ChaCha20"));
        encrypt.symAlgorithm(CIPHER);
        encrypt.symIvLength(NONCE_OCTETS);
        return List.of(encrypt, new SERIALIZE());
    }
}
