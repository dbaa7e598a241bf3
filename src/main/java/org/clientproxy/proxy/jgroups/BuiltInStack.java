package org.clientproxy.proxy.jgroups;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.clientproxy.proxy.settings.ClusterKeys;
import org.clientproxy.proxy.settings.NodeAddress;
import org.clientproxy.proxy.settings.ProxySettings;
import org.jgroups.JChannel;
import org.jgroups.protocols.AUTH;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
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
 * way to each node. With a secret all is encrypted, and joins only who knows it.
 */
final class BuiltInStack {
    private static final int IV_OCTETS = 16;
    private static final String CIPHER = "AES/CBC/PKCS5Padding";

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
        TCPPING ping = new TCPPING();
        ping.setInitialHosts(nodes);
        ping.setPortRange(0);
        FD_SOCK2 sockets = new FD_SOCK2();
        sockets.setBindAddress(address);
        List<Protocol> stack = new ArrayList<>(List.of(
                tcp,
                ping,
                new MERGE3().setMinInterval(2000).setMaxInterval(5000),
                sockets,
                new FD_ALL3().setTimeout(silent).setInterval(Math.max(200, silent / 5)),
                new VERIFY_SUSPECT2().setTimeout(500)));
        String secret = settings.get(ClusterKeys.CLUSTER_SECRET);
        if (!secret.isEmpty()) {
            byte[] key = derived(secret, "encryption", settings);
            SYM_ENCRYPT encrypt = new SYM_ENCRYPT().setSecretKey(new SecretKeySpec(key, "AES"));
            encrypt.symAlgorithm(CIPHER);
            encrypt.symIvLength(IV_OCTETS);
            stack.add(encrypt);
        }
        stack.add(new NAKACK2());
        stack.add(new UNICAST3());
        stack.add(new STABLE());
        if (!secret.isEmpty()) {
            SecretToken token = new SecretToken(derived(secret, "membership", settings));
            AUTH auth = new AUTH().setAuthToken(token);
            // JGroups does that only where it makes the token itself.
            token.setAuth(auth);
            stack.add(auth);
        }
        stack.add(new GMS().printLocalAddress(false).setJoinTimeout(1000));
        stack.add(new FRAG4());
        return new JChannel(stack);
    }

    /** Two uses of a secret must not share a key, nor must two proxies. */
    private static byte[] derived(String secret, String use, ProxySettings settings) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return mac.doFinal(
                (use + " of " + settings.domain() + " for " + settings.target()).getBytes(StandardCharsets.UTF_8));
    }
}
