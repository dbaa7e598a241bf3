package org.clientproxy.proxy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * Which resource holds which conversation, for the reference model. Of the hash by which one is found where nobody holds it this
 * is demanded: among whichever resources, the order of those that it prefers is the same each time.
 */
final class ModelHolders {
    private static final long KNOWN = Duration.ofMinutes(30).toNanos();

    /** @param by null: it may be whoever had something last, or who held it before, for that shows nowhere */
    private record Held(@Nullable String by, long since) {}

    private final ModelPool pool;
    private final LongSupplier clock;
    private final boolean kept;
    private final boolean sticky;
    private final int most;
    // In the order of their last words.
    private final Map<String, Held> holders = new LinkedHashMap<>();
    // Of each conversation: who was found though these were there, too.
    private final Map<String, Map<String, Set<String>>> foundBefore = new HashMap<>();

    ModelHolders(ModelPool pool, LongSupplier clock, ProxySettings settings) {
        this.pool = pool;
        this.clock = clock;
        this.sticky = settings.selection() == SelectionPolicy.STICKY;
        this.kept = sticky || settings.get(MessageKeys.MESSAGES) || settings.uses(PresenceUse.RELAY);
        this.most = settings.maxConversations();
    }

    private static String key(Jid requester, Jid used) {
        return requester.bare().key() + '\n' + used.key();
    }

    /** The holder, if it is in the pool; null: there is none. */
    @Nullable
    String holder(Jid requester, Jid used) {
        Held held = holders.get(key(requester, used));
        boolean known = held != null && clock.getAsLong() - held.since < KNOWN;
        return known && held.by != null && pool.isSeen(held.by) ? held.by : null;
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
            holders.remove(key(requester, used));
            holders.put(key(requester, used), new Held(resource, clock.getAsLong()));
            if (holders.size() > most) {
                holders.remove(holders.keySet().iterator().next());
            }
        }
    }

    /** A request goes to this resource, which was chosen among these. Says what is wrong with that; null: nothing. */
    @Nullable
    String requested(Jid requester, Jid used, String resource, ModelChoices.Among among) {
        if (!sticky) {
            return null;
        }
        String wrong = wrongChoice(requester, used, resource, among.withRoom());
        Boolean holds = among.isRoomEverywhere() ? Boolean.TRUE : isFirst(requester, used, resource, among);
        if (holds == null) {
            holders.put(key(requester, used), new Held(null, clock.getAsLong()));
        } else if (holds) {
            holds(requester, used, resource);
        }
        return wrong;
    }

    /** Whether it would have been chosen if all had room, and does not merely stand in; null: that shows nowhere. */
    private @Nullable Boolean isFirst(Jid requester, Jid used, String resource, ModelChoices.Among among) {
        List<String> first = pool.preferred(among.all());
        String holder = holder(requester, used);
        if (!first.contains(resource)) {
            // Another one is not avoided, and full.
            return false;
        } else if (isUnknown(requester, used)) {
            return null;
        } else if (holder != null && first.contains(holder)) {
            return holder.equals(resource);
        }
        List<String> full = new ArrayList<>(first);
        full.removeAll(among.withRoom());
        Map<String, Set<String>> found = foundBefore.getOrDefault(key(requester, used), Map.of());
        if (full.stream().anyMatch(each -> found.getOrDefault(each, Set.of()).contains(resource))) {
            return false;
        }
        return found.getOrDefault(resource, Set.of()).containsAll(full) ? Boolean.TRUE : null;
    }

    /** Whether somebody may hold it, and nobody sees who. */
    private boolean isUnknown(Jid requester, Jid used) {
        Held held = holders.get(key(requester, used));
        return held != null && held.by == null;
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
        if (isUnknown(requester, used)) {
            return null;
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
