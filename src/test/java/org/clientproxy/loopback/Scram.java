package org.clientproxy.loopback;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The server's side of SCRAM-SHA-1 without channel binding (RFC 5802). */
final class Scram {
    private static final int ITERATIONS = 4096;
    private static final byte[] SALT = "loopback".getBytes(StandardCharsets.US_ASCII);

    private String user = "";
    private String clientFirstBare = "";
    private String serverFirst = "";
    private String nonce = "";

    String user() {
        return user;
    }

    /** Answers the client's first message with the challenge. */
    String challenge(String clientFirst) {
        clientFirstBare = clientFirst.substring(clientFirst.indexOf(',', clientFirst.indexOf(',') + 1) + 1);
        user = attribute(clientFirstBare, 'n').replace("=2C", ",").replace("=3D", "=");
        nonce = attribute(clientFirstBare, 'r') + UUID.randomUUID();
        serverFirst = "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(SALT) + ",i=" + ITERATIONS;
        return serverFirst;
    }

    /** Checks the client's last message; gives the server's, or null where the password is wrong. */
    String verify(String clientFinal, String password) throws GeneralSecurityException {
        String proof = attribute(clientFinal, 'p');
        String withoutProof = clientFinal.substring(0, clientFinal.lastIndexOf(",p="));
        byte[] auth = (clientFirstBare + ',' + serverFirst + ',' + withoutProof).getBytes(StandardCharsets.UTF_8);
        byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")
                .generateSecret(new PBEKeySpec(password.toCharArray(), SALT, ITERATIONS, 160))
                .getEncoded();
        byte[] clientKey = hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
        byte[] stored = MessageDigest.getInstance("SHA-1").digest(clientKey);
        byte[] signature = hmac(stored, auth);
        for (int i = 0; i < clientKey.length; i++) {
            clientKey[i] ^= signature[i];
        }
        boolean right = nonce.equals(attribute(clientFinal, 'r'))
                && MessageDigest.isEqual(clientKey, Base64.getDecoder().decode(proof));
        byte[] serverKey = hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII));
        return right ? "v=" + Base64.getEncoder().encodeToString(hmac(serverKey, auth)) : null;
    }

    private static String attribute(String message, char name) {
        for (String part : message.split(",", -1)) {
            if (part.startsWith(name + "=")) {
                return part.substring(2);
            }
        }
        return "";
    }

    private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(key, "HmacSHA1"));
        return mac.doFinal(data);
    }
}
