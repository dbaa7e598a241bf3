package org.clientproxy.stream;

import org.clientproxy.xmpp.Stanza;

/**
 * Says whose a stanza is, where several processes have a stream for one component, and its server gives each stanza to any of them. On
 * the loop only.
 */
public interface StanzaRelay {
    /** Whether the stanza, which has just been read, is this process's; where it is not, the relay has taken it. */
    boolean isHere(Stanza stanza);

    /** The stanza was read after this process closed its side of the stream, so nothing can be answered to it any more. */
    void late(Stanza stanza);

    /** The id of a ping, by which its answer finds its way to this process wherever it is read. */
    String pingId();
}
