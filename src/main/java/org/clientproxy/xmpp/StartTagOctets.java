package org.clientproxy.xmpp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The encoder of start tags: from a name and attributes to the octets on the wire. */
final class StartTagOctets {
    private StartTagOctets() {}

    /**
     * @param empty whether the element has no content, so that the start tag is all of it
     * @param plain a value that is known to need no reference, and to be ASCII; or null
     * @param plainToo another one
     */
    static byte[] of(
            String name, List<Attribute> attributes, boolean empty, @Nullable String plain, @Nullable String plainToo) {
        return isPlain(name, attributes, plain, plainToo)
                ? plain(name, attributes, empty)
                : escaped(name, attributes, empty);
    }

    private static byte[] escaped(String name, List<Attribute> attributes, boolean empty) {
        StringBuilder tag = new StringBuilder(160).append('<').append(name);
        for (int i = 0; i < attributes.size(); i++) {
            tag.append(' ').append(attributes.get(i).name()).append('=');
            XmlText.attribute(attributes.get(i).value(), tag);
        }
        return tag.append(empty ? "/>" : ">").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Whether names and values are ASCII and need no reference, as nearly all are: they can be written octet by octet then. */
    private static boolean isPlain(
            String name, List<Attribute> attributes, @Nullable String known, @Nullable String knownToo) {
        boolean plain = XmlText.isPlain(name);
        for (int i = 0; plain && i < attributes.size(); i++) {
            Attribute attribute = attributes.get(i);
            plain = XmlText.isPlain(attribute.name()) && isPlain(attribute.value(), known, knownToo);
        }
        return plain;
    }

    /** The addresses are most of a start tag, so it is the very objects that are looked for. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isPlain(String value, @Nullable String known, @Nullable String knownToo) {
        return value == known || value == knownToo || XmlText.isPlain(value);
    }

    private static byte[] plain(String name, List<Attribute> attributes, boolean empty) {
        int size = 1 + name.length() + (empty ? 2 : 1);
        for (int i = 0; i < attributes.size(); i++) {
            size += 4
                    + attributes.get(i).name().length()
                    + attributes.get(i).value().length();
        }
        byte[] tag = new byte[size];
        tag[0] = '<';
        int at = put(name, tag, 1);
        for (int i = 0; i < attributes.size(); i++) {
            tag[at] = ' ';
            at = put(attributes.get(i).name(), tag, at + 1);
            tag[at] = '=';
            tag[at + 1] = '\'';
            at = put(attributes.get(i).value(), tag, at + 2);
            tag[at++] = '\'';
        }
        if (empty) {
            tag[at++] = '/';
        }
        tag[at] = '>';
        return tag;
    }

    @SuppressWarnings("deprecation") // It drops the upper halves of characters, which plain ones do not have.
    private static int put(String plain, byte[] to, int at) {
        plain.getBytes(0, plain.length(), to, at);
        return at + plain.length();
    }
}
