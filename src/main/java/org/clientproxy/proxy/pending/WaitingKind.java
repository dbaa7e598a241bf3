package org.clientproxy.proxy.pending;

import java.util.List;
import org.clientproxy.proxy.pool.ResourcePatterns;
import org.clientproxy.proxy.pool.WantedFeature;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * What decides which resources suit a request that waits. All of one kind suit the same resources, so one of them tells for the
 * rest, however many wait. Whatever a condition in {@code proxy.pool} reads of a request belongs in here: else a request that no
 * free resource suits stands before others that it would suit.
 *
 * @param session the requester where it is a session of the target, which is not asked what it asks; most are not
 * @param tried the resources that had the request before
 * @param ended those of them that may have it again, for another session may be there by now
 * @param among the resources that a route named for it; null: all
 * @param feature the namespace that its resource must announce; null: none
 */
record WaitingKind(
        @Nullable Jid session,
        List<Jid> tried,
        List<Jid> ended,
        @Nullable ResourcePatterns among,
        @Nullable String feature) {
    private static final WaitingKind ANY = new WaitingKind(null, List.of(), List.of(), null, null);

    static WaitingKind of(PendingRequest pending, Jid target) {
        Jid session = pending.requester.sameBare(target) ? pending.requester : null;
        ResourcePatterns among = pending.choiceRules().among();
        WantedFeature wanted = pending.choiceRules().feature();
        String feature = wanted != null && wanted.required() ? wanted.namespace() : null;
        return session == null
                        && among == null
                        && feature == null
                        && pending.tried().isEmpty()
                ? ANY
                : new WaitingKind(session, pending.tried(), pending.ended(), among, feature);
    }
}
