package org.clientproxy.proxy.routes;

/** What a stanza from the server is to the proxy. The key is what the routes test. */
public enum StanzaRole {
    /** An IQ request that is to be answered by a resource of the target. */
    REQUEST("request"),
    /** An IQ request that the proxy host answers itself. */
    ANSWERED_HERE("answered-here"),
    /** An IQ request that a session of the target sends to a requester. */
    REVERSE("reverse"),
    /** An IQ result or error, which may belong to a pending request, of either direction. */
    REPLY("reply"),
    /** A presence of the target's account or of one of its sessions. */
    TARGET_PRESENCE("target-presence"),
    /** Something that is answered with a defined error, or with {@code unsubscribed}. */
    UNSUPPORTED("unsupported"),
    /** Something that XMPP wants no answer to. */
    IGNORED("ignored");

    private final String key;

    StanzaRole(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }
}
