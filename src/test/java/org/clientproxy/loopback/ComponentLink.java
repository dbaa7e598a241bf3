package org.clientproxy.loopback;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.clientproxy.xml.Frame;
import org.clientproxy.xml.StartTag;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;

/** The server's side of XEP-0114. */
final class ComponentLink extends LoopbackLink {
    private String id = "";
    private boolean ready;

    ComponentLink(LoopbackServer server) {
        super(server);
    }

    @Override
    void opened(StartTag header) {
        boolean known = server.componentDomain().equals(header.attribute("to"));
        String given = server.faults().streamId();
        // Prosody has no id for a stream that it refuses.
        id = !known ? "" : given != null ? given : newId();
        StringBuilder answer =
                new StringBuilder("<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='"
                        + STREAMS + "' id='");
        XmlText.escape(id, answer);
        write(answer.append("' from='")
                .append(server.componentDomain())
                .append('\'')
                .append(server.faults().headerExtra())
                .append('>')
                .toString());
        if (!known) {
            streamError("host-unknown");
        } else if (server.faults().refusal() != null) {
            streamError(server.faults().refusal());
        }
    }

    @Override
    void received(Frame frame) {
        if (!ready) {
            shakeHands(frame);
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
        } else if (!"subscribe".equals(stanza.type()) || !server.faults().losesSubscribe()) {
            server.fromComponent(
                    stanza.attribute("xmlns") == null
                            ? stanza
                            : LoopbackLink.addressed(stanza, stanza.from(), stanza.to()));
        }
    }

    private void shakeHands(Frame frame) {
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
    }

    @Override
    void gone() {
        server.leave(this);
    }

    static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
