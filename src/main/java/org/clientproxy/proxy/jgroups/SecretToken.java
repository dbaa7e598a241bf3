package org.clientproxy.proxy.jgroups;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jgroups.Message;
import org.jgroups.auth.AuthToken;
import org.jgroups.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows that who joins knows the secret, and has been told what this node has: a {@link Fingerprint}, and a code over it and the
 * joiner's own address by a key made of the secret. JGroups brings no such token. Whoever replays it has the address of a node
 * that is there, or was.
 */
public final class SecretToken extends AuthToken {
    private static final Logger LOG = LoggerFactory.getLogger(SecretToken.class);

    private static final int CODE_OCTETS = 32;
    private static final int MOST_OCTETS = 8192;

    private final byte[] key;
    private final byte[] own;
    private byte[] shown = {};
    private byte[] code = new byte[CODE_OCTETS];
    // Each is told of once.
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    /** For JGroups, which reads one that came. */
    public SecretToken() {
        this.key = new byte[] {0};
        this.own = new byte[0];
    }

    SecretToken(byte[] key, Fingerprint fingerprint) {
        this.key = key;
        this.own = octets(fingerprint);
        this.shown = own;
    }

    @Override
    public String getName() {
        return SecretToken.class.getName();
    }

    @Override
    public int size() {
        return CODE_OCTETS + Short.BYTES + shown.length;
    }

    @Override
    public boolean authenticate(AuthToken token, Message message) {
        if (!(token instanceof SecretToken other) || !(message.getSrc() instanceof UUID source)) {
            return false;
        }
        String who = "node " + source.getMostSignificantBits();
        if (!MessageDigest.isEqual(other.code, codeOf(source, other.shown))) {
            refuse(source, who + " is refused, for it does not know proxy.cluster.secret");
            return false;
        }
        List<String> differences;
        try {
            differences = fingerprint(own).differences(fingerprint(other.shown));
        } catch (IOException e) {
            differences = List.of("the version of the program");
        }
        if (!differences.isEmpty()) {
            refuse(
                    source,
                    who + " is refused, for it has not been told the same as this one: "
                            + String.join(", ", differences));
        }
        return differences.isEmpty();
    }

    private void refuse(UUID source, String words) {
        if (refused.add(source.toStringLong() + words)) {
            LOG.error("{}", words);
        }
    }

    private byte[] codeOf(UUID address, byte[] fingerprint) {
        byte[] name = address.toStringLong().getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[name.length + fingerprint.length];
        System.arraycopy(name, 0, all, 0, name.length);
        System.arraycopy(fingerprint, 0, all, name.length, fingerprint.length);
        return ClusterSecret.code(key, all);
    }

    private static byte[] octets(Fingerprint fingerprint) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try {
            fingerprint.writeTo(new DataOutputStream(octets));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return octets.toByteArray();
    }

    private static Fingerprint fingerprint(byte[] octets) throws IOException {
        return Fingerprint.readFrom(new DataInputStream(new ByteArrayInputStream(octets)));
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        if (auth != null && auth.getAddress() instanceof UUID address) {
            code = codeOf(address, shown);
        }
        out.write(code);
        out.writeShort(shown.length);
        out.write(shown);
    }

    @Override
    public void readFrom(DataInput in) throws IOException {
        in.readFully(code);
        int length = in.readUnsignedShort();
        if (length > MOST_OCTETS) {
            throw new IOException("too long for what a node shows of itself: " + length);
        }
        shown = new byte[length];
        in.readFully(shown);
    }
}
