package org.clientproxy.xml;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.clientproxy.xmpp.Attribute;
import org.clientproxy.xmpp.StreamError.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the octets of a stream into its top-level elements: a strict, incremental reader of the XML that XMPP allows
 * (RFC 6120 §11).
 *
 * <p>It looks at each octet once, however the octets are split over packets, and finds everything that is not well-formed
 * or restricted. An element that is well-formed but beyond a limit is passed over without being kept; of it only the
 * nesting is followed. Memory is bounded by {@code maxStanzaSize} and one packet. Not thread-safe.
 */
public final class StanzaFramer extends XmlScanner {
    /** Gets what is found, in order, on the thread that feeds. */
    public interface Handler {
        /** The stream's own start tag. */
        void streamHeader(StartTag header);

        /** One complete top-level element. */
        void element(Frame frame);

        /**
         * One complete top-level element was passed over.
         *
         * @param startTag its start tag, or of one that was itself too much what names the stanza; null where there was no
         *     room even for that
         */
        void skipped(@Nullable StartTag startTag, SkipReason reason, long octets);

        /** The stream's end tag. What comes after it is ignored. */
        void streamEnd();
    }

    /** A longer name is none that a sketch asks for. */
    private static final int MAX_NAME = 1024;

    private static final byte[] DEFAULT_DECLARATION = {'x', 'm', 'l', 'n', 's'};

    private final FramerLimits limits;
    private final Handler handler;
    private final PrefixScope prefixes;
    private int depth;
    private boolean prefixed;
    private int nameAt;
    private int nameEnd;
    // Of each attribute of the present start tag: where its name and its value begin and end.
    private int[] attributes = new int[4 * 16];
    // Of each whether the octets of its value are the value.
    private boolean[] asIs = new boolean[16];
    private int attributeCount;
    // Of each open element of the present stanza: where its name begins and ends.
    private int[] names = new int[2 * 16];

    private @Nullable SkipReason skipping;
    private long skipped;
    // Of a start tag at the top level that is passed over and not over yet; null: nothing is kept of what is passed
    // over.
    private @Nullable StartTagSketch sketch;
    private @Nullable StartTag startTag;
    private int contentAt;
    private int children;
    private String streamName = "";
    private Map<String, String> streamNamespaces = Map.of();

    public StanzaFramer(FramerLimits limits, Handler handler) {
        this.limits = limits;
        this.handler = handler;
        this.prefixes = new PrefixScope(4 * limits.maxAttributes());
    }

    /**
     * Takes what has arrived, all of it.
     *
     * @throws StreamErrorException where the stream cannot go on; nothing may be fed any more then
     */
    public void feed(ByteBuf in) throws StreamErrorException {
        scan(in);
        if (skipping == null && scanned() > limits.maxStanzaSize()) {
            skip(SkipReason.TOO_LARGE);
            if (inStartTag()) {
                sketch();
            }
        }
        if (skipping != null) {
            if (skipped + scanned() > limits.hardLimit()) {
                throw new StreamErrorException(
                        Condition.POLICY_VIOLATION, "an element of more than " + limits.hardLimit() + " octets");
            }
            letGo();
        }
    }

    /** Forgets what was scanned of an element that is passed over, but for what a sketch still needs. */
    private void letGo() {
        int end = scanned();
        StartTagSketch open = sketch;
        if (open != null && inName() && nameAt() >= 0 && end - nameAt() <= MAX_NAME) {
            end = nameAt();
        } else if (open != null && inValue() && open.isReading()) {
            open.part(valuePart());
            end = valueAt();
        }
        skipped += end;
        forget(end);
    }

    @Override
    int depth() {
        return depth;
    }

    @Override
    void beginStartTag() {
        attributeCount = 0;
        nameEnd = 0;
        prefixed = false;
        if (depth == 1) {
            startTag = null;
            sketch = null;
        }
    }

    @Override
    void startName(int from, int to) {
        nameAt = from;
        nameEnd = to;
        prefixed = skipping == null && has(from, to, ':');
    }

    @Override
    void attributeName(int from, int to) throws StreamErrorException {
        if (skipping == null && attributeCount == limits.maxAttributes()) {
            skip(SkipReason.TOO_MANY_ATTRIBUTES);
            sketch();
        }
        if (skipping != null) {
            if (sketch != null) {
                sketch.attribute(sketchable(from, to));
            }
            return;
        }
        for (int i = 0; i < attributeCount; i++) {
            if (same(attributes[4 * i], attributes[4 * i + 1], from, to)) {
                throw notWellFormed("an attribute twice in one tag");
            }
        }
        if (4 * attributeCount == attributes.length) {
            attributes = Arrays.copyOf(attributes, 2 * attributes.length);
            asIs = Arrays.copyOf(asIs, 2 * asIs.length);
        }
        attributes[4 * attributeCount] = from;
        attributes[4 * attributeCount + 1] = to;
    }

    @Override
    void attributeValue(int from, int to, boolean isAsIs) {
        if (sketch != null) {
            if (sketch.isReading()) {
                sketch.part(value(from, to));
            }
            sketch.endAttribute();
        } else if (skipping == null) {
            asIs[attributeCount] = isAsIs;
            int at = 4 * attributeCount++;
            attributes[at + 2] = from;
            attributes[at + 3] = to;
            prefixed |= has(attributes[at], attributes[at + 1], ':')
                    || is(attributes[at], attributes[at + 1], DEFAULT_DECLARATION);
        }
    }

