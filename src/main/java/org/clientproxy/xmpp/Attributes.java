package org.clientproxy.xmpp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done with the attributes of a start tag, which are few, so that a list of them is searched fastest. */
final class Attributes {
    private Attributes() {}

    /** The value of the attribute with this name as written, or null. */
    static @Nullable String value(List<Attribute> attributes, String name) {
        for (int i = 0; i < attributes.size(); i++) {
            if (attributes.get(i).name().equals(name)) {
                return attributes.get(i).value();
            }
        }
        return null;
    }

    /** Adds an attribute at the end, unless its value is null. */
    static void add(List<Attribute> attributes, String name, @Nullable String value) {
        if (value != null) {
            attributes.add(new Attribute(name, value));
        }
    }

    /** The same attributes with other addresses and another id, each in the place of the old one, or at the end. */
    static List<Attribute> readdressed(List<Attribute> attributes, String from, String to, @Nullable String id) {
        List<Attribute> changed = new ArrayList<>(attributes.size() + 3);
        boolean seenFrom = false;
        boolean seenTo = false;
        boolean seenId = false;
        for (int i = 0; i < attributes.size(); i++) {
            Attribute attribute = attributes.get(i);
            switch (attribute.name()) {
                case "from" -> {
                    changed.add(new Attribute("from", from));
                    seenFrom = true;
                }
                case "to" -> {
                    changed.add(new Attribute("to", to));
                    seenTo = true;
                }
                case "id" -> {
                    changed.add(id == null ? attribute : new Attribute("id", id));
                    seenId = true;
                }
                default -> changed.add(attribute);
            }
        }
        add(changed, "from", seenFrom ? null : from);
        add(changed, "to", seenTo ? null : to);
        add(changed, "id", seenId ? null : id);
        return changed;
    }
}
