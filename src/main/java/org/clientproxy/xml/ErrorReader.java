package org.clientproxy.xml;

import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code <error/>} of a stanza as leniently as programs of twenty years write it: with text in it or beside it,
 * with a legacy code instead of a condition, without a type, with conditions that nobody knows, before or after the
 * children that it echoes (RFC 6120 §8.3, XEP-0086). One use.
 */
final class ErrorReader {
    /** An element of a stanza is in one of these, depending on who serialised it; "" where somebody forgot it. */
    private static final Set<String> CONTENT = Set.of(Namespaces.COMPONENT, "jabber:client", "jabber:server", "");

    private final XMLStreamReader reader;
    private @Nullable Condition condition;
    private @Nullable String text;
    private StanzaError.@Nullable Application application;
    private StanzaError.@Nullable Type type;
    private @Nullable String code;
    private boolean conditionSeen;

    private ErrorReader(XMLStreamReader reader) {
        this.reader = reader;
    }

    /** The error; null where the stanza has no child of that name. */
    static @Nullable StanzaError read(Stanza stanza) {
        StanzaError foreign = null;
        try {
            XMLStreamReader reader = StanzaXml.reader(stanza.toBytes());
            try {
                reader.nextTag();
                while (ElementWalk.toChild(reader)) {
                    if (!reader.getLocalName().equals("error")) {
                        ElementWalk.skip(reader);
                    } else if (CONTENT.contains(namespace(reader))) {
                        return new ErrorReader(reader).error();
                    } else {
                        // An error of another namespace is the sender's all the same, if there is no better one.
                        foreign = foreign == null ? new ErrorReader(reader).error() : foreign;
                    }
                }
                return foreign;
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            // The framer took it as well-formed, so it is not ours to say that there is no error.
            return new StanzaError(Condition.UNDEFINED_CONDITION, StanzaError.Type.CANCEL, null, null);
        }
    }

    /** What stands in the element that the reader is at; the reader is at its end afterwards. */
    private StanzaError error() throws XMLStreamException {
        type = type(reader.getAttributeValue(null, "type"));
        code = reader.getAttributeValue(null, "code");
        StringBuilder beside = new StringBuilder();
        for (int event = reader.next(); event != XMLStreamConstants.END_ELEMENT; event = reader.next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                child();
            } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
                beside.append(reader.getText());
            }
        }
        Condition found = condition != null ? condition : conditionSeen ? null : ofCode();
        Condition shown = found == null ? Condition.UNDEFINED_CONDITION : found;
        String words = text != null || beside.toString().isBlank()
                ? text
                : beside.toString().strip();
        return new StanzaError(shown, type == null ? shown.usualType() : type, words, application);
    }

    private void child() throws XMLStreamException {
        String name = reader.getLocalName();
        String namespace = namespace(reader);
        String content = ElementWalk.text(reader);
        if (!namespace.equals(Namespaces.STANZA_ERRORS)) {
            // What is in a stanza's own namespace, or in none, is no condition but a child that went astray.
            application = application == null && !CONTENT.contains(namespace)
                    ? new StanzaError.Application(namespace, name)
                    : application;
        } else if (name.equals("text")) {
            text = text == null ? content : text;
        } else {
            // The first one counts; there should be no second one.
            Condition read = Condition.of(name);
            condition = condition == null && read != Condition.UNDEFINED_CONDITION ? read : condition;
            conditionSeen = true;
        }
    }

    /**
     * What a legacy code stands for, where there is no condition (XEP-0086 §3). Of those codes that stand for several
     * conditions the usual one, but that 404 with the type {@code wait} is an absent recipient.
     */
    private @Nullable Condition ofCode() {
        if (code == null) {
            return null;
        }
        return switch (code.strip()) {
            case "302" -> Condition.REDIRECT;
            case "400" -> Condition.BAD_REQUEST;
            case "401" -> Condition.NOT_AUTHORIZED;
            case "403" -> Condition.FORBIDDEN;
            case "404" -> type == StanzaError.Type.WAIT ? Condition.RECIPIENT_UNAVAILABLE : Condition.ITEM_NOT_FOUND;
            case "405" -> Condition.NOT_ALLOWED;
            case "406" -> Condition.NOT_ACCEPTABLE;
            case "407" -> Condition.REGISTRATION_REQUIRED;
            case "408", "504" -> Condition.REMOTE_SERVER_TIMEOUT;
            case "409" -> Condition.CONFLICT;
            case "500" -> Condition.INTERNAL_SERVER_ERROR;
            case "501" -> Condition.FEATURE_NOT_IMPLEMENTED;
            case "502", "503", "510" -> Condition.SERVICE_UNAVAILABLE;
            default -> null;
        };
    }

    private static StanzaError.@Nullable Type type(@Nullable String name) {
        for (StanzaError.Type type : StanzaError.Type.values()) {
            if (type.xmlName().equals(name)) {
                return type;
            }
        }
        return null;
    }

    private static String namespace(XMLStreamReader reader) {
        String namespace = reader.getNamespaceURI();
        return namespace == null ? "" : namespace;
    }
}
