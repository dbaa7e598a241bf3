package org.clientproxy.loopback;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.clientproxy.stream.Frame;
import org.clientproxy.stream.StartTag;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/** The server's side of XEP-0114. */
final class ComponentLink extends LoopbackLink {
    private final String id = newId();
    private boolean ready;

    ComponentLink(LoopbackServer server) {
        super(server);
    }

    @Override
    public void streamHeader(StartTag header) {
        boolean known = server.componentDomain().equals(header.attribute("to"));
        write("<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='" + STREAMS + "' id='"
                + (known ? id : "") + "' from='" + server.componentDomain() + "'" + server.headerExtra() + ">");
        if (!known) {
            streamError("host-unknown");
        }
    }

    @Override
    public void element(Frame frame) {
        if (!ready) {
            String digest =
                    new String(frame.octets(), frame.contentOffset(), frame.contentLength(), StandardCharsets.US_ASCII);
            if (!digest.equals(digest(id + server.componentSecret()))) {
                streamError("not-authorized");
            } else if (!server.join(this)) {
                streamError("conflict");
            } else {
                ready = true;
                write("<handshake/>");
            }
            return;
        }
        Stanza stanza = stanza(frame);
        if (stanza == null) {
            streamError("unsupported-stanza-type");
            return;
        }
        boolean own = Jid.read(stanza.from())
                .filter(from -> from.domain().equalsIgnoreCase(server.componentDomain()))
                .isPresent();
        if (!own) {
            streamError("invalid-from");
        } else if (Jid.read(stanza.to()).isEmpty()) {
            streamError("improper-addressing");
        } else {
            server.fromComponent(stanza);
        }
    }

    @Override
    void gone() {
        server.leave(this);
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
