package org.clientproxy.proxy.jgroups;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jgroups.Message;
import org.jgroups.auth.AuthToken;
import org.jgroups.util.UUID;

/**
 * Shows that who joins knows the secret: a code over its own address, by a key made of the secret. JGroups brings no such token.
 * Whoever replays it has the address of a node that is there, or was.
 */
public final class SecretToken extends AuthToken {
    private static final int OCTETS = 32;
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] key;
    private byte[] code = new byte[OCTETS];

    /** For JGroups, which reads one that came. */
    public SecretToken() {
        this(new byte[OCTETS]);
    }

    SecretToken(byte[] key) {
        this.key = key;
    }

    @Override
    public String getName() {
        return SecretToken.class.getName();
    }

    @Override
    public int size() {
        return OCTETS;
    }

    @Override
    public boolean authenticate(AuthToken shown, Message message) {
        return shown instanceof SecretToken other
                && message.getSrc() instanceof UUID source
                && MessageDigest.isEqual(other.code, codeOf(source));
    }

    private byte[] codeOf(UUID address) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(address.toStringLong().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        if (auth != null && auth.getAddress() instanceof UUID own) {
            code = codeOf(own);
        }
        out.write(code);
    }

    @Override
    public void readFrom(DataInput in) throws IOException {
        in.readFully(code);
    }
}
