package org.clientproxy.proxy.pool;

import java.util.List;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogText;

/**
 * Those who come and those who leave: puts each into the pool or takes it out, and tells who must know. Used on the loop only.
 */
final class PoolMembers {
    private final Jid target;
    private final StreamLoop loop;
    private final ResourcePool pool;
    private final PoolListener listener;
    private final Runnable missing;
    private final LateUnavailables late;
    private final ImplementingClients clients;
    private final PoolLog changes;
    private final SubscriptionLog log;

    /**
     * @param probe sends a probe, if the state of the subscription allows one
     * @param missing hears that nobody is there any more, or somebody who may be back soon
     */
    PoolMembers(
            ProxySettings settings,
            StreamLoop loop,
            ResourcePool pool,
            PoolListener listener,
            SubscriptionLog log,
            Runnable probe,
            Runnable missing) {
        this.target = settings.target();
        this.loop = loop;
        this.pool = pool;
        this.listener = listener;
        this.log = log;
        this.missing = missing;
        this.late = new LateUnavailables(loop, probe, this::doubtEnded);
        this.clients = new ImplementingClients(settings.resources());
        this.changes = new PoolLog(settings.target(), loop, pool);
    }

    /**
     * From now on these patterns name the implementing clients; false where they did before. Whoever is none any more keeps what
     * is pending there.
     */
    boolean adjust(List<String> patterns) {
        if (!clients.adjust(patterns)) {
            return false;
        }
        for (PooledResource resource : pool.all()) {
            if (!clients.include(resource.jid())) {
                pool.remove(resource);
                listener.resourceLeft(resource, false);
            }
        }
        afterLeaving();
        return true;
    }

    /** An available presence of a session. */
    void available(TargetPresence presence) {
        if (!clients.include(presence.from())) {
            return;
        }
        boolean answer = late.returned(presence.from().key());
        if (pool.put(presence, loop.nanoTime())) {
            changes.came(LogText.of(presence.from().toString()));
        }
        PooledResource resource = pool.find(presence.from());
        if (resource != null) {
            resource.setAnsweredProbe(answer);
        }
        pool.leaveInDoubt(late.isInDoubt());
        log.notEmpty();
    }

    /** An unavailable presence of a session. */
    void unavailable(Jid from) {
        PooledResource resource = pool.find(from);
        if (resource != null) {
            late.left(resource);
            pool.leaveInDoubt(late.isInDoubt());
            leave(resource, true);
            afterLeaving();
        } else {
            listener.sessionEnded(from, loop.nanoTime() + 1);
        }
    }

    /** A session answers our presence with an error. Its pending requests keep their deadline. */
    void failed(Jid from) {
        PooledResource resource = pool.find(from);
        if (resource != null) {
            log.failed(resource);
            leave(resource, false);
            afterLeaving();
            missing.run();
        }
    }

    /** These have not answered a probe. */
    void silent(List<PooledResource> resources) {
        for (PooledResource resource : resources) {
            pool.remove(resource);
            listener.sessionEnded(resource.jid(), late.endedBefore(resource));
            listener.resourceLeft(resource, true);
        }
        log.silent(resources, changes.resources());
        // One whose answer was lost comes back soon.
        missing.run();
        afterLeaving();
    }

    /** @param settle whether their pending requests end when the grace is over; otherwise they keep their deadline */
    void allLeave(boolean settle) {
        for (PooledResource resource : pool.all()) {
            leave(resource, settle);
        }
        afterLeaving();
    }

    /** The time for answers to the probe is over: who was there before the break and has not shown up is gone. */
    void unconfirmedLeave() {
        for (PooledResource resource : pool.all()) {
            if (!resource.isConfirmed()) {
                leave(resource, true);
            }
        }
        if (pool.isConfirmed()) {
            // Those who name resources that were to show up wait still.
            wakeWaiting();
        } else {
            confirm();
        }
        sayIfEmpty();
    }

    /** It is known who is there. */
    void confirm() {
        if (!pool.isConfirmed()) {
            pool.confirm();
            listener.poolConfirmed();
        }
    }

    /**
     * That nobody is there, and who should be, in words.
     *
     * @param does how a session of the target shows up
     */
    String whyNobody(String does) {
        return "no session of " + target + " is there to answer" + clients.nobody()
                + "; start an implementing client, which logs in to it and " + does;
    }

    /** Whoever waited because nobody could be chosen may find somebody now, or learn that nobody is there. */
    void wakeWaiting() {
        if (pool.isConfirmed()) {
            listener.lookAgain();
        }
    }

    /** Nobody will find out any more who is there: the stream is down, or the proxy is stopping. */
    void endDoubts() {
        late.clear();
        log.clear();
        pool.endDoubts();
    }

    /** It is known now that none of those whose leave was in doubt is there. */
    private void doubtEnded() {
        pool.leaveInDoubt(false);
        afterLeaving();
    }

    private void leave(PooledResource resource, boolean settle) {
        pool.remove(resource);
        changes.left(resource);
        if (settle) {
            listener.sessionEnded(resource.jid(), late.endedBefore(resource));
        }
        listener.resourceLeft(resource, settle);
    }

    private void afterLeaving() {
        if (!pool.isInDoubt()) {
            wakeWaiting();
        }
        if (pool.size() == 0) {
            sayIfEmpty();
            missing.run();
        }
    }

    private void sayIfEmpty() {
        if (pool.size() == 0 && pool.isConfirmed() && !pool.isInDoubt()) {
            log.empty();
        }
    }
}
