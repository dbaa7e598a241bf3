package org.clientproxy.proxy.features;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.clientproxy.proxy.caps.CapsHash;
import org.jspecify.annotations.Nullable;

/** A question that one session is asked for all who say the same of themselves. Used on the loop only. */
final class Question {
    /** What all of them say; null: it is the question of one session. */
    final @Nullable CapsHash hash;

    /** Those who wait for the answer, without the one that is asked. */
    final Set<Announcement> waiting = new LinkedHashSet<>();

    /** Who is asked; null: nobody at present. */
    @Nullable
    Announcement asked;

    Question(@Nullable CapsHash hash) {
        this.hash = hash;
    }

    /** The next one of them is asked; null where there is none left. */
    @Nullable
    Announcement askNext() {
        Iterator<Announcement> next = waiting.iterator();
        if (!next.hasNext()) {
            return null;
        }
        asked = next.next();
        next.remove();
        return asked;
    }
}
