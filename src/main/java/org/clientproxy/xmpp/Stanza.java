package org.clientproxy.xmpp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stanza of a component stream, immutable: the attributes of its start tag, and its content, the octets between start
 * tag and end tag just as they came (RFC 6120 §8).
 *
 * <p>The content is never parsed here and never copied: a stanza made from another one shares it. All names inside the
 * content that need a namespace declaration from outside find it among the attributes of the start tag.
 */
public final class Stanza {
    /** The three kinds of stanza; {@link #xmlName()} is the element's local name. */
    public enum Kind {
        IQ("iq"),
        MESSAGE("message"),
        PRESENCE("presence");

        private final String xmlName;

        @SuppressWarnings("ImmutableEnumChecker") // Nobody writes into it.
        private final byte[] endTag;

        Kind(String xmlName) {
            this.xmlName = xmlName;
            this.endTag = endTagOf(xmlName);
        }

        public String xmlName() {
            return xmlName;
        }
    }

    private final Kind kind;
    private final String name;
    private final List<Attribute> attributes;
    private final byte[] content;
    private final int offset;
    private final int length;
    private final int children;
    private final boolean checked;
    // Whether the start tag, just as it is to be written, stands before the content in the array of that.
    private final boolean tagged;
    // Found once, for they are asked for again and again.
    private final @Nullable String type;
    private final @Nullable String id;
    private final @Nullable String from;
    private final @Nullable String to;
    // Encoded when its size is asked for, and kept until it is written; two threads that race for it make the same
    // octets.
    private byte @Nullable [] startTag;
    // Likewise: read from the attributes when first asked for.
    private @Nullable Jid fromJid;
    private @Nullable Jid toJid;
    // Set before anybody else sees it.
    private boolean truncated;

    /**
     * A stanza as read from a stream.
     *
     * @param kind what it is
     * @param name the element's name as written, with the prefix if it has one
     * @param attributes the start tag's attributes in order, namespace declarations included; the list is not copied
     * @param content the array that holds the content; not copied, and never to be written again
     * @param offset where the content begins
     * @param length the content's length, in octets
     * @param children how many child elements the content has
     */
    public Stanza(
            Kind kind, String name, List<Attribute> attributes, byte[] content, int offset, int length, int children) {
        this(kind, name, attributes, content, offset, length, children, true, false);
    }

    /**
     * A stanza as read from a stream, in the array that holds all of its element.
     *
     * @param element the whole element as it came, or nothing of one of which only the start tag is known; not copied, and
     *     never to be written again
     * @param asItCame whether the attributes are those of the element, whose start tag will be written again as it is then
     */
    public Stanza(
            Kind kind,
            String name,
            List<Attribute> attributes,
            byte[] element,
            int contentOffset,
            int contentLength,
            int children,
            boolean asItCame) {
        this(
                kind,
                name,
                attributes,
                element,
                contentOffset,
                contentLength,
                children,
                true,
                // An element without content may have an end tag, which would not be written.
                asItCame && (contentLength > 0 || contentOffset > 1 && element[contentOffset - 2] == '/'));
    }

    private Stanza(
            Kind kind,
            String name,
            List<Attribute> attributes,
            byte[] content,
            int offset,
            int length,
            int children,
            boolean checked,
            boolean tagged) {
        this.kind = kind;
        this.name = name;
        this.attributes = attributes;
        this.content = content;
        this.offset = offset;
        this.length = length;
        this.children = children;
        this.checked = checked;
        this.tagged = tagged;
        String foundType = null;
        String foundId = null;
        String foundFrom = null;
        String foundTo = null;
        // Backwards, so that of two with one name the first counts, as everywhere.
        for (int i = attributes.size() - 1; i >= 0; i--) {
            Attribute attribute = attributes.get(i);
            switch (attribute.name()) {
                case "type" -> foundType = attribute.value();
                case "id" -> foundId = attribute.value();
                case "from" -> foundFrom = attribute.value();
                case "to" -> foundTo = attribute.value();
                default -> {}
            }
        }
        this.type = foundType;
        this.id = foundId;
        this.from = foundFrom;
        this.to = foundTo;
    }

