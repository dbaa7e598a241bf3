package org.clientproxy.xml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.clientproxy.xmpp.Attribute;
import org.jspecify.annotations.Nullable;

/**
 * What names a stanza whose start tag is itself too much to be kept: kind, namespace, type, id and addresses. By these a
 * request can be refused, and a reply be told from others, whatever else stands in the tag, and in whatever order.
 */
final class StartTagSketch {
    private static final Set<String> NAMING = Set.of("type", "id", "from", "to");

    private final String name;
    private final String declaration;
    private final List<Attribute> attributes = new ArrayList<>(5);
    private final StringBuilder value = new StringBuilder();
    private @Nullable String reading;
    private int room;
    private boolean lost;

    /**
     * @param name the element's name, with its prefix
     * @param room how many characters may be kept; a sketch that would need more is of no use
     */
    StartTagSketch(String name, int room) {
        this.name = name;
        this.room = room;
        int colon = name.indexOf(':');
        this.declaration = colon < 0 ? "xmlns" : "xmlns:" + name.substring(0, colon);
    }

    /** The next attribute has this name; null: one that nobody asks for. */
    void attribute(@Nullable String attributeName) throws StreamErrorException {
        boolean naming = attributeName != null && (NAMING.contains(attributeName) || attributeName.equals(declaration));
        for (int i = 0; naming && i < attributes.size(); i++) {
            if (attributes.get(i).name().equals(attributeName)) {
                throw XmlScanner.notWellFormed("an attribute twice in one tag");
            }
        }
        reading = naming ? attributeName : null;
    }

    /** Whether the value of the present attribute is of use. */
    boolean isReading() {
        return reading != null && !lost;
    }

    /** The next part of that value, read. */
    void part(String part) {
        room -= part.length();
        lost |= room < 0;
        if (lost) {
            value.setLength(0);
            value.trimToSize();
        } else {
            value.append(part);
        }
    }

    /** That value is over. */
    void endAttribute() {
        if (reading != null) {
            attributes.add(new Attribute(reading, value.toString()));
        }
        value.setLength(0);
        reading = null;
    }

    /** The start tag with nothing else in it; null where there was no room for all of this. */
    @Nullable
    StartTag startTag(Map<String, String> streamNamespaces) {
        return lost ? null : new StartTag(name, attributes, streamNamespaces);
    }
}
