package org.clientproxy.proxy;

import org.clientproxy.xmpp.Stanza;

/** What only the proxy can say, where the reference model takes several things for right. */
interface ModelHints {
    /** Whether the proxy has this request yet: of two that look alike this says which one it answers. */
    boolean isPending(Stanza request);

    /** Whether an attempt at this request is open under this key, where it may be over or not. */
    boolean isOpen(String key, Stanza request);
}
