package org.clientproxy.component;

import org.clientproxy.xmpp.Stanza;

/** Somebody who waits for the reply to a request that he sent. Called once, on the loop. */
interface AwaitedReply {
    void reply(Stanza reply);

    /** No reply is coming any more, for this reason. */
    void ended(String why);
}
