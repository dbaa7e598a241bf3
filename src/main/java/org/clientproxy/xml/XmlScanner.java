package org.clientproxy.xml;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clientproxy.xmpp.StreamError.Condition;

/**
 * The lexical half of the framer: a strict, incremental scanner of the XML that XMPP allows (RFC 6120 §11.1). It knows of
 * tags, names, attributes, references and characters; what they are nested in and what may be too much of them is the
 * framer's business. Each octet is looked at once, however the octets are split over packets.
 */
abstract class XmlScanner {
    private enum State {
        TEXT,
        OPEN,
        DECLARATION,
        BANG,
        CDATA,
        START_NAME,
        IN_TAG,
        ATTRIBUTE_NAME,
        AFTER_ATTRIBUTE_NAME,
        BEFORE_VALUE,
        VALUE,
        AFTER_VALUE,
        EMPTY,
        END_NAME,
        AFTER_END_NAME,
        REFERENCE,
        ENDED
    }

    private static final String CDATA_START = "[CDATA[";
    private static final int INITIAL_BUFFER = 8192;
    private static final int MAX_DECLARATION = 256;
    private static final int MAX_REFERENCE = 16;
    private static final Pattern DECLARATION = Pattern.compile("xml\\s+version\\s*=\\s*(?:'1\\.\\d+'|\"1\\.\\d+\")"
            + "(?:\\s+encoding\\s*=\\s*['\"]([A-Za-z][-A-Za-z0-9._]*)['\"])?"
            + "(?:\\s+standalone\\s*=\\s*['\"](?:yes|no)['\"])?\\s*");

    /** Octets that mean nothing in text and in attribute values. */
    private static final boolean[] PLAIN = new boolean[128];

    /** Octets that a name may hold, at any place but the first. */
    private static final boolean[] IN_NAME = new boolean[128];

    static {
        Arrays.fill(PLAIN, ' ', 0x7f, true);
        for (char special : "<>&]'\"".toCharArray()) {
            PLAIN[special] = false;
        }
        for (int c = 0; c < IN_NAME.length; c++) {
            IN_NAME[c] = XmlChars.isNameChar(c);
        }
    }

    // The octets of the present element lie from start on. All offsets below are relative to start.
    private byte[] buffer = new byte[INITIAL_BUFFER];
    private int start;
    private int pos;
    private int limit;

    private final Utf8 utf8 = new Utf8();
    private final StringBuilder token = new StringBuilder();
    private State state = State.TEXT;
    private State afterReference = State.TEXT;
    private boolean begun;
    private boolean declarable;
    private int matched;
    private byte quote;
    private int tagAt;
    private int nameAt;
    private int nameEnd;
    private int valueAt;
    private boolean valueAsIs;

    /** How many elements are open. */
    abstract int depth();

    /** A start tag begins. */
    abstract void beginStartTag() throws StreamErrorException;

    /** The name of the start tag lies there. */
    abstract void startName(int from, int to) throws StreamErrorException;

    /** The name of the next attribute lies there. */
    abstract void attributeName(int from, int to) throws StreamErrorException;

    /**
     * The value of that attribute lies there.
     *
     * @param asIs whether the octets are the value: there is no reference and no white space but blanks in it
     */
    abstract void attributeValue(int from, int to, boolean asIs);

    /** The start tag is over; it is an end tag too if it is empty. */
    abstract void endStartTag(boolean empty) throws StreamErrorException;

    /** The end tag that begins there has its name there. */
    abstract void endTag(int tagAt, int from, int to) throws StreamErrorException;

    /** Scans what has arrived, all of it. */
    final void scan(ByteBuf in) throws StreamErrorException {
        append(in);
        while (pos < limit && state != State.ENDED) {
            byte b = buffer[pos];
            if (b < 0 || utf8.isOpen()) {
                int code = utf8.take(b);
                if (code >= 0) {
                    beyondAscii(code);
                }
            } else if (b < ' ' && !XmlChars.isSpace(b)) {
                throw notWellFormed("a control character");
            } else {
                ascii(b);
            }
            begun = true;
            pos++;
            if (!utf8.isOpen()) {
                pass();
            }
        }
        if (state == State.ENDED || state == State.TEXT && depth() < 2) {
            start = pos;
        }
    }

    /** How many octets of the present element were scanned. */
    final int scanned() {
        return pos - start;
    }

    /** Lets go of the octets before this offset. What began before it begins below zero from now on. */
    final void forget(int before) {
        start += before;
        nameAt -= before;
        valueAt -= before;
    }

