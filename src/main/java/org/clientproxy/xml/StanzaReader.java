package org.clientproxy.xml;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.clientproxy.xmpp.Attribute;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * Makes stanzas of the frames of one component stream. What a stanza needs of the declarations in the server's stream
 * header is declared again on its own start tag, for it will stand in another stream.
 */
public final class StanzaReader {
    /** Of the server's declarations those that our own header does not make alike. */
    private final List<Attribute> foreign = new ArrayList<>();

    private final List<byte[]> uses = new ArrayList<>();
    private final @Nullable String otherDefault;

    public StanzaReader(StartTag streamHeader) {
        Map<String, String> declared = streamHeader.streamNamespaces();
        declared.forEach((prefix, namespace) -> {
            boolean ours = prefix.isEmpty() || prefix.equals("stream") && namespace.equals(Namespaces.STREAM);
            if (!ours) {
                foreign.add(new Attribute("xmlns:" + prefix, namespace));
                uses.add((prefix + ':').getBytes(StandardCharsets.UTF_8));
            }
        });
        String defaultNamespace = declared.getOrDefault("", "");
        otherDefault = defaultNamespace.equals(Namespaces.COMPONENT) ? null : defaultNamespace;
    }

    /** The stanza; null where the element is none (RFC 6120 §8.1, XEP-0114 §3). */
    @Nullable
    public Stanza read(Frame frame) {
        StartTag tag = frame.startTag();
        Stanza.Kind kind =
                switch (tag.localName()) {
                    case "iq" -> Stanza.Kind.IQ;
                    case "message" -> Stanza.Kind.MESSAGE;
                    case "presence" -> Stanza.Kind.PRESENCE;
                    default -> null;
                };
        if (kind == null || !tag.namespace().equals(Namespaces.COMPONENT)) {
            return null;
        }
        List<Attribute> attributes = tag.attributes();
        for (int i = 0; i < foreign.size(); i++) {
            Attribute declaration = foreign.get(i);
            if (tag.attribute(declaration.name()) == null && contains(frame.octets(), uses.get(i))) {
                attributes = with(attributes, declaration);
            }
        }
        if (otherDefault != null && tag.attribute("xmlns") == null) {
            attributes = with(attributes, new Attribute("xmlns", otherDefault));
        }
        return new Stanza(
                kind,
                tag.name(),
                attributes,
                frame.octets(),
                frame.contentOffset(),
                frame.contentLength(),
                frame.children(),
                attributes.equals(tag.attributes()));
    }

    private static List<Attribute> with(List<Attribute> attributes, Attribute declaration) {
        List<Attribute> more = new ArrayList<>(attributes.size() + 1);
        more.addAll(attributes);
        more.add(declaration);
        return more;
    }

    private static boolean contains(byte[] octets, byte[] sought) {
        for (int i = 0; i <= octets.length - sought.length; i++) {
            int j = 0;
            while (j < sought.length && octets[i + j] == sought[j]) {
                j++;
            }
            if (j == sought.length) {
                return true;
            }
        }
        return false;
    }
}
