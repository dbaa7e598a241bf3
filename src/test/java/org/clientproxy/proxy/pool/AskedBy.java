package org.clientproxy.proxy.pool;

import java.util.List;
import org.clientproxy.xmpp.Jid;

/** The wish of a request that wishes for nothing in particular. */
record AskedBy(Jid requester, Jid addressUsed, List<Jid> tried) implements Wish {
    private static final Jid PROXY_HOST = Jid.parse("proxy.example");

    AskedBy(Jid requester, List<Jid> tried) {
        this(requester, PROXY_HOST, tried);
    }
}
