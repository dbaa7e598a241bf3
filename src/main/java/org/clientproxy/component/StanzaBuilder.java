package org.clientproxy.component;

import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/**
 * Composes a stanza in a route or a bean. What it makes is well-formed and has valid addresses, so that it can be sent; all
 * that is wrong with it, {@link #build} says.
 *
 * <pre>{@code
 * StanzaBuilder.iq("get").to("example.org").child("<query xmlns='jabber:iq:version'/>").build()
 * }</pre>
 */
public final class StanzaBuilder {
    private final Stanza.Kind kind;
    private final String type;
    private String id;
    private String from;
    private String to;
    private String child = "";

    private StanzaBuilder(Stanza.Kind kind, String type) {
        this.kind = kind;
        this.type = type;
    }

    /** An IQ of type {@code get}, {@code set}, {@code result} or {@code error} (RFC 6120 §8.2.3). */
    public static StanzaBuilder iq(String type) {
        return new StanzaBuilder(Stanza.Kind.IQ, type);
    }

    /** A message, such as {@code chat} (RFC 6121 §5.2.2); null for the type {@code normal}. */
    public static StanzaBuilder message(String type) {
        return new StanzaBuilder(Stanza.Kind.MESSAGE, type);
    }

    /** A presence, such as {@code subscribe} (RFC 6121 §4.7.1); null where one is available. */
    public static StanzaBuilder presence(String type) {
        return new StanzaBuilder(Stanza.Kind.PRESENCE, type);
    }

    public StanzaBuilder id(String value) {
        id = value;
        return this;
    }

    /** An address in the domain of the component that sends it. */
    public StanzaBuilder from(String address) {
        from = address;
        return this;
    }

    public StanzaBuilder to(String address) {
        to = address;
        return this;
    }

    /** The child elements, as XML. */
    public StanzaBuilder child(String xml) {
        child = xml;
        return this;
    }

    /** @throws IllegalArgumentException that says what is wrong with an address or with the XML */
    public Stanza build() {
        if (from != null) {
            Jid.parse(from);
        }
        if (to != null) {
            Jid.parse(to);
        }
        return StanzaXml.parse(Stanza.of(kind, type, id, from, to, child).toBytes());
    }
}