    /** Whether a start tag has begun and is not over. */
    final boolean inStartTag() {
        return switch (state) {
            case START_NAME, IN_TAG, ATTRIBUTE_NAME, AFTER_ATTRIBUTE_NAME, BEFORE_VALUE, VALUE, AFTER_VALUE, EMPTY ->
                true;
            case REFERENCE -> afterReference == State.VALUE;
            default -> false;
        };
    }

    /** Whether the name of the start tag, or of the attribute, has begun and is not over. */
    final boolean inName() {
        return state == State.START_NAME || state == State.ATTRIBUTE_NAME;
    }

    /** Whether the value of an attribute is awaited, or has begun and is not over. */
    final boolean hasAttribute() {
        return state == State.AFTER_ATTRIBUTE_NAME || state == State.BEFORE_VALUE || inValue();
    }

    /** Whether the value of an attribute has begun and is not over. */
    final boolean inValue() {
        return state == State.VALUE || state == State.REFERENCE && afterReference == State.VALUE;
    }

    /** Where the name that is being read begins. */
    final int nameAt() {
        return nameAt;
    }

    /** The part of the value that is being read which has come and can be read: no reference, character or line end is cut. */
    final String valuePart() {
        int end = pos;
        if (utf8.isOpen()) {
            do {
                end--;
            } while ((buffer[end] & 0xc0) == 0x80);
        }
        if (state == State.REFERENCE) {
            end -= token.length() + 1;
        }
        if (end > start + valueAt && buffer[end - 1] == '\r') {
            end--;
        }
        String part = value(valueAt, end - start);
        valueAt = end - start;
        return part;
    }

    /** Where the part of the value begins that was not read yet. */
    final int valueAt() {
        return valueAt;
    }

    /** The octets from the beginning of the present element to the end of the tag that is being handled. */
    final byte[] copy() {
        return Arrays.copyOfRange(buffer, start, pos + 1);
    }

    final int afterTag() {
        return pos + 1 - start;
    }

    /** The present element is done with. */
    final void nextElement() {
        start = pos + 1;
    }

    /** Nothing more is scanned. */
    final void end() {
        state = State.ENDED;
    }

    final String string(int from, int to) {
        return new String(buffer, start + from, to - from, UTF_8);
    }

    /** The same for a name; the usual ones are not made anew each time. */
    final String name(int from, int to) {
        String usual = UsualNames.find(buffer, start + from, start + to);
        return usual != null ? usual : string(from, to);
    }

    final String value(int from, int to) {
        return XmlChars.attributeValue(buffer, start + from, to - from);
    }

    final boolean same(int from, int to, int otherFrom, int otherTo) {
        return to - from == otherTo - otherFrom
                && Arrays.equals(buffer, start + from, start + to, buffer, start + otherFrom, start + otherTo);
    }

    final boolean is(int from, int to, byte[] octets) {
        return Arrays.equals(buffer, start + from, start + to, octets, 0, octets.length);
    }

    final boolean has(int from, int to, char c) {
        for (int i = start + from; i < start + to; i++) {
            if (buffer[i] == c) {
                return true;
            }
        }
        return false;
    }