    @Override
    void endStartTag(boolean empty) throws StreamErrorException {
        if (depth == 0) {
            header(empty);
            return;
        }
        if (skipping == null && afterTag() > limits.maxStanzaSize()) {
            skip(SkipReason.TOO_LARGE);
            sketch();
        }
        depth++;
        if (skipping == null) {
            enter();
        } else if (sketch != null) {
            startTag = sketch.startTag(streamNamespaces);
            sketch = null;
        }
        if (empty) {
            leave(afterTag());
        }
    }

    private void header(boolean empty) throws StreamErrorException {
        if (skipping != null) {
            throw new StreamErrorException(Condition.POLICY_VIOLATION, "a stream header beyond all limits");
        }
        StartTag header = readStartTag();
        if (empty) {
            throw new StreamErrorException(Condition.BAD_FORMAT, "a stream that ends with its header");
        }
        if (prefixes.enter(0, header.name(), header.attributes(), Map.of()) != null) {
            throw new StreamErrorException(Condition.BAD_NAMESPACE_PREFIX, "a stream header with wrong namespaces");
        }
        prefixes.clear();
        Map<String, String> declared = new HashMap<>();
        for (Attribute attribute : header.attributes()) {
            if (attribute.name().equals("xmlns")) {
                declared.put("", attribute.value());
            } else if (attribute.name().startsWith("xmlns:")) {
                declared.put(attribute.name().substring(6), attribute.value());
            }
        }
        depth = 1;
        streamName = header.name();
        streamNamespaces = Map.copyOf(declared);
        nextElement();
        handler.streamHeader(new StartTag(header.name(), header.attributes(), streamNamespaces));
    }

    /** Takes in a start tag below the stream's: its name, its namespaces, and at the top level all of it. */
    private void enter() {
        int level = depth - 1;
        StartTag tag = level == 1 || prefixed ? readStartTag() : null;
        if (level == 1) {
            startTag = tag;
            contentAt = afterTag();
            children = 0;
        } else if (level == 2) {
            children++;
        }
        if (level > limits.maxDepth()) {
            skip(SkipReason.TOO_DEEP);
            return;
        }
        if (prefixed && tag != null) {
            SkipReason reason = prefixes.enter(level, tag.name(), tag.attributes(), streamNamespaces);
            if (reason != null) {
                skip(reason);
                return;
            }
        }
        if (2 * level >= names.length) {
            names = Arrays.copyOf(names, 2 * names.length);
        }
        names[2 * level - 2] = nameAt;
        names[2 * level - 1] = nameEnd;
    }

    @Override
    void endTag(int tagAt, int from, int to) throws StreamErrorException {
        int level = depth - 1;
        if (level < 0) {
            throw notWellFormed("an end tag before the stream's header");
        }
        if (level == 0) {
            if (!string(from, to).equals(streamName)) {
                throw notWellFormed("an end tag that ends nothing");
            }
            depth = 0;
            end();
            handler.streamEnd();
            return;
        }
        if (skipping == null && !same(names[2 * level - 2], names[2 * level - 1], from, to)) {
            throw notWellFormed("an end tag that does not match its start tag");
        }
        leave(tagAt);
    }

    /** An element ends; its content did at the offset. */
    private void leave(int contentEnd) {
        prefixes.leave(depth - 1);
        depth--;
        if (depth > 1) {
            return;
        }
        if (afterTag() > limits.maxStanzaSize()) {
            skip(SkipReason.TOO_LARGE);
        }
        prefixes.clear();
        StartTag tag = startTag;
        if (skipping != null) {
            SkipReason reason = skipping;
            skipping = null;
            long octets = skipped + afterTag();
            nextElement();
            handler.skipped(tag, reason, octets);
        } else if (tag != null) {
            Frame frame = new Frame(tag, copy(), contentAt, contentEnd - contentAt, children);
            nextElement();
            handler.element(frame);
        }
        startTag = null;
    }

    private void skip(SkipReason reason) {
        if (skipping == null) {
            skipping = reason;
            skipped = 0;
        }
    }

    /** The start tag that is being read is itself too much: from now on a sketch is all that is kept of it. */
    private void sketch() throws StreamErrorException {
        if (depth != 1 || nameEnd == 0) {
            return;
        }
        StartTagSketch begun = new StartTagSketch(name(nameAt, nameEnd), limits.maxStanzaSize());
        for (int i = 0; i < 4 * attributeCount; i += 4) {
            begun.attribute(sketchable(attributes[i], attributes[i + 1]));
            if (begun.isReading()) {
                begun.part(value(attributes[i + 2], attributes[i + 3]));
            }
            begun.endAttribute();
        }
        if (hasAttribute()) {
            begun.attribute(sketchable(attributes[4 * attributeCount], attributes[4 * attributeCount + 1]));
        }
        sketch = begun;
    }

    /** The name of an attribute, if a sketch could ask for it. */
    private @Nullable String sketchable(int from, int to) {
        return from < 0 || to - from > MAX_NAME ? null : name(from, to);
    }

    private StartTag readStartTag() {
        List<Attribute> read = new ArrayList<>(attributeCount + 1);
        for (int i = 0; i < attributeCount; i++) {
            int at = 4 * i;
            int from = attributes[at + 2];
            int to = attributes[at + 3];
            String value = asIs[i] ? string(from, to) : value(from, to);
            read.add(new Attribute(name(attributes[at], attributes[at + 1]), value));
        }
        return new StartTag(name(nameAt, nameEnd), read, streamNamespaces);
    }
}
