package org.clientproxy.check;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** Whether the clock here agrees with that of the target's server, where that says its time (XEP-0202). */
final class ServerClock {
    private static final String NAMESPACE = "urn:xmpp:time";

    /** Beyond what the question takes, and the second in which the answer is given. */
    static final Duration TOLERANCE = Duration.ofSeconds(5);

    private ServerClock() {}

    static Finding check(Dialogue dialogue, ProxySettings settings, Limits limits) throws InterruptedException {
        String server = settings.target().domain();
        Instant before = Instant.now();
        Stanza answer = dialogue.ask(Jid.parse(server), "<time xmlns='" + NAMESPACE + "'/>", limits.answer());
        Instant after = Instant.now();
        Instant there = answer == null || !"result".equals(answer.type()) ? null : time(answer);
        return there == null
                ? Finding.skipped(Matter.CLOCK, server + " does not say its time (XEP-0202)")
                : compare(before, after, there);
    }

    /** @param there what the server's clock showed between the two times of ours */
    static Finding compare(Instant before, Instant after, Instant there) {
        Duration behind = Duration.between(after, there);
        Duration ahead = Duration.between(there, before);
        if (behind.compareTo(TOLERANCE) > 0) {
            return differs(behind, "behind");
        } else if (ahead.compareTo(TOLERANCE) > 0) {
            return differs(ahead, "ahead of");
        }
        return Finding.ok(Matter.CLOCK, "it agrees with the server's");
    }

    private static Finding differs(Duration difference, String how) {
        return Finding.warning(
                Matter.CLOCK,
                "it is " + difference.toSeconds() + " s " + how + " the server's. Have both set by NTP: certificates, and the"
                        + " deadlines of requests over a restart, go by it");
    }

    private static @Nullable Instant time(Stanza answer) {
        try {
            XMLStreamReader reader = StanzaXml.reader(answer.toBytes());
            try {
                while (reader.hasNext()) {
                    if (reader.next() == XMLStreamConstants.START_ELEMENT
                            && NAMESPACE.equals(reader.getNamespaceURI())
                            && "utc".equals(reader.getLocalName())) {
                        return OffsetDateTime.parse(reader.getElementText().strip()).toInstant();
                    }
                }
                return null;
            } finally {
                reader.close();
            }
        } catch (XMLStreamException | DateTimeException e) {
            return null;
        }
    }
}
