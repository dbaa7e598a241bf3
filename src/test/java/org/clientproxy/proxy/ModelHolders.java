package org.clientproxy.proxy;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * Which resource holds which conversation, for the reference model. Of the hash by which one is found where nobody holds it this
 * is demanded: among whichever resources, the order of those that it prefers is the same each time.
 */
final class ModelHolders {
    private static final long KNOWN = Duration.ofMinutes(30).toNanos();

    private record Held(String by, long since) {}

    private final ModelPool pool;
    private final LongSupplier clock;
    private final boolean kept;
    private final boolean sticky;
    private final Map<String, Held> holders = new HashMap<>();
    // Of each conversation: who was found though these were there, too.
    private final Map<String, Map<String, Set<String>>> foundBefore = new HashMap<>();

    ModelHolders(ModelPool pool, LongSupplier clock, ProxySettings settings) {
        this.pool = pool;
        this.clock = clock;
        boolean isSticky = settings.selection() == SelectionPolicy.STICKY;
        this.kept = isSticky || settings.get(MessageKeys.MESSAGES) || settings.uses(PresenceUse.RELAY);
        // Where resources have capacities, who stands in for one that is full shows nowhere.
        this.sticky = isSticky
                && settings.get(WorkerKeys.MAX_PENDING_PER_RESOURCE) == 0
                && settings.get(WorkerKeys.QUEUE_TIMEOUT).isZero();
    }

    private static String key(Jid requester, Jid used) {
        return requester.bare().key() + '\n' + used.key();
    }

    /** The holder, if it is in the pool; null: there is none. */
    @Nullable
    String holder(Jid requester, Jid used) {
        Held held = holders.get(key(requester, used));
        boolean known = held != null && clock.getAsLong() - held.since < KNOWN;
        return known && pool.isSeen(held.by) ? held.by : null;
    }

    /** A session of the target has written to the requester, or had an answer from there. */
    void spoke(Jid requester, Jid used, String session) {
        if (pool.isSeen(session)) {
            holds(requester, used, session);
        }
    }

    /** From now on this resource holds it. */
    void holds(Jid requester, Jid used, String resource) {
        if (kept) {
            holders.put(key(requester, used), new Held(resource, clock.getAsLong()));
        }
    }

    /** A request goes to this resource, which was chosen among these. Says what is wrong with that; null: nothing. */
    @Nullable
    String requested(Jid requester, Jid used, String resource, List<String> among) {
        return sticky ? given(requester, used, resource, among) : null;
    }

    /** Something of the requester goes to this resource. Says what is wrong with that; null: nothing. */
    @Nullable
    String given(Jid requester, Jid used, String resource) {
        return given(requester, used, resource, pool.choosable());
    }

    /** The same of what makes no holder of it. */
    @Nullable
    String would(Jid requester, Jid used, String resource) {
        return wrongChoice(requester, used, resource, pool.choosable());
    }

    private @Nullable String given(Jid requester, Jid used, String resource, List<String> among) {
        String wrong = wrongChoice(requester, used, resource, among);
        holds(requester, used, resource);
        return wrong;
    }

    private @Nullable String wrongChoice(Jid requester, Jid used, String resource, List<String> among) {
        String holder = holder(requester, used);
        List<String> first = pool.preferred(among);
        if (holder != null && first.contains(holder)) {
            return resource.equals(holder) ? null : resource + " was chosen, and " + holder + " holds the conversation";
        }
        if (!first.contains(resource)) {
            return resource + " was chosen of " + first + ", and others are " + among;
        }
        Map<String, Set<String>> found = foundBefore.computeIfAbsent(key(requester, used), each -> new HashMap<>());
        for (String other : first) {
            if (found.getOrDefault(other, Set.of()).contains(resource)) {
                return resource + " was chosen of " + first + ", and " + other + " before it";
            }
        }
        Set<String> behind = found.computeIfAbsent(resource, each -> new HashSet<>());
        behind.addAll(first);
        behind.remove(resource);
        return null;
    }
}
