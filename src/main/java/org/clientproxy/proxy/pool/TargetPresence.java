package org.clientproxy.proxy.pool;

import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * A presence of the target, read.
 *
 * @param type the attribute {@code type}; empty where the session is available
 * @param from the account, or one of its sessions
 * @param show the availability ({@code away}, {@code dnd} …), or null
 * @param priority from -128 to 127 (RFC 6121 §4.7.2.3)
 * @param caps what its program is and can, or null
 * @param capacity how many requests the session wants at a time; 0: any number
 */
public record TargetPresence(
        String type,
        Jid from,
        @Nullable String show,
        int priority,
        @Nullable Caps caps,
        int capacity) {
    /** Of the child by which a session says how many requests it wants at a time ({@code docs/protocol.md}). */
    private static final String POOL_NAMESPACE = "urn:clientproxy:pool:0";

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,10}");

    private static final Set<String> SHOWN = Set.of("away", "chat", "dnd", "xa");

    /** Of a session that takes any number of requests. */
    public TargetPresence(String type, Jid from, @Nullable String show, int priority, @Nullable Caps caps) {
        this(type, from, show, priority, caps, 0);
    }

    /** Presence about the subscription of one account to another's: a resourcepart in it means nothing (RFC 6121 §3). */
    private static final Set<String> SUBSCRIPTION = Set.of("subscribe", "subscribed", "unsubscribe", "unsubscribed");

    /**
     * Whether the target, who has sent this presence, tells the proxy host itself. What it tells one of those whom the proxy stands for
     * says nothing of who is there.
     */
    public static boolean isToHost(Stanza presence, Jid domain) {
        Jid to = presence.toJid();
        String type = presence.type();
        return to.equals(domain) || type != null && SUBSCRIPTION.contains(type) && to.sameBare(domain);
    }

    public static TargetPresence of(Stanza presence) {
        String type = presence.type() == null ? "" : presence.type();
        Jid from = presence.fromJid();
        String show = null;
        int priority = 0;
        Caps caps = null;
        int capacity = 0;
        if (type.isEmpty() && presence.children() > 0) {
            try {
                XMLStreamReader reader = StanzaXml.reader(presence.toBytes());
                int depth = 0;
                while (reader.hasNext()) {
                    int event = reader.next();
                    if (event == XMLStreamConstants.END_ELEMENT) {
                        depth--;
                    } else if (event == XMLStreamConstants.START_ELEMENT) {
                        boolean own = ++depth == 2 && Namespaces.COMPONENT.equals(reader.getNamespaceURI());
                        if (own && reader.getLocalName().equals("show")) {
                            String text = reader.getElementText();
                            show = SHOWN.contains(text) ? text : null;
                            depth--;
                        } else if (own && reader.getLocalName().equals("priority")) {
                            priority = priority(reader.getElementText());
                            depth--;
                        } else if (depth == 2
                                && reader.getLocalName().equals("c")
                                && Namespaces.CAPS.equals(reader.getNamespaceURI())) {
                            caps = Caps.of(
                                    reader.getAttributeValue(null, "node"),
                                    reader.getAttributeValue(null, "ver"),
                                    reader.getAttributeValue(null, "hash"));
                        } else if (depth == 2
                                && reader.getLocalName().equals("capacity")
                                && POOL_NAMESPACE.equals(reader.getNamespaceURI())) {
                            capacity = capacity(reader.getAttributeValue(null, "max"));
                        }
                    }
                }
                reader.close();
            } catch (XMLStreamException e) {
                // It says that the session is there, whatever else is in it.
                return new TargetPresence(type, from, null, 0, null);
            }
        }
        return new TargetPresence(type, from, show, priority, caps, capacity);
    }

    /** What is no positive number says nothing. */
    private static int capacity(@Nullable String max) {
        return max == null ? 0 : Math.max(0, number(max, Integer.MAX_VALUE));
    }

    private static int priority(String text) {
        int priority = number(text, Byte.MAX_VALUE);
        return priority < Byte.MIN_VALUE ? 0 : priority;
    }

    /** 0 where the text is no number, or one that is larger. XML knows the digits of ASCII only, Java all that there are. */
    private static int number(String text, int largest) {
        String stripped = text.strip();
        try {
            int number = NUMBER.matcher(stripped).matches() ? Integer.parseInt(stripped) : 0;
            return number <= largest ? number : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
