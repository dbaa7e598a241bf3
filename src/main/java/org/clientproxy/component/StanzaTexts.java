package org.clientproxy.component;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.camel.Message;
import org.clientproxy.xml.ElementWalk;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;

/** The children of messages and presences that are mere text (RFC 6121 §4.7.2, §5.2), as headers and as XML. */
final class StanzaTexts {
    private static final Map<String, String> OF_MESSAGES = Map.of(
            "subject", XmppComponentConstants.SUBJECT,
            "body", XmppComponentConstants.BODY,
            "thread", XmppComponentConstants.THREAD);

    private static final Map<String, String> OF_PRESENCES = Map.of(
            "show", XmppComponentConstants.SHOW,
            "status", XmppComponentConstants.STATUS,
            "priority", XmppComponentConstants.PRIORITY);

    private static final Set<String> SHOWS = Set.of("away", "chat", "dnd", "xa");

    private StanzaTexts() {}

    /** Sets the headers to what the stanza says, and removes those of which it says nothing. */
    static void set(Message message, Stanza stanza) {
        Map<String, String> texts =
                headers(stanza.kind()).isEmpty() || stanza.children() == 0 ? Map.of() : texts(stanza);
        OF_MESSAGES.values().forEach(header -> StanzaHeaders.set(message, header, texts.get(header)));
        OF_PRESENCES.values().forEach(header -> StanzaHeaders.set(message, header, texts.get(header)));
        Integer priority = priority(texts.get(XmppComponentConstants.PRIORITY));
        if (priority == null) {
            message.removeHeader(XmppComponentConstants.PRIORITY);
        } else {
            message.setHeader(XmppComponentConstants.PRIORITY, priority);
        }
    }

    private static Map<String, String> headers(Stanza.Kind kind) {
        return switch (kind) {
            case MESSAGE -> OF_MESSAGES;
            case PRESENCE -> OF_PRESENCES;
            case IQ -> Map.of();
        };
    }

    /** By the headers. */
    private static Map<String, String> texts(Stanza stanza) {
        Map<String, String> wanted = headers(stanza.kind());
        Map<String, String> texts = new HashMap<>();
        try {
            XMLStreamReader reader = StanzaXml.reader(stanza.toBytes());
            try {
                reader.nextTag();
                while (ElementWalk.toChild(reader)) {
                    String header = Namespaces.COMPONENT.equals(reader.getNamespaceURI())
                            ? wanted.get(reader.getLocalName())
                            : null;
                    if (header == null) {
                        ElementWalk.skip(reader);
                    } else {
                        texts.putIfAbsent(header, ElementWalk.text(reader));
                    }
                }
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            // Its names are some that only XML itself may use; what was read until then is right.
        }
        return texts;
    }

    private static Integer priority(String text) {
        try {
            return text == null ? null : Integer.valueOf(text.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /**
     * What the headers say, as the child elements of a stanza of this kind.
     *
     * @throws IllegalArgumentException that names the header that is wrong
     */
    static String children(Stanza.Kind kind, Message message) {
        StringBuilder children = new StringBuilder();
        switch (kind) {
            case MESSAGE -> {
                append(children, "subject", message.getHeader(XmppComponentConstants.SUBJECT, String.class));
                append(children, "body", message.getHeader(XmppComponentConstants.BODY, String.class));
                append(children, "thread", message.getHeader(XmppComponentConstants.THREAD, String.class));
            }
            case PRESENCE -> {
                append(children, "show", show(message.getHeader(XmppComponentConstants.SHOW, String.class)));
                append(children, "status", message.getHeader(XmppComponentConstants.STATUS, String.class));
                append(children, "priority", priority(message));
            }
            case IQ -> {
                // Its one child is never mere text.
            }
        }
        return children.toString();
    }

    private static String show(String show) {
        if (show != null && !SHOWS.contains(show)) {
            throw wrong(XmppComponentConstants.SHOW, show, "away, chat, dnd and xa");
        }
        return show;
    }

    private static String priority(Message message) {
        String text = message.getHeader(XmppComponentConstants.PRIORITY, String.class);
        Integer priority = priority(text);
        if (text != null && (priority == null || priority != priority.byteValue())) {
            throw wrong(XmppComponentConstants.PRIORITY, text, "-128 to 127");
        }
        return text == null ? null : priority.toString();
    }

    private static IllegalArgumentException wrong(String header, String value, String allowed) {
        return new IllegalArgumentException("header " + header + " is " + value + "; allowed are " + allowed);
    }

    private static void append(StringBuilder children, String name, String text) {
        if (text != null) {
            children.append('<').append(name).append('>');
            XmlText.escape(text, children);
            children.append("</").append(name).append('>');
        }
    }
}
