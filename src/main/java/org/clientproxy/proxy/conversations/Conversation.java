package org.clientproxy.proxy.conversations;

import java.util.List;
import org.clientproxy.proxy.pool.Wish;
import org.clientproxy.xmpp.Jid;

/**
 * What an account exchanges with one address of the proxy host: what a person writes from several devices is one conversation,
 * and two addresses of the proxy host are two services.
 *
 * @param requester the account or one of its sessions
 * @param addressUsed the address of the proxy host to which it writes
 */
public record Conversation(Jid requester, Jid addressUsed) implements Wish {
    /** No message and no presence is tried a second time. */
    @Override
    public List<Jid> tried() {
        return List.of();
    }

    /** Under which the conversation of that wish is kept. */
    static String key(Wish wish) {
        return wish.requester().bareKey() + '\n' + wish.addressUsed().key();
    }
}
