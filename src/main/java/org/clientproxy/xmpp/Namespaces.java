package org.clientproxy.xmpp;

/** The XML namespaces that an XEP-0114 component reads or writes. */
public final class Namespaces {
    /** Of every stanza on a component stream (XEP-0114 §3). */
    public static final String COMPONENT = "jabber:component:accept";

    /** Of the stream's own elements (RFC 6120 §4.8.1). */
    public static final String STREAM = "http://etherx.jabber.org/streams";

    /** Of the conditions inside a stream error (RFC 6120 §4.9.2). */
    public static final String STREAM_ERRORS = "urn:ietf:params:xml:ns:xmpp-streams";

    /** Of the conditions and texts inside a stanza error (RFC 6120 §8.3.2). */
    public static final String STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas";

    /** XMPP Ping (XEP-0199). */
    public static final String PING = "urn:xmpp:ping";

    /** Software Version (XEP-0092). */
    public static final String VERSION = "jabber:iq:version";

    /** Last Activity (XEP-0012). */
    public static final String LAST = "jabber:iq:last";

    /** Entity capabilities, inside a presence (XEP-0115). */
    public static final String CAPS = "http://jabber.org/protocol/caps";

    /** What an entity is and can: service discovery (XEP-0030). */
    public static final String DISCO_INFO = "http://jabber.org/protocol/disco#info";

    /** What an entity consists of: service discovery (XEP-0030). */
    public static final String DISCO_ITEMS = "http://jabber.org/protocol/disco#items";

    /** Forms (XEP-0004). */
    public static final String FORM = "jabber:x:data";

    /** Bound to the prefix {@code xml} in every document. */
    public static final String XML = "http://www.w3.org/XML/1998/namespace";

    /** Bound to the prefix {@code xmlns} in every document. */
    public static final String XMLNS = "http://www.w3.org/2000/xmlns/";

    private Namespaces() {}
}
