package org.clientproxy.proxy.jat;

import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.jxmpp.stringprep.XmppStringprepException;

/** How Jicofo learns who asks, behind mod_client_proxy: where the sender is the proxy host, its resourcepart is the requester. */
public final class JicofoRule {
    private JicofoRule() {}

    /** The requester of a request from this sender; the sender itself where it is not of the proxy host. */
    public static Jid requester(String proxyHost, String sender) throws XmppStringprepException {
        Jid from = JidCreate.from(sender);
        Resourcepart resource = from.getResourceOrNull();
        boolean proxied = from.asDomainBareJid().equals(JidCreate.domainBareFrom(proxyHost));
        return proxied && resource != null ? JidCreate.from(resource.toString()) : from;
    }
}
