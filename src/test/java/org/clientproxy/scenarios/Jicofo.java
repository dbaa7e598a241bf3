package org.clientproxy.scenarios;

import java.time.Duration;
import java.util.Objects;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.proxy.jat.JicofoRule;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;
import org.jxmpp.jid.Jid;
import org.w3c.dom.Element;

/**
 * An implementing client that answers the requests of Jitsi Meet as Jicofo does: it reads the requester from the sender's
 * resourcepart, serves those of its own domain, and refuses the others with the errors and payloads that Jicofo has.
 */
final class Jicofo implements AutoCloseable {
    static final String FOCUS = "http://jitsi.org/protocol/focus";
    private static final String STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";

    private final RawClient client;
    private final String proxyHost;
    private final Thread thread;
    private volatile boolean over;

    private Jicofo(RawClient client, String proxyHost) {
        this.client = client;
        this.proxyHost = proxyHost;
        this.thread = new Thread(this::serve, "jicofo");
        thread.setDaemon(true);
    }

    /** It accepts no contact request: the roster of its account has the proxy host already. */
    static Jicofo join(XmppServer server) throws Exception {
        Jicofo jicofo = new Jicofo(RawClient.login(server, "focus", "pw", "focus"), server.componentDomain());
        jicofo.client.send("<presence/>");
        jicofo.thread.start();
        return jicofo;
    }

    private void serve() {
        try {
            while (!over) {
                Stanza request = client.poll(Stanza::isRequest, Duration.ofSeconds(1));
                if (request != null) {
                    client.send(answer(request));
                }
            }
        } catch (Exception e) {
            over = true;
        }
    }

    private String answer(Stanza iq) throws Exception {
        Jid requester = JicofoRule.requester(proxyHost, Objects.requireNonNull(iq.from()));
        Element query = (Element) StanzaXml.toDocument(iq)
                .getDocumentElement()
                .getElementsByTagNameNS(FOCUS, "*")
                .item(0);
        if (query == null) {
            return error(iq, "cancel", "feature-not-implemented", "");
        }
        if (!requester.getDomain().toString().equals("meet.example.org")) {
            return error(
                    iq, "auth", "not-authorized", "<text xmlns='" + STANZAS + "'>not authorized user domain</text>");
        }
        String room = query.getAttribute("room");
        if (query.hasAttribute("session-id")
                && !query.getAttribute("session-id").equals("valid")) {
            return error(iq, "modify", "not-acceptable", "<session-invalid xmlns='" + FOCUS + "'/>");
        }
        if (room.startsWith("reserved@")) {
            return error(
                    iq, "cancel", "service-unavailable", "<reservation-error xmlns='" + FOCUS + "' error-code='409'/>");
        }
        return switch (query.getLocalName()) {
            case "conference" ->
                Worker.reply(
                        iq,
                        "<conference xmlns='" + FOCUS + "' room='" + room
                                + "' ready='true' focusjid='focus@auth.meet.example.org'>"
                                + "<property name='authentication' value='true'/>"
                                + "<property name='visitors-supported' value='false'/></conference>");
            case "login-url" ->
                Worker.reply(
                        iq,
                        "<login-url xmlns='" + FOCUS + "' url='https%3A%2F%2Fmeet.example.org%2Flogin%3Ffor%3D"
                                + requester.getLocalpartOrNull() + "' room='" + room + "'/>");
            default -> Worker.reply(iq, "<logout xmlns='" + FOCUS + "' logout-url='https%3A%2F%2Fmeet.example.org'/>");
        };
    }

    private static String error(Stanza iq, String type, String condition, String payload) {
        StringBuilder error = new StringBuilder("<iq type='error' id='" + iq.id() + "' to='");
        XmlText.escape(iq.from(), error);
        return error.append("'><error type='")
                .append(type)
                .append("'><")
                .append(condition)
                .append(" xmlns='")
                .append(STANZAS)
                .append("'/>")
                .append(payload)
                .append("</error></iq>")
                .toString();
    }

    @Override
    public void close() {
        over = true;
        client.close();
    }
}
