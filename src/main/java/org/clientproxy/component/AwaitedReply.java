package org.clientproxy.component;

import org.clientproxy.xmpp.Stanza;

/** Who has sent a request and waits for the reply. Called once, on the loop. */
interface AwaitedReply {
    void reply(Stanza reply);

    /** No reply is coming any more, for this reason. */
    void ended(String why);
}
