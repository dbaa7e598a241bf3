package org.clientproxy.proxy.settings;

/** The values of {@code proxy.answer}: what the proxy host answers itself. */
public enum LocalAnswer {
    /** XMPP Ping (XEP-0199). */
    PING,
    /** Software Version (XEP-0092). */
    VERSION,
    /** Last Activity (XEP-0012). */
    LAST,
    /** Service Discovery (XEP-0030), of what and who the proxy host is. */
    DISCO
}
