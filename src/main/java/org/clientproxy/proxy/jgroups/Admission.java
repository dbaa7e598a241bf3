package org.clientproxy.proxy.jgroups;

import org.clientproxy.proxy.settings.ProxySettings;
import org.jgroups.JChannel;
import org.jgroups.protocols.AUTH;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.ProtocolStack;

/** Lets join only who shows a {@link SecretToken} that is right, whatever the stack is. */
final class Admission {
    private Admission() {}

    /** @param channel not connected; one whose stack has an {@code AUTH} of its own stays as it is */
    static JChannel guarded(JChannel channel, ProxySettings settings) throws Exception {
        ProtocolStack stack = channel.getProtocolStack();
        if (stack.findProtocol(AUTH.class) == null) {
            SecretToken token =
                    new SecretToken(new ClusterSecret(settings).keyFor("membership"), Fingerprint.of(settings));
            AUTH auth = new AUTH().setAuthToken(token);
            // JGroups does that only where it makes the token itself.
            token.setAuth(auth);
            stack.insertProtocol(auth, ProtocolStack.Position.BELOW, GMS.class);
            auth.init();
        }
        return channel;
    }
}
