package org.clientproxy.proxy.conversations;

import java.util.List;
import org.clientproxy.proxy.pool.Wish;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * What an account exchanges with one address of the proxy host: what a person writes from several devices is one conversation,
 * and two addresses of the proxy host are two services. Used on the loop only.
 */
public final class Conversation implements Wish {
    private final Jid requester;
    private final Jid addressUsed;
    // Each step of a message's way asks for them.
    private @Nullable String account;
    private @Nullable String key;

    /**
     * @param requester the account or one of its sessions
     * @param addressUsed the address of the proxy host to which it writes
     */
    public Conversation(Jid requester, Jid addressUsed) {
        this.requester = requester;
        this.addressUsed = addressUsed;
    }

    @Override
    public Jid requester() {
        return requester;
    }

    @Override
    public Jid addressUsed() {
        return addressUsed;
    }

    /** No message and no presence is tried a second time. */
    @Override
    public List<Jid> tried() {
        return List.of();
    }

    /** The key of the requester's bare address. */
    public String account() {
        String made = account;
        if (made == null) {
            made = requester.bareKey();
            account = made;
        }
        return made;
    }

    private String key() {
        String made = key;
        if (made == null) {
            made = key(account(), addressUsed);
            key = made;
        }
        return made;
    }

    /** Under which the conversation of that wish is kept. */
    static String key(Wish wish) {
        return wish instanceof Conversation conversation
                ? conversation.key()
                : key(wish.requester().bareKey(), wish.addressUsed());
    }

    private static String key(String account, Jid addressUsed) {
        return account + '\n' + addressUsed.key();
    }
}
