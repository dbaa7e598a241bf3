package org.clientproxy.xml;

import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.stax.WstxInputFactory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.DOMException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Stanzas as XML that others read and write. Reading is Woodstox's, made directly rather than by the factory lookup, which
 * OSGi redirects; neither DTDs nor external entities are read. Any thread.
 */
public final class StanzaXml {
    private static final String HEADER =
            "<stream:stream xmlns='" + Namespaces.COMPONENT + "' xmlns:stream='" + Namespaces.STREAM + "'>";
    // A stanza that came within the limits of a stream may have become larger: declarations of the server's header were
    // repeated on it, as many as that may have, and quotes may have become references.
    private static final FramerLimits LIMITS = new FramerLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, 256, 3 * 256);
    private static final WstxInputFactory INPUT = inputFactory();

    private StanzaXml() {}

    /**
     * Reads one stanza from a document. A stanza without a namespace is taken as one in
     * {@link Namespaces#COMPONENT}.
     *
     * @throws IllegalArgumentException that says why it is none
     */
    public static Stanza parse(String xml) {
        return parse(xml.getBytes(StandardCharsets.UTF_8));
    }

    /** The same from octets in UTF-8. */
    public static Stanza parse(byte[] xml) {
        OneStanza one = new OneStanza();
        StanzaFramer framer = new StanzaFramer(LIMITS, one);
        ByteBuf in = Unpooled.wrappedBuffer(
                HEADER.getBytes(StandardCharsets.UTF_8),
                withoutDeclaration(xml),
                "</stream:stream>".getBytes(StandardCharsets.UTF_8));
        try {
            framer.feed(in);
        } catch (StreamErrorException e) {
            throw new IllegalArgumentException("not a stanza: " + e.getMessage(), e);
        }
        if (one.stanza == null || !one.ended) {
            throw new IllegalArgumentException(
                    "not a stanza: one iq, message or presence in " + Namespaces.COMPONENT + " is expected");
        }
        return one.stanza;
    }

    /**
     * The stanza as a document, namespaces and all.
     *
     * @throws IllegalArgumentException where there can be none: an element named {@code xmlns} is well-formed, but no DOM
     *     takes it
     */
    public static Document toDocument(Stanza stanza) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setNamespaceAware(true);
            Document document = factory.newDocumentBuilder().newDocument();
            XMLStreamReader reader = reader(stanza.toBytes());
            try {
                build(reader, document);
            } finally {
                reader.close();
            }
            return document;
        } catch (ParserConfigurationException | XMLStreamException | DOMException e) {
            throw new IllegalArgumentException("not to be made a document: " + e.getMessage(), e);
        }
    }

    /**
     * The error in a stanza of type {@code error}, read as leniently as old programs write it; null where it has no child
     * named {@code error} (RFC 6120 §8.3.1).
     */
    public static @Nullable StanzaError errorOf(Stanza stanza) {
        return ErrorReader.read(stanza);
    }

    /** A reader of a document in UTF-8. */
    public static XMLStreamReader reader(byte[] xml) throws XMLStreamException {
        return INPUT.createXMLStreamReader(new ByteArrayInputStream(xml), "UTF-8");
    }

    private static void build(XMLStreamReader reader, Document document) throws XMLStreamException {
        Node parent = document;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    Element element = document.createElementNS(
                            reader.getNamespaceURI(), name(reader.getPrefix(), reader.getLocalName()));
                    for (int i = 0; i < reader.getNamespaceCount(); i++) {
                        String prefix = reader.getNamespacePrefix(i);
                        String uri = reader.getNamespaceURI(i);
                        element.setAttributeNS(
                                Namespaces.XMLNS,
                                prefix == null || prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix,
                                uri == null ? "" : uri);
                    }
                    for (int i = 0; i < reader.getAttributeCount(); i++) {
                        String uri = reader.getAttributeNamespace(i);
                        element.setAttributeNS(
                                uri == null || uri.isEmpty() ? null : uri,
                                name(reader.getAttributePrefix(i), reader.getAttributeLocalName(i)),
                                reader.getAttributeValue(i));
                    }
                    parent.appendChild(element);
                    parent = element;
                }
                case XMLStreamConstants.END_ELEMENT -> parent = parent.getParentNode();
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.SPACE, XMLStreamConstants.CDATA ->
                    parent.appendChild(document.createTextNode(reader.getText()));
                default -> {}
            }
        }
    }

    private static String name(@Nullable String prefix, String local) {
        return prefix == null || prefix.isEmpty() ? local : prefix + ':' + local;
    }

    private static byte[] withoutDeclaration(byte[] xml) {
        String head = new String(xml, 0, Math.min(xml.length, 256), StandardCharsets.ISO_8859_1);
        int end = head.startsWith("<?xml ") ? head.indexOf("?>") : -1;
        return end < 0 ? xml : java.util.Arrays.copyOfRange(xml, end + 2, xml.length);
    }

    private static WstxInputFactory inputFactory() {
        WstxInputFactory factory = new WstxInputFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_DEPTH, 10_000);
        // The framer has its own limits; a stanza within them must not be unreadable here.
        factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTE_SIZE, Integer.MAX_VALUE);
        return factory;
    }

    /** Takes the one stanza of a document that stands in a stream of ours. */
    private static final class OneStanza implements StanzaFramer.Handler {
        private @Nullable StanzaReader reader;
        private @Nullable Stanza stanza;
        private boolean ended;
        private int elements;

        @Override
        public void streamHeader(StartTag header) {
            reader = new StanzaReader(header);
        }

        @Override
        public void element(Frame frame) {
            stanza = ++elements == 1 && reader != null ? reader.read(frame) : null;
        }

        @Override
        public void skipped(@Nullable StartTag startTag, SkipReason reason, long octets) {
            elements++;
            stanza = null;
        }

        @Override
        public void streamEnd() {
            ended = true;
        }
    }
}
