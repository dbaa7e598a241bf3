package org.clientproxy.stream;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.XmlText;

/** What a component says until it is let in (XEP-0114 §3). */
final class Handshake {
    private Handshake() {}

    /** Our stream header; without {@code version}, as the protocol is older than that. */
    static String header(StreamSettings settings) {
        StringBuilder header = new StringBuilder("<?xml version='1.0'?><stream:stream xmlns='")
                .append(Namespaces.COMPONENT)
                .append("' xmlns:stream='")
                .append(Namespaces.STREAM)
                .append("' to='");
        XmlText.escape(settings.domain(), header);
        // Openfire looks for the attribute, whatever its value is.
        return header.append(settings.allowMultiple() ? "' allowMultiple='true'>" : "'>")
                .toString();
    }

    /** The digest by which we show that we know the secret: SHA-1 of id and secret, in lower-case hexadecimal digits. */
    static String digest(String streamId, String secret) {
        try {
            byte[] sha1 =
                    MessageDigest.getInstance("SHA-1").digest((streamId + secret).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha1);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
