package org.clientproxy.proxy.presence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * The accounts that have the proxy host in their rosters, in the order of their last probes, and a place in that order from which
 * one after the other is told something. Each step costs the same however many there are. Used on the loop only, but for {@link
 * #size()}.
 */
final class Subscribers {
    private final Map<String, Subscriber> byKey = new HashMap<>();
    private @Nullable Subscriber first;
    private @Nullable Subscriber last;
    // The next to be told something; null: the first.
    private @Nullable Subscriber next;
    private volatile int size;

    /** How many there are. Any thread. */
    int size() {
        return size;
    }

    /** @param account its bare address */
    @Nullable
    Subscriber find(Jid account) {
        return byKey.get(account.key());
    }

    /** To be called for one that is not in the list. */
    void add(Subscriber added) {
        byKey.put(added.jid().key(), added);
        size = byKey.size();
        append(added);
    }

    /** It has shown that it is there: it is forgotten after all others. */
    void touch(Subscriber subscriber) {
        unlink(subscriber);
        append(subscriber);
    }

    void remove(Subscriber subscriber) {
        byKey.remove(subscriber.jid().key());
        size = byKey.size();
        unlink(subscriber);
    }

    /** The one that has shown no sign of life for longest; null where there is nobody. */
    @Nullable
    Subscriber oldest() {
        return first;
    }

    /** One after the other, round and round: as many calls as there are reach each that was not added or touched meanwhile. */
    @Nullable
    Subscriber next() {
        Subscriber found = next == null ? first : next;
        next = found == null ? null : found.after;
        return found;
    }

    /** All, in the order of their last probes; a copy. */
    List<Subscriber> all() {
        List<Subscriber> all = new ArrayList<>(size);
        for (Subscriber each = first; each != null; each = each.after) {
            all.add(each);
        }
        return all;
    }

    private void append(Subscriber added) {
        added.before = last;
        added.after = null;
        if (last == null) {
            first = added;
        } else {
            last.after = added;
        }
        last = added;
    }

    private void unlink(Subscriber gone) {
        if (next == gone) {
            next = gone.after;
        }
        if (gone.before == null) {
            first = gone.after;
        } else {
            gone.before.after = gone.after;
        }
        if (gone.after == null) {
            last = gone.before;
        } else {
            Objects.requireNonNull(gone.after).before = gone.before;
        }
        gone.before = null;
        gone.after = null;
    }
}