    /** Another one's kind and type, with these attributes and this content. */
    private Stanza(
            Stanza other,
            List<Attribute> attributes,
            @Nullable String id,
            @Nullable String from,
            @Nullable String to,
            byte[] content,
            int offset) {
        this.kind = other.kind;
        this.name = other.name;
        this.attributes = attributes;
        this.content = content;
        this.offset = offset;
        this.length = other.length;
        this.children = other.children;
        this.checked = other.checked;
        this.tagged = false;
        this.type = other.type;
        this.id = id;
        this.from = from;
        this.to = to;
    }

    /**
     * A stanza of ours. Null attributes are left out; {@code child} is XML of one element, or empty. Whether it is
     * well-formed is not looked at here, but when it is sent.
     */
    public static Stanza of(
            Kind kind,
            @Nullable String type,
            @Nullable String id,
            @Nullable String from,
            @Nullable String to,
            String child) {
        return of(kind, type, id, from, to, child, child.isEmpty());
    }

    private static Stanza of(
            Kind kind,
            @Nullable String type,
            @Nullable String id,
            @Nullable String from,
            @Nullable String to,
            String child,
            boolean checked) {
        List<Attribute> attributes = new ArrayList<>(4);
        Attributes.add(attributes, "type", type);
        Attributes.add(attributes, "id", id);
        Attributes.add(attributes, "from", from);
        Attributes.add(attributes, "to", to);
        byte[] content = child.getBytes(StandardCharsets.UTF_8);
        return new Stanza(
                kind, kind.xmlName(), attributes, content, 0, content.length, child.isEmpty() ? 0 : 1, checked, false);
    }

    public Kind kind() {
        return kind;
    }

    /** The attribute {@code type}, or null. */
    public @Nullable String type() {
        return type;
    }

    /** The attribute {@code id}, or null; an empty id is an id. */
    public @Nullable String id() {
        return id;
    }

    /** The attribute {@code from} as spelled, or null. */
    public @Nullable String from() {
        return from;
    }

    /** The attribute {@code to} as spelled, or null. */
    public @Nullable String to() {
        return to;
    }

    /**
     * The address in {@code from}; there is one in all that a stream hands on.
     *
     * @throws IllegalArgumentException where there is none
     */
    public Jid fromJid() {
        Jid read = fromJid;
        if (read == null) {
            read = read(from(), "from");
            fromJid = read;
        }
        return read;
    }

    /**
     * The address in {@code to}; there is one in all that a stream hands on.
     *
     * @throws IllegalArgumentException where there is none
     */
    public Jid toJid() {
        Jid read = toJid;
        if (read == null) {
            read = read(to(), "to");
            toJid = read;
        }
        return read;
    }

    private static Jid read(@Nullable String address, String attributeName) {
        if (address == null) {
            throw new IllegalArgumentException("a stanza without " + attributeName);
        }
        return Jid.parse(address);
    }

    /** The attributes of the start tag in order, namespace declarations included; not to be changed. */
    public List<Attribute> attributes() {
        return attributes;
    }

    /** The value of the attribute with this name as written, or null. */
    public @Nullable String attribute(String attributeName) {
        return Attributes.value(attributes, attributeName);
    }

    /**
     * Whether its content is known to be well-formed, as that of every stanza that was read is. The content of a stanza that a
     * program composed is not, and one wrong stanza would end the stream for all.
     */
    public boolean isChecked() {
        return checked;
    }

    /** How many child elements it has. */
    public int children() {
        return children;
    }

    /** Whether it is an IQ of type {@code get} or {@code set}, which must be answered (RFC 6120 §8.2.3). */
    public boolean isRequest() {
        String type = kind == Kind.IQ ? type() : null;
        return "get".equals(type) || "set".equals(type);
    }

    /** Whether it is an IQ of type {@code result} or {@code error}, which must not be answered. */
    public boolean isReply() {
        String type = kind == Kind.IQ ? type() : null;
        return "result".equals(type) || "error".equals(type);
    }

    /** The same stanza between other addresses: its id, if it has one, and all else is as it was. */
    public Stanza readdressed(Jid from, Jid to) {
        return readdressed(from, to, id);
    }

    /**
     * The same stanza between other addresses and under another id: all else, the content's octets too, is as it was.
     *
     * @param id null: as it is
     */
    public Stanza readdressed(Jid from, Jid to, @Nullable String id) {
        String fromText = from.toString();
        String toText = to.toString();
        List<Attribute> changed = Attributes.readdressed(attributes, fromText, toText, id);
        Stanza readdressed = new Stanza(this, changed, id, fromText, toText, content, offset);
        readdressed.fromJid = from;
        readdressed.toJid = to;
        return readdressed;
    }

