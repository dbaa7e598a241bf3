package org.clientproxy.xml;

import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The steps of a reader over elements that may hold anything. */
public final class ElementWalk {
    private ElementWalk() {}

    /** Goes to the next child of the element that the reader is in, over text; false at the end of that element. */
    public static boolean toChild(XMLStreamReader reader) throws XMLStreamException {
        for (int event = reader.next(); event != XMLStreamConstants.END_ELEMENT; event = reader.next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                return true;
            }
        }
        return false;
    }

    /** Goes to the end of the element that the reader is at the start of. */
    public static void skip(XMLStreamReader reader) throws XMLStreamException {
        for (int open = 1; open > 0; ) {
            open += nesting(reader.next());
        }
    }

    /**
     * The text in the element that the reader is at the start of, and in all that is nested in it; the reader is at its end
     * afterwards.
     */
    public static String text(XMLStreamReader reader) throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        for (int open = 1; open > 0; ) {
            int event = reader.next();
            open += nesting(event);
            if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
                text.append(reader.getText());
            }
        }
        return text.toString();
    }

    private static int nesting(int event) {
        return event == XMLStreamConstants.START_ELEMENT ? 1 : event == XMLStreamConstants.END_ELEMENT ? -1 : 0;
    }
}
