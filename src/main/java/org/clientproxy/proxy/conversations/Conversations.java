package org.clientproxy.proxy.conversations;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.clientproxy.proxy.pool.Holders;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.Wish;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * The conversations and their holders: of each, the resource that last wrote to its requester, or was last given something of
 * that one. In memory only, for {@link #KNOWN} after the last word, and no more of them than {@code proxy.max-conversations}: the
 * one that has been silent for longest is forgotten first. After that, and after a restart, rendezvous hashing finds the same
 * resource as long as the pool is the same. Used on the loop only, but for {@link #size()}.
 */
public final class Conversations implements Holders, Adjustable {
    /** How long a conversation is known without a word. */
    static final Duration KNOWN = Duration.ofMinutes(30);

    /** So many that are over are forgotten for each one that begins: more than come, and no more than takes no time. */
    private static final int SWEPT = 2;

    private record Held(Jid holder, long since) {}

    private final StreamLoop loop;
    private final ResourcePool pool;
    // In the order of their last words, which is not that in which they were looked for.
    private final Map<String, Held> conversations = new LinkedHashMap<>();
    private volatile int size;
    private int most;
    private boolean kept;

    public Conversations(StreamLoop loop, ResourcePool pool, ProxySettings settings) {
        this.loop = loop;
        this.pool = pool;
        adjust(settings);
        pool.heldBy(this);
    }

    @Override
    public void adjust(ProxySettings now) {
        most = now.get(MessageKeys.MAX_CONVERSATIONS);
        kept = now.get(MessageKeys.MESSAGES)
                || now.uses(PresenceUse.RELAY)
                || now.selection() == SelectionPolicy.STICKY;
        if (!kept) {
            conversations.clear();
        }
        forget();
    }

    /** How many there are at most; fewer are known, for some may be over. Any thread. */
    public int size() {
        return size;
    }

    /**
     * The resource for something that is pending nowhere, which is its holder from now on: the holder before, if it may be chosen
     * and is not avoided, else by rendezvous hashing. Null where nobody can be chosen.
     */
    public @Nullable PooledResource choose(Wish conversation) {
        PooledResource chosen = pool.chooseForConversation(conversation);
        if (chosen != null) {
            holds(conversation, chosen);
        }
        return chosen;
    }

    /** A session of the target has written to the requester, or has had something of it: it holds the conversation, if it is in the pool. */
    public void spoke(Wish conversation, Jid session) {
        PooledResource resource = kept ? pool.find(session) : null;
        if (resource != null && resource.isConfirmed()) {
            holds(conversation, resource);
        }
    }

    @Override
    public @Nullable PooledResource holder(Wish conversation) {
        if (conversations.isEmpty()) {
            return null;
        }
        Held held = conversations.get(Conversation.key(conversation));
        if (held == null || isOver(held)) {
            return null;
        }
        PooledResource resource = pool.find(held.holder);
        return resource != null && resource.isConfirmed() ? resource : null;
    }

    @Override
    public void holds(Wish conversation, PooledResource resource) {
        if (!kept) {
            return;
        }
        String key = Conversation.key(conversation);
        boolean begins = conversations.remove(key) == null;
        // The pool's own address, which all its conversations share.
        conversations.put(key, new Held(resource.jid(), loop.nanoTime()));
        if (begins) {
            forget();
        }
    }

    private boolean isOver(Held held) {
        return loop.nanoTime() - held.since >= KNOWN.toNanos();
    }

    private void forget() {
        Iterator<Held> eldest = conversations.values().iterator();
        for (int swept = 0; eldest.hasNext(); swept++) {
            Held held = eldest.next();
            if (conversations.size() <= most && (swept >= SWEPT || !isOver(held))) {
                break;
            }
            eldest.remove();
        }
        size = conversations.size();
    }
}