    /** The {@code result} that answers this request, from the address that it was sent to. */
    public Stanza result(String child) {
        return of(Kind.IQ, "result", id(), to(), from(), child);
    }

    /** The {@code error} that answers this stanza, from the address that it was sent to. */
    public Stanza error(StanzaError error) {
        return of(kind, "error", id(), to(), from(), error.toXml(), true);
    }

    /**
     * What stands for this reply where nothing but its start tag could be read: an {@code error} from its sender, under its
     * id.
     */
    public Stanza truncated(StanzaError error) {
        Stanza standIn = of(Kind.IQ, "error", id(), from(), to(), error.toXml(), true);
        standIn.truncated = true;
        return standIn;
    }

    /**
     * Whether it stands for a reply whose content was too much to be read. The error in it is then what the stream says of
     * that, not what the sender said.
     */
    public boolean isTruncated() {
        return truncated;
    }

    /**
     * The same in as little memory as it can be, for one that is kept: without the array that it came in, and what most of those
     * that are kept have alike is there once for all.
     *
     * @param usual the address to which most of them are sent
     */
    public Stanza compact(Jid usual) {
        if (attributes instanceof KeptAttributes) {
            return this;
        }
        List<Attribute> kept = new KeptAttributes(attributes, usual.toString());
        byte[] alone = content.length == length ? content : content();
        Stanza compact = new Stanza(kind, name, kept, alone, 0, length, children, checked, false);
        compact.fromJid = fromJid;
        compact.toJid = usual.toString().equals(to) ? usual : toJid;
        compact.truncated = truncated;
        return compact;
    }

    /** How many octets {@link #writeTo} writes. */
    public int octets() {
        return startTag().length + (length == 0 ? 0 : length + name.length() + 3);
    }

    /**
     * Writes it as it stands inside a component stream, whose header declares {@link Namespaces#COMPONENT} as the default
     * namespace.
     */
    public void writeTo(OutputStream out) throws IOException {
        out.write(startTag());
        startTag = null;
        if (length > 0) {
            out.write(content, offset, length);
            out.write(endTag());
        }
    }

    /** The same into a buffer, which has room for {@link #octets()} octets. */
    public void writeTo(ByteBuffer out) {
        out.put(startTag());
        startTag = null;
        if (length > 0) {
            out.put(content, offset, length).put(endTag());
        }
    }

    /** How many octets stand between start tag and end tag. */
    public int contentOctets() {
        return length;
    }

    /** The octets between start tag and end tag, copied. */
    public byte[] content() {
        return Arrays.copyOfRange(content, offset, offset + length);
    }

    /** The first of these octets, at most so many, copied. */
    public byte[] contentBegin(int most) {
        return Arrays.copyOfRange(content, offset, offset + Math.min(length, most));
    }

    /** A document of its own: UTF-8 octets, with every namespace declared. */
    public byte[] toBytes() {
        return StanzaDocument.of(this);
    }

    /** The same with other attributes, namespace declarations included. */
    Stanza withAttributes(List<Attribute> others) {
        return new Stanza(kind, name, others, content, offset, length, children);
    }

    /** A document of its own, as text. */
    public String toXml() {
        return new String(toBytes(), StandardCharsets.UTF_8);
    }

    /** Kind, type, addresses and size: what a log may say of it. Never the content. */
    @Override
    public String toString() {
        return kind.xmlName() + " type=" + LogText.of(type()) + " id=" + LogText.of(id()) + " from="
                + LogText.of(from()) + " to=" + LogText.of(to()) + " (" + octets() + " octets)";
    }

    /** The address as it is spelled, where it is known that it can be written so; else null. */
    private static @Nullable String plain(@Nullable Jid address) {
        return address != null && address.isPlain() ? address.toString() : null;
    }

    private byte[] endTag() {
        // Nearly no stanza has a prefix.
        return name.equals(kind.xmlName) ? kind.endTag : endTagOf(name);
    }

    private static byte[] endTagOf(String name) {
        return ("</" + name + '>').getBytes(StandardCharsets.UTF_8);
    }

    private byte[] startTag() {
        byte[] encoded = startTag;
        if (encoded == null) {
            encoded = tagged
                    ? Arrays.copyOf(content, offset)
                    : StartTagOctets.of(name, attributes, length == 0, plain(fromJid), plain(toJid));
            startTag = encoded;
        }
        return encoded;
    }
}
