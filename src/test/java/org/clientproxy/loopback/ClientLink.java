package org.clientproxy.loopback;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import org.clientproxy.xml.Frame;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xml.StartTag;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;
import org.w3c.dom.Element;

/** A client's connection: SASL, resource binding, then stanzas (RFC 6120 §6, §7). */
final class ClientLink extends LoopbackLink {
    private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    private static final String BIND = "urn:ietf:params:xml:ns:xmpp-bind";

    private final Set<Jid> directed = new LinkedHashSet<>();
    private Scram scram = new Scram();
    private String user;
    private Jid jid;
    private Stanza presence;
    private boolean interested;

    ClientLink(LoopbackServer server) {
        super(server);
    }

    /** The full address, once a resource is bound. */
    Jid jid() {
        return jid;
    }

    /** The last available presence; null while the session is not available. */
    Stanza presence() {
        return presence;
    }

    void presence(Stanza now) {
        presence = now;
    }

    /** Remembers who was sent an available presence of its own, and so must hear when this session goes. */
    void directed(Jid to, boolean available) {
        if (available) {
            directed.add(to);
        } else {
            directed.remove(to);
        }
    }

    Set<Jid> takeDirected() {
        Set<Jid> taken = Set.copyOf(directed);
        directed.clear();
        return taken;
    }

    /** The session has asked for the roster. */
    void interested() {
        interested = true;
    }

    boolean isInterested() {
        return interested;
    }

    @Override
    void opened(StartTag header) {
        write("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='" + STREAMS + "' id='" + newId()
                + "' from='" + server.domain() + "' version='1.0'><stream:features>"
                + (user == null
                        ? "<mechanisms xmlns='" + SASL + "'><mechanism>SCRAM-SHA-1</mechanism>"
                                + "<mechanism>PLAIN</mechanism></mechanisms>"
                        : "<bind xmlns='" + BIND + "'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'>"
                                + "<optional/></session>")
                + "</stream:features>");
        if (!server.domain().equals(header.attribute("to"))) {
            streamError("host-unknown");
        }
    }

    @Override
    void received(Frame frame) {
        if (user == null) {
            authenticate(frame);
            return;
        }
        Stanza stanza = stanza(frame);
        if (stanza == null) {
            streamError("unsupported-stanza-type");
        } else if (jid == null) {
            bind(stanza);
        } else {
            server.fromClient(this, LoopbackLink.addressed(stanza, jid.toString(), stanza.to()));
        }
    }

    @Override
    void gone() {
        if (jid != null) {
            server.leave(this);
        }
    }

    private void authenticate(Frame frame) {
        StartTag tag = frame.startTag();
        String text = text(frame);
        try {
            if (tag.localName().equals("auth") && "PLAIN".equals(tag.attribute("mechanism"))) {
                String[] parts = text.split("\0", -1);
                finish(parts[1], parts[2].equals(server.password(parts[1])) ? "" : null);
            } else if (tag.localName().equals("auth") && "SCRAM-SHA-1".equals(tag.attribute("mechanism"))) {
                scram = new Scram();
                write("<challenge xmlns='" + SASL + "'>" + base64(scram.challenge(text)) + "</challenge>");
            } else if (tag.localName().equals("response")) {
                String password = server.password(scram.user());
                finish(scram.user(), password == null ? null : scram.verify(text, password));
            } else {
                write("<failure xmlns='" + SASL + "'><invalid-mechanism/></failure>");
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            write("<failure xmlns='" + SASL + "'><malformed-request/></failure>");
        }
    }

    /** @param last the server's last word, or null where the password is wrong */
    private void finish(String name, String last) {
        if (last == null) {
            write("<failure xmlns='" + SASL + "'><not-authorized/></failure>");
            return;
        }
        user = name;
        write("<success xmlns='" + SASL + "'>" + (last.isEmpty() ? "" : base64(last)) + "</success>");
        restartStream();
    }

    private void bind(Stanza iq) {
        Element bind = (Element)
                StanzaXml.toDocument(iq).getElementsByTagNameNS(BIND, "bind").item(0);
        if (bind == null) {
            write(iq.error(LoopbackLink.error("not-authorized")));
            return;
        }
        String wanted = bind.getTextContent();
        Jid bound = Jid.read(user + "@" + server.domain() + "/" + (wanted.isBlank() ? newId() : wanted))
                .orElse(null);
        if (bound == null) {
            write(iq.error(LoopbackLink.error("bad-request")));
            return;
        }
        jid = bound;
        server.join(this);
        StringBuilder answer = new StringBuilder("<bind xmlns='" + BIND + "'><jid>");
        XmlText.escape(jid.toString(), answer);
        write(Stanza.of(Stanza.Kind.IQ, "result", iq.id(), null, null, answer + "</jid></bind>"));
    }

    private static String text(Frame frame) {
        String encoded =
                new String(frame.octets(), frame.contentOffset(), frame.contentLength(), StandardCharsets.US_ASCII);
        return encoded.equals("=") ? "" : new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
