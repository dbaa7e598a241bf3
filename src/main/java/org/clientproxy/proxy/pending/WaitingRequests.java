package org.clientproxy.proxy.pending;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/** The requests that wait until it is known who is there, in the order in which they came. Used on the loop only. */
final class WaitingRequests {
    private final Set<PendingRequest> all = new LinkedHashSet<>();

    void add(PendingRequest pending) {
        all.add(pending);
    }

    /** Nothing happens where it does not wait. */
    void remove(PendingRequest pending) {
        if (!all.isEmpty()) {
            all.remove(pending);
        }
    }

    /** Takes out those that are taken there. */
    void take(Predicate<PendingRequest> taken) {
        for (Iterator<PendingRequest> each = all.iterator(); each.hasNext(); ) {
            if (taken.test(each.next())) {
                each.remove();
            }
        }
    }
}
