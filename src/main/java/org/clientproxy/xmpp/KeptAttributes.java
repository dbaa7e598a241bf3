package org.clientproxy.xmpp;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * The attributes of a stanza that is kept, in little memory: there is no object for each of them, and a value that most such
 * stanzas have is there once for all.
 */
final class KeptAttributes extends AbstractList<Attribute> implements RandomAccess {
    private final String[] namesAndValues;

    /** @param usual the address to which most such stanzas are sent */
    KeptAttributes(List<Attribute> attributes, String usual) {
        namesAndValues = new String[2 * attributes.size()];
        for (int i = 0; i < attributes.size(); i++) {
            Attribute attribute = attributes.get(i);
            namesAndValues[2 * i] = attribute.name();
            namesAndValues[2 * i + 1] = shared(attribute.value(), usual);
        }
    }

    private static String shared(String value, String usual) {
        if (value.equals(usual)) {
            return usual;
        }
        return switch (value) {
            case "get" -> "get";
            case "set" -> "set";
            default -> value;
        };
    }

    @Override
    public Attribute get(int index) {
        return new Attribute(namesAndValues[2 * index], namesAndValues[2 * index + 1]);
    }

    @Override
    public int size() {
        return namesAndValues.length / 2;
    }
}
