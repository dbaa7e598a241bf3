package org.clientproxy.xmpp;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The encoder of start tags: from a name and attributes to the octets on the wire. */
final class StartTagOctets {
    private StartTagOctets() {}

    /** @param empty whether the element has no content, so that the start tag is all of it */
    static byte[] of(String name, List<Attribute> attributes, boolean empty) {
        return isPlain(name, attributes) ? plain(name, attributes, empty) : escaped(name, attributes, empty);
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
    private static boolean isPlain(String name, List<Attribute> attributes) {
        boolean plain = XmlText.isPlain(name);
        for (int i = 0; plain && i < attributes.size(); i++) {
            plain = XmlText.isPlain(attributes.get(i).name())
                    && XmlText.isPlain(attributes.get(i).value());
        }
        return plain;
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
