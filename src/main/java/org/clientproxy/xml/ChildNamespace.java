package org.clientproxy.xml;

import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * Finds the namespace of a stanza's first child, which says what a request is about. It looks at the start tag of that child
 * and no further, and leaves what is written in an unusual way to a parser. One use.
 */
public final class ChildNamespace {
    /** A start tag has no more octets than these, but for unusual ones. */
    private static final int USUAL = 512;

    private final byte[] text;
    private int at;

    private ChildNamespace(byte[] text) {
        this.text = text;
    }

    /** The namespace of the first child of a stanza that was read; null where there is no child, or it has no namespace. */
    public static @Nullable String of(Stanza stanza) {
        String namespace =
                stanza.children() == 0 ? "" : new ChildNamespace(stanza.contentBegin(USUAL)).namespace(stanza);
        if (namespace == null) {
            namespace = parsed(stanza);
        }
        return namespace.isEmpty() ? null : namespace;
    }

    /** Empty where it has none; null where only a parser can say. */
    private @Nullable String namespace(Stanza stanza) {
        skipSpace();
        if (at + 1 >= text.length || text[at] != '<' || text[at + 1] == '!') {
            return null;
        }
        at++;
        String name = name();
        int colon = name.indexOf(':');
        String declaration = colon < 0 ? "xmlns" : "xmlns:" + name.substring(0, colon);
        for (skipSpace(); at < text.length; skipSpace()) {
            if (text[at] == '>' || text[at] == '/') {
                return inherited(stanza, declaration);
            }
            String attribute = name();
            String value = value();
            if (value == null || attribute.equals(declaration)) {
                return value;
            }
        }
        return null;
    }

    /** What is not declared on the child is declared on the stanza, or on every stream. */
    private static @Nullable String inherited(Stanza stanza, String declaration) {
        String declared = stanza.attribute(declaration);
        return declared == null && declaration.equals("xmlns") ? Namespaces.COMPONENT : declared;
    }

    private void skipSpace() {
        while (at < text.length && XmlChars.isSpace(text[at])) {
            at++;
        }
    }

    private String name() {
        int from = at;
        while (at < text.length && !XmlChars.isSpace(text[at]) && "=/>".indexOf(text[at]) < 0) {
            at++;
        }
        return new String(text, from, at - from, StandardCharsets.UTF_8);
    }

    /** What stands between the next two quotes; null where the second one is too far away. */
    private @Nullable String value() {
        while (at < text.length && text[at] != '\'' && text[at] != '"') {
            at++;
        }
        int quote = at++;
        int from = at;
        while (at < text.length && text[at] != text[quote]) {
            at++;
        }
        return at >= text.length ? null : XmlChars.attributeValue(text, from, at++ - from);
    }

    private static String parsed(Stanza stanza) {
        try {
            XMLStreamReader reader = StanzaXml.reader(stanza.toBytes());
            try {
                reader.nextTag();
                int event = reader.next();
                while (event != XMLStreamConstants.START_ELEMENT && event != XMLStreamConstants.END_DOCUMENT) {
                    event = reader.next();
                }
                String namespace = event == XMLStreamConstants.START_ELEMENT ? reader.getNamespaceURI() : null;
                return namespace == null ? "" : namespace;
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            return "";
        }
    }
}
