package org.clientproxy.component;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Source;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;
import org.apache.camel.Converter;
import org.clientproxy.stream.OwnErrors;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;
import org.w3c.dom.Document;

/** Type converters between stanzas and XML in the forms that routes use. */
@Converter(generateLoader = true)
public final class StanzaConverters {
    private static final StanzaError UNREADABLE = StanzaError.of(
                    StanzaError.Condition.BAD_REQUEST,
                    "An element or attribute of the request has a name that XML keeps for itself.")
            .with(OwnErrors.NAMESPACE, "malformed-request");

    private StanzaConverters() {}

    @Converter
    public static String toString(Stanza stanza) {
        return stanza.toXml();
    }

    @Converter
    public static byte[] toBytes(Stanza stanza) {
        return stanza.toBytes();
    }

    @Converter
    public static InputStream toInputStream(Stanza stanza) {
        return new ByteArrayInputStream(stanza.toBytes());
    }

    @Converter
    public static Document toDocument(Stanza stanza) {
        try {
            return StanzaXml.toDocument(stanza);
        } catch (IllegalArgumentException e) {
            if (stanza.isRequest() && stanza.isChecked()) {
                // Its sender's fault, so it is answered, and no failure of the route.
                throw new StanzaErrorException(UNREADABLE);
            }
            throw e;
        }
    }

    @Converter
    public static Source toSource(Stanza stanza) {
        return new StreamSource(toInputStream(stanza));
    }

    @Converter
    public static Stanza fromString(String xml) {
        return StanzaXml.parse(xml);
    }

    @Converter
    public static Stanza fromBytes(byte[] xml) {
        return StanzaXml.parse(xml);
    }

    @Converter
    public static Stanza fromInputStream(InputStream xml) throws IOException {
        return StanzaXml.parse(xml.readAllBytes());
    }

    @Converter
    public static Stanza fromDocument(Document document) throws TransformerException {
        Transformer transformer = TransformerFactory.newDefaultInstance().newTransformer();
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        StringWriter xml = new StringWriter();
        transformer.transform(new DOMSource(document), new StreamResult(xml));
        return StanzaXml.parse(xml.toString());
    }
}