    private void append(ByteBuf in) {
        int length = in.readableBytes();
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, limit - start);
            pos -= start;
            limit -= start;
            start = 0;
        }
        if (limit + length > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(limit + length, buffer.length * 2));
        } else if (limit == 0 && buffer.length > 16 * INITIAL_BUFFER && length <= INITIAL_BUFFER) {
            buffer = new byte[INITIAL_BUFFER];
        }
        in.readBytes(buffer, limit, length);
        limit += length;
    }

    /** Goes past the octets that mean nothing where the scan is, without a look at the state for each. */
    private void pass() {
        switch (state) {
            case VALUE -> pass(PLAIN);
            case TEXT -> {
                if (depth() > 1) {
                    pass(PLAIN);
                }
            }
            case START_NAME, ATTRIBUTE_NAME, END_NAME -> pass(IN_NAME);
            default -> {}
        }
    }

    private void pass(boolean[] octets) {
        int end = endOf(octets, pos);
        if (end > pos) {
            matched = 0;
            pos = end;
        }
    }

    /** Where octets of these kinds that begin there end. */
    private int endOf(boolean[] octets, int from) {
        int at = from;
        while (at < limit && buffer[at] >= 0 && octets[buffer[at]]) {
            at++;
        }
        return at;
    }

    /** Takes an attribute that has just begun as a whole, if it is there as a whole and there is nothing special in it. */
    private void wholeAttribute() throws StreamErrorException {
        int end = endOf(IN_NAME, pos);
        int value = end + 2;
        if (value >= limit || buffer[end] != '=' || buffer[end + 1] != '\'' && buffer[end + 1] != '"') {
            return;
        }
        int valueEnd = endOf(PLAIN, value);
        if (valueEnd < limit && buffer[valueEnd] == buffer[end + 1]) {
            attributeName(nameAt, end - start);
            attributeValue(value - start, valueEnd - start, true);
            pos = valueEnd;
            state = State.AFTER_VALUE;
        }
    }

    /** The same for an end tag. */
    private void wholeEndTag() throws StreamErrorException {
        int end = endOf(IN_NAME, pos + 1);
        if (end < limit && buffer[end] == '>') {
            nameEnd = end - start;
            pos = end;
            finishEndTag();
        }
    }

    private void beyondAscii(int code) throws StreamErrorException {
        int before = (code < 0x800 ? 2 : code < 0x10000 ? 3 : 4) - 1;
        switch (state) {
            case TEXT -> text();
            case CDATA, VALUE -> {}
            case OPEN -> beginElement(code, before);
            case IN_TAG -> beginAttribute(code, before);
            case START_NAME, ATTRIBUTE_NAME, END_NAME -> nameChar(code);
            default -> throw notWellFormed("a character out of place");
        }
        matched = 0;
    }

    private void ascii(byte b) throws StreamErrorException {
        switch (state) {
            case TEXT -> {
                if (b == '<') {
                    if (depth() < 2) {
                        start = pos;
                    }
                    declarable = !begun;
                    tagAt = pos - start;
                    state = State.OPEN;
                } else if (!XmlChars.isSpace(b)) {
                    text();
                    if (b == '&') {
                        beginReference(State.TEXT);
                    } else if (b == '>' && matched >= 2) {
                        throw notWellFormed("]]> in text");
                    }
                }
                matched = b == ']' ? matched + 1 : 0;
            }
            case OPEN -> {
                if (b == '/') {
                    nameAt = pos + 1 - start;
                    state = State.END_NAME;
                    wholeEndTag();
                } else if (b == '!') {
                    matched = 0;
                    state = State.BANG;
                } else if (b == '?') {
                    if (!declarable) {
                        throw restricted("a processing instruction");
                    }
                    token.setLength(0);
                    state = State.DECLARATION;
                } else {
                    beginElement(b, 0);
                }
            }
            case DECLARATION -> declaration(b);
            case BANG -> {
                if (b != CDATA_START.charAt(matched)) {
                    throw restricted("a comment or a document type declaration");
                }
                if (++matched == CDATA_START.length()) {
                    text();
                    matched = 0;
                    state = State.CDATA;
                }
            }
            case CDATA -> {
                if (b == '>' && matched >= 2) {
                    state = State.TEXT;
                }
                matched = b == ']' ? matched + 1 : 0;
            }
            case START_NAME -> {
                if (b == '>' || b == '/' || XmlChars.isSpace(b)) {
                    startName(nameAt, pos - start);
                    inTag(b);
                } else {
                    nameChar(b);
                }
            }
            case IN_TAG, AFTER_VALUE -> inTag(b);
            case ATTRIBUTE_NAME -> {
                if (b == '=' || XmlChars.isSpace(b)) {
                    attributeName(nameAt, pos - start);
                    state = b == '=' ? State.BEFORE_VALUE : State.AFTER_ATTRIBUTE_NAME;
                } else {
                    nameChar(b);
                }
            }
            case AFTER_ATTRIBUTE_NAME -> {
                if (b == '=') {
                    state = State.BEFORE_VALUE;
                } else if (!XmlChars.isSpace(b)) {
                    throw notWellFormed("an attribute without a value");
                }
            }
            case BEFORE_VALUE -> {
                if (b == '\'' || b == '"') {
                    quote = b;
                    valueAt = pos + 1 - start;
                    valueAsIs = true;
                    state = State.VALUE;
                } else if (!XmlChars.isSpace(b)) {
                    throw notWellFormed("an attribute's value without quotes");
                }
            }
            case VALUE -> {
                if (b == quote) {
                    attributeValue(valueAt, pos - start, valueAsIs);
                    state = State.AFTER_VALUE;
                } else if (b == '&') {
                    valueAsIs = false;
                    beginReference(State.VALUE);
                } else if (b == '<') {
                    throw notWellFormed("< in an attribute's value");
                } else if (b < ' ') {
                    valueAsIs = false;
                }
            }
            case EMPTY -> {
                if (b != '>') {
                    throw notWellFormed("/ inside a tag");
                }
                state = State.TEXT;
                matched = 0;
                endStartTag(true);
            }
            case END_NAME -> {
                if (b == '>' || XmlChars.isSpace(b)) {
                    nameEnd = pos - start;
                    state = State.AFTER_END_NAME;
                    if (b == '>') {
                        finishEndTag();
                    }
                } else {
                    nameChar(b);
                }
            }
            case AFTER_END_NAME -> {
                if (b == '>') {
                    finishEndTag();
                } else if (!XmlChars.isSpace(b)) {
                    throw notWellFormed("an end tag with more than a name");
                }
            }
            case REFERENCE -> reference(b);
            case ENDED -> throw new IllegalStateException("fed after the end");
        }
    }

    private void text() throws StreamErrorException {
        if (depth() == 0) {
            throw notWellFormed("text before the stream's header");
        }
        if (depth() == 1) {
            throw new StreamErrorException(Condition.BAD_FORMAT, "text between stanzas");
        }
    }

    private void beginElement(int code, int before) throws StreamErrorException {
        if (!XmlChars.isNameStart(code)) {
            throw notWellFormed("< that begins no tag");
        }
        nameAt = pos - before - start;
        state = State.START_NAME;
        beginStartTag();
    }

    private void beginAttribute(int code, int before) throws StreamErrorException {
        if (!XmlChars.isNameStart(code)) {
            throw notWellFormed("a character that begins no attribute");
        }
        nameAt = pos - before - start;
        state = State.ATTRIBUTE_NAME;
    }

    private static void nameChar(int code) throws StreamErrorException {
        if (!XmlChars.isNameChar(code)) {
            throw notWellFormed("a character that is in no name");
        }
    }

    private void finishEndTag() throws StreamErrorException {
        state = State.TEXT;
        matched = 0;
        endTag(tagAt, nameAt, nameEnd);
    }

    /** Between the parts of a start tag; an attribute must have white space before it. */
    private void inTag(byte b) throws StreamErrorException {
        if (b == '>') {
            state = State.TEXT;
            matched = 0;
            endStartTag(false);
        } else if (b == '/') {
            state = State.EMPTY;
        } else if (XmlChars.isSpace(b)) {
            state = State.IN_TAG;
        } else if (state == State.IN_TAG) {
            beginAttribute(b, 0);
            wholeAttribute();
        } else {
            throw notWellFormed("attributes without white space between them");
        }
    }

    private void beginReference(State then) {
        afterReference = then;
        token.setLength(0);
        state = State.REFERENCE;
    }

    private void reference(byte b) throws StreamErrorException {
        if (b != ';') {
            token.append((char) b);
            if (token.length() > MAX_REFERENCE || !XmlChars.isNameChar(b) && !(b == '#' && token.length() == 1)) {
                throw notWellFormed("& that begins no reference");
            }
            return;
        }
        String name = token.toString();
        if (XmlChars.reference(name) < 0) {
            throw name.matches("[A-Za-z_:][-A-Za-z0-9._:]*")
                    ? restricted("a reference to an entity that is not predefined")
                    : notWellFormed("& that begins no reference");
        }
        state = afterReference;
        matched = 0;
    }

    private void declaration(byte b) throws StreamErrorException {
        token.append((char) b);
        if (token.length() > MAX_DECLARATION) {
            throw notWellFormed("an XML declaration without an end");
        }
        if (b == '>' && token.length() > 1 && token.charAt(token.length() - 2) == '?') {
            Matcher matcher = DECLARATION.matcher(token.substring(0, token.length() - 2));
            if (!matcher.matches()) {
                throw restricted("a processing instruction that is no XML declaration");
            }
            if (matcher.group(1) != null && !matcher.group(1).equalsIgnoreCase("utf-8")) {
                throw new StreamErrorException(Condition.UNSUPPORTED_ENCODING, "an encoding that is not UTF-8");
            }
            state = State.TEXT;
        }
    }

    static StreamErrorException notWellFormed(String what) {
        return new StreamErrorException(Condition.NOT_WELL_FORMED, what);
    }

    private static StreamErrorException restricted(String what) {
        return new StreamErrorException(Condition.RESTRICTED_XML, what);
    }
}
