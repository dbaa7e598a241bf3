package org.clientproxy.xml;

import java.util.List;
import java.util.Map;
import org.clientproxy.xmpp.Attribute;
import org.jspecify.annotations.Nullable;

/**
 * A start tag as it was written.
 *
 * @param name the element's name, with its prefix
 * @param attributes in order, namespace declarations included
 * @param streamNamespaces what the stream's header declares: namespace by prefix, the default one under the empty prefix
 */
public record StartTag(String name, List<Attribute> attributes, Map<String, String> streamNamespaces) {
    public String localName() {
        return name.substring(name.indexOf(':') + 1);
    }

    /** The prefix, or an empty string. */
    public String prefix() {
        int colon = name.indexOf(':');
        return colon < 0 ? "" : name.substring(0, colon);
    }

    /** The element's namespace; empty where it has none. */
    public String namespace() {
        String prefix = prefix();
        String declared = attribute(prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix);
        return declared != null ? declared : streamNamespaces.getOrDefault(prefix, "");
    }

    /** The value of the attribute with this name as written, or null. */
    public @Nullable String attribute(String attributeName) {
        for (Attribute attribute : attributes) {
            if (attribute.name().equals(attributeName)) {
                return attribute.value();
            }
        }
        return null;
    }
}
