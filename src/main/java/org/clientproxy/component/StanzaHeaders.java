package org.clientproxy.component;

import org.apache.camel.Message;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;

/** The headers {@link XmppComponentConstants} of a message that holds a stanza. */
public final class StanzaHeaders {
    private StanzaHeaders() {}

    /** Sets them to what the stanza says, and removes those of which it says nothing. */
    public static void set(Message message, Stanza stanza) {
        message.setHeader(XmppComponentConstants.KIND, stanza.kind().xmlName());
        set(message, XmppComponentConstants.FROM, stanza.from());
        set(message, XmppComponentConstants.TO, stanza.to());
        set(message, XmppComponentConstants.ID, stanza.id());
        set(message, XmppComponentConstants.TYPE, stanza.type());
        set(message, XmppComponentConstants.ERROR, condition(stanza));
        StanzaTexts.set(message, stanza);
    }

    private static String condition(Stanza stanza) {
        StanzaError error = "error".equals(stanza.type()) ? StanzaXml.errorOf(stanza) : null;
        return error == null ? null : error.condition().xmlName();
    }

    static void set(Message message, String header, String value) {
        if (value == null) {
            message.removeHeader(header);
        } else {
            message.setHeader(header, value);
        }
    }
}
