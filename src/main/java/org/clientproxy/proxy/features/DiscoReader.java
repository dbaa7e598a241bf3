package org.clientproxy.proxy.features;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.clientproxy.proxy.caps.DiscoInfo;
import org.clientproxy.xml.ElementWalk;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to a {@code disco#info}. One in which something stands twice is worthless as a whole (XEP-0115 §5.4), and so
 * is one that is too large. One use.
 */
final class DiscoReader {
    /** A larger answer is not looked at (64 KiB). */
    static final int MOST_OCTETS = 64 << 10;

    /** An answer with more features is worthless. */
    static final int MOST_FEATURES = 1000;

    private static final String FORM_TYPE = "FORM_TYPE";

    private final XMLStreamReader reader;
    private final Set<DiscoInfo.Identity> identities = new LinkedHashSet<>();
    private final Set<String> features = new LinkedHashSet<>();
    private final List<DiscoInfo.Form> forms = new ArrayList<>();
    private final Set<String> formTypes = new HashSet<>();

    private DiscoReader(XMLStreamReader reader) {
        this.reader = reader;
    }

    /** @param reply a reply of type {@code result} */
    static DiscoInfo read(Stanza reply) throws WorthlessAnswerException {
        if (reply.octets() > MOST_OCTETS) {
            throw new WorthlessAnswerException("it has more than 64 KiB");
        }
        try {
            XMLStreamReader reader = StanzaXml.reader(reply.toBytes());
            try {
                reader.nextTag();
                return new DiscoReader(reader).query();
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            throw new WorthlessAnswerException("it cannot be read");
        }
    }

    private DiscoInfo query() throws XMLStreamException, WorthlessAnswerException {
        if (!ElementWalk.toChild(reader) || !is(Namespaces.DISCO_INFO, "query")) {
            throw new WorthlessAnswerException("it is no disco#info");
        }
        while (ElementWalk.toChild(reader)) {
            if (is(Namespaces.DISCO_INFO, "identity")) {
                unique(identities, identity(), "identity");
                ElementWalk.skip(reader);
            } else if (is(Namespaces.DISCO_INFO, "feature")) {
                unique(features, attribute("var"), "feature");
                if (features.size() > MOST_FEATURES) {
                    throw new WorthlessAnswerException("it has more than " + MOST_FEATURES + " features");
                }
                ElementWalk.skip(reader);
            } else if (is(Namespaces.FORM, "x")) {
                form();
            } else {
                ElementWalk.skip(reader);
            }
        }
        return new DiscoInfo(List.copyOf(identities), features, forms);
    }

    private DiscoInfo.Identity identity() {
        return new DiscoInfo.Identity(
                attribute("category"),
                attribute("type"),
                Objects.requireNonNullElse(reader.getAttributeValue(Namespaces.XML, "lang"), ""),
                attribute("name"));
    }

    /** A form without a hidden type is ignored (XEP-0115 §5.4). */
    private void form() throws XMLStreamException, WorthlessAnswerException {
        List<DiscoInfo.Field> fields = new ArrayList<>();
        Set<String> types = new HashSet<>();
        boolean hidden = false;
        while (ElementWalk.toChild(reader)) {
            if (is(Namespaces.FORM, "field")) {
                String name = attribute("var");
                boolean isType = name.equals(FORM_TYPE);
                hidden |= isType && "hidden".equals(attribute("type"));
                List<String> values = values();
                if (isType) {
                    types.addAll(values);
                } else {
                    fields.add(new DiscoInfo.Field(name, values));
                }
            } else {
                ElementWalk.skip(reader);
            }
        }
        if (types.size() > 1) {
            throw new WorthlessAnswerException("a form in it has two types");
        }
        if (hidden && types.size() == 1) {
            String type = types.iterator().next();
            unique(formTypes, type, "type of a form");
            forms.add(new DiscoInfo.Form(type, fields));
        }
    }

    private List<String> values() throws XMLStreamException {
        List<String> values = new ArrayList<>();
        while (ElementWalk.toChild(reader)) {
            if (is(Namespaces.FORM, "value")) {
                values.add(ElementWalk.text(reader));
            } else {
                ElementWalk.skip(reader);
            }
        }
        return values;
    }

    private static <T> void unique(Set<T> all, T one, String what) throws WorthlessAnswerException {
        if (!all.add(one)) {
            throw new WorthlessAnswerException("the same " + what + " is in it twice");
        }
    }

    private boolean is(String namespace, String name) {
        return name.equals(reader.getLocalName()) && namespace.equals(reader.getNamespaceURI());
    }

    private String attribute(String name) {
        @Nullable String value = reader.getAttributeValue(null, name);
        return value == null ? "" : value;
    }
}
