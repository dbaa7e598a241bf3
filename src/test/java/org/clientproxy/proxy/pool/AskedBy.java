package org.clientproxy.proxy.pool;

import java.util.List;
import org.clientproxy.xmpp.Jid;

/** The wish of a request that wishes for nothing in particular. */
record AskedBy(Jid requester, List<Jid> tried) implements Wish {}
