package org.clientproxy.stream;

import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.clientproxy.xml.Frame;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.LogText;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.StreamError;
import org.clientproxy.xmpp.StreamError.Condition;
import org.clientproxy.xmpp.XmlText;
import org.jspecify.annotations.Nullable;

/**
 * Why the server ended the stream, in words for an operator, and how soon it makes sense to come back.
 *
 * @param words what happened and what to do
 * @param slow whether somebody must change a configuration before it can work
 * @param ours whether we sent something that we must not
 * @param condition what the server said; null: it said nothing
 */
record ServerRefusal(
        String words, boolean slow, boolean ours, @Nullable Condition condition) {
    /** One of which the server said nothing. */
    ServerRefusal(String words, boolean slow, boolean ours) {
        this(words, slow, ours, null);
    }

    /** The same, in other words. */
    ServerRefusal inWords(String said) {
        return new ServerRefusal(said, slow, ours, condition);
    }

    /** The server has ended the stream with this error. */
    static ServerRefusal by(StreamError error, StreamSettings settings, boolean wasReady) {
        ServerRefusal refusal = of(error, settings, wasReady);
        return new ServerRefusal(refusal.words, refusal.slow, refusal.ours, error.condition());
    }

    private static ServerRefusal of(StreamError error, StreamSettings settings, boolean wasReady) {
        String said = error.condition().xmlName() + (error.text() == null ? "" : " (" + error.text() + ")");
        String domain = settings.domain();
        return switch (error.condition()) {
            case NOT_AUTHORIZED ->
                new ServerRefusal(
                        "the server refuses the secret: " + said
                                + ". The secret (xmpp.secret) must be the one that the server"
                                + " has for the component " + domain
                                + "; ejabberd says the same where it has no such component",
                        true,
                        false);
            case HOST_UNKNOWN, HOST_GONE ->
                new ServerRefusal(
                        "the server has no component " + domain + ": " + said
                                + ". Add it to the server's configuration, or" + " correct the domain (proxy.domain)",
                        true,
                        false);
            case INVALID_NAMESPACE ->
                new ServerRefusal(
                        "the server takes no components on port " + settings.port() + ": " + said
                                + ". The port (xmpp.port) must be its component port, often 5347",
                        true,
                        false);
            case CONFLICT ->
                new ServerRefusal(
                        "another connection for " + domain + " is alive at the server: " + said
                                + ". Stop the other one; where"
                                + " it is our own old connection, the server will notice soon; where the server itself serves "
                                + domain
                                + ", choose another domain (proxy.domain); where it is another node's, this server"
                                + " takes one connection at a time (proxy.cluster.streams=one)",
                        wasReady,
                        false);
            case INVALID_FROM,
                    IMPROPER_ADDRESSING,
                    NOT_WELL_FORMED,
                    BAD_FORMAT,
                    INVALID_XML,
                    RESTRICTED_XML,
                    UNSUPPORTED_STANZA_TYPE ->
                new ServerRefusal("the server ended the stream for something that we sent: " + said, false, true);
            default -> new ServerRefusal("the server ended the stream: " + said, false, false);
        };
    }

    /** Reads a {@code <stream:error/>}. */
    static StreamError read(Frame frame) {
        // It stands among the declarations of the server's header, whatever prefixes that has.
        StringBuilder document = new StringBuilder("<stream");
        frame.startTag().streamNamespaces().forEach((prefix, namespace) -> {
            document.append(prefix.isEmpty() ? " xmlns" : " xmlns:")
                    .append(prefix)
                    .append("='");
            XmlText.escape(namespace, document);
            document.append('\'');
        });
        document.append('>')
                .append(new String(frame.octets(), StandardCharsets.UTF_8))
                .append("</stream>");
        Condition condition = Condition.UNDEFINED_CONDITION;
        String text = null;
        try {
            XMLStreamReader reader = StanzaXml.reader(document.toString().getBytes(StandardCharsets.UTF_8));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT
                        && Namespaces.STREAM_ERRORS.equals(reader.getNamespaceURI())) {
                    if (reader.getLocalName().equals("text")) {
                        text = shortened(reader.getElementText());
                    } else {
                        condition = Condition.of(reader.getLocalName());
                    }
                }
            }
            reader.close();
        } catch (XMLStreamException e) {
            // What was understood so far must do.
            return new StreamError(condition, text);
        }
        return new StreamError(condition, text);
    }

    private static @Nullable String shortened(String text) {
        String line = LogText.of(text.strip().replaceAll("\\s+", " "));
        return line.isEmpty() ? null : line;
    }
}
