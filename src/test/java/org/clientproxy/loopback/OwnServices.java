package org.clientproxy.loopback;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the server answers itself: roster, service discovery, ping, its time, and the session of old (RFC 3921 §3). */
final class OwnServices {
    private static final String ROSTER = "jabber:iq:roster";
    private static final String DISCO_INFO = "http://jabber.org/protocol/disco#info";
    private static final String TIME = "urn:xmpp:time";
    private static final String DISCO_ITEMS = "http://jabber.org/protocol/disco#items";

    private final LoopbackServer server;
    private final LoopbackRouter router;
    private final Subscriptions subscriptions;

    OwnServices(LoopbackServer server, LoopbackRouter router, Subscriptions subscriptions) {
        this.server = server;
        this.router = router;
        this.subscriptions = subscriptions;
    }

    /** @param link the session that asks, or null where the component does */
    void answer(ClientLink link, Stanza request) {
        if (!request.isRequest()) {
            return;
        }
        NodeList children = StanzaXml.toDocument(request).getDocumentElement().getElementsByTagName("*");
        Element child = (Element) children.item(0);
        String namespace = child == null ? "" : child.getNamespaceURI();
        switch (namespace) {
            case ROSTER -> {
                if (link == null) {
                    router.bounce(request, "service-unavailable");
                } else if ("get".equals(request.type())) {
                    link.interested();
                    reply(request, roster(link.jid()));
                } else {
                    change(link.jid(), child);
                    reply(request, "");
                }
            }
            case TIME -> tell(request);
            case DISCO_INFO ->
                reply(
                        request,
                        "<query xmlns='" + DISCO_INFO + "'><identity category='server' type='im' name='loopback'/>"
                                + "<feature var='" + DISCO_INFO + "'/><feature var='" + DISCO_ITEMS
                                + "'/><feature var='urn:xmpp:ping'/></query>");
            case DISCO_ITEMS ->
                reply(
                        request,
                        "<query xmlns='" + DISCO_ITEMS + "'><item jid='" + server.componentDomain() + "'/></query>");
            case "urn:xmpp:ping", "urn:ietf:params:xml:ns:xmpp-session" -> reply(request, "");
            default -> router.bounce(request, "service-unavailable");
        }
    }

    /** For an account, as its server: what it can is told to those only who may see its presence (XEP-0030 §8). */
    void answerFor(Jid account, Stanza request) {
        Element child = (Element) StanzaXml.toDocument(request)
                .getDocumentElement()
                .getElementsByTagName("*")
                .item(0);
        if ("get".equals(request.type())
                && child != null
                && DISCO_INFO.equals(child.getNamespaceURI())
                && server.hasAccount(account)
                && subscriptions.roster(account).isWatcher(Jid.parse(request.from()))) {
            reply(
                    request,
                    "<query xmlns='" + DISCO_INFO + "'><identity category='account' type='registered'/></query>");
        } else {
            router.bounce(request, "service-unavailable");
        }
    }

    private void tell(Stanza request) {
        String utc = Instant.now().plus(server.faults().clockAhead()).truncatedTo(ChronoUnit.SECONDS).toString();
        reply(request, "<time xmlns='" + TIME + "'><tzo>+00:00</tzo><utc>" + utc + "</utc></time>");
    }

    private String roster(Jid account) {
        StringBuilder items = new StringBuilder("<query xmlns='" + ROSTER + "'>");
        subscriptions.roster(account).contacts().values().forEach(contact -> items.append(contact.item()));
        return items.append("</query>").toString();
    }

    private void change(Jid account, Element query) {
        Element item = (Element) query.getElementsByTagNameNS("*", "item").item(0);
        Jid jid = Jid.parse(item.getAttribute("jid")).bare();
        if (item.getAttribute("subscription").equals("remove")) {
            remove(account, jid);
            return;
        }
        StringBuilder groups = new StringBuilder();
        NodeList all = item.getElementsByTagNameNS("*", "group");
        for (int i = 0; i < all.getLength(); i++) {
            groups.append("<group>");
            XmlText.escape(all.item(i).getTextContent(), groups);
            groups.append("</group>");
        }
        Roster.Contact contact = subscriptions.roster(account).contact(jid);
        contact.describe(item.getAttribute("name"), groups.toString());
        subscriptions.push(account, contact);
    }

    /** Whoever is no contact any more neither sees nor is seen (RFC 6121 §2.5.2). */
    private void remove(Jid account, Jid jid) {
        Roster roster = subscriptions.roster(account);
        Roster.Contact contact = roster.contacts().get(jid.key());
        if (contact == null) {
            return;
        }
        if (contact.to || contact.ask) {
            subscriptions.outbound(Subscriptions.presence("unsubscribe", account, jid), account, jid);
        }
        subscriptions.outbound(Subscriptions.presence("unsubscribed", account, jid), account, jid);
        roster.contacts().remove(jid.key());
        StringBuilder item = new StringBuilder("<item subscription='remove' jid='");
        XmlText.escape(jid.toString(), item);
        subscriptions.push(account, item.append("'/>").toString());
    }

    private void reply(Stanza request, String child) {
        String from = request.to() == null ? server.domain() : request.to();
        router.route(Stanza.of(Stanza.Kind.IQ, "result", request.id(), from, request.from(), child));
    }
}
