package org.clientproxy.xmpp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A stanza as a document of its own: it declares what the header of a component stream declares for all stanzas. */
final class StanzaDocument {
    private StanzaDocument() {}

    static byte[] of(Stanza stanza) {
        List<Attribute> declared = new ArrayList<>(stanza.attributes().size() + 2);
        if (stanza.attribute("xmlns") == null) {
            declared.add(new Attribute("xmlns", Namespaces.COMPONENT));
        }
        // Every component stream declares this prefix, so a stanza may use it without a declaration of its own.
        if (stanza.attribute("xmlns:stream") == null && mentionsStreamPrefix(stanza)) {
            declared.add(new Attribute("xmlns:stream", Namespaces.STREAM));
        }
        declared.addAll(stanza.attributes());
        return octets(stanza.withAttributes(declared));
    }

    private static boolean mentionsStreamPrefix(Stanza stanza) {
        // Each octet is a character, so that what is not ASCII costs no decoding.
        return new String(octets(stanza), StandardCharsets.ISO_8859_1).contains("stream:");
    }

    private static byte[] octets(Stanza stanza) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(stanza.octets());
        try {
            stanza.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
