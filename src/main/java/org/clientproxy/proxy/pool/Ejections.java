package org.clientproxy.proxy.pool;

import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.proxy.stats.LoopCounter;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Takes resources out of the choice that do not answer, and back: so many time-outs in a row eject one, and an answer to a ping
 * (XEP-0199) lets it return. No more are out than are left in the choice, so that neither the network nor one requester's
 * payload can empty it. Used on the loop only, but for {@link #size()} and {@link #count()}.
 */
public final class Ejections implements ResourceHealth, Adjustable {
    private static final String PING = "<ping xmlns='urn:xmpp:ping'/>";
    /** How long the answer to a ping may take. */
    private static final Duration PING_LIMIT = Duration.ofSeconds(10);
    /** By these a server may say that it found no session, though the session itself may as well: they tell nothing of it. */
    private static final Set<Condition> BOUNCES =
            EnumSet.of(Condition.SERVICE_UNAVAILABLE, Condition.RECIPIENT_UNAVAILABLE);
    /** By these a server says that it did not reach the session's server. */
    private static final Set<Condition> NOT_REACHED =
            EnumSet.of(Condition.REMOTE_SERVER_NOT_FOUND, Condition.REMOTE_SERVER_TIMEOUT);

    private int after;
    private final Set<Condition> conditions = EnumSet.noneOf(Condition.class);
    private long firstTime;
    private final StreamLoop loop;
    private final ResourcePool pool;
    private final Queries queries;
    private final PoolListener waiting;
    private final Consumer<PooledResource> doubtful;
    private final EjectionLog log;
    private final LoopCounter count = new LoopCounter();
    // Those that are out, the longest first.
    private final Map<PooledResource, Ejection> out = new LinkedHashMap<>();
    private volatile int size;

    /**
     * @param waiting looks again when a resource is taken out or returns
     * @param doubtful hears of a resource for which a server may have answered a ping, as if it were not there
     */
    public Ejections(
            ProxySettings settings,
            StreamLoop loop,
            ResourcePool pool,
            Queries queries,
            PoolListener waiting,
            Consumer<PooledResource> doubtful) {
        adjust(settings);
        this.loop = loop;
        this.pool = pool;
        this.queries = queries;
        this.waiting = waiting;
        this.doubtful = doubtful;
        this.log = new EjectionLog(loop);
        pool.movesTo(this::poolChanged);
    }

    /** Those that are out stay so until their time is over, or an operator restores them. */
    @Override
    public void adjust(ProxySettings now) {
        after = now.get(WorkerKeys.EJECT_AFTER);
        firstTime = now.get(WorkerKeys.EJECT_TIME).toNanos();
        conditions.clear();
        conditions.addAll(now.get(WorkerKeys.EJECT_ON));
    }

    /** How many are out. Any thread. */
    public int size() {
        return size;
    }

    /** How often one was taken out. Any thread. */
    public long count() {
        return count.get();
    }

    @Override
    public void timedOut(PooledResource resource) {
        failed(resource, null);
    }

    @Override
    public void replied(PooledResource resource, @Nullable Condition condition) {
        if (condition == null) {
            resource.forgetTimeouts();
        } else if (conditions.contains(condition)) {
            failed(resource, condition);
        } else if (!BOUNCES.contains(condition)) {
            resource.forgetTimeouts();
        }
    }

    private void failed(PooledResource resource, @Nullable Condition condition) {
        if (after == 0 || !resource.isListed()) {
            return;
        }
        int failures = resource.countTimeout();
        if (failures >= after && resource.isChoosable() && held() + 1 <= pool.size() - 1) {
            eject(
                    resource,
                    condition == null
                            ? failures + " requests in a row timed out"
                            : failures + " requests in a row failed, the last one with " + condition.xmlName());
        }
    }

    private void eject(PooledResource resource, String why) {
        Ejection ejection = resource.ejection();
        if (ejection == null) {
            ejection = new Ejection(firstTime);
            resource.setEjection(ejection);
        }
        ejection.begin(loop.nanoTime(), why);
        out.put(resource, ejection);
        size = out.size();
        count.increment();
        log.ejected(resource, why, ejection.left(loop.nanoTime()));
        schedule(resource, ejection);
        pool.updateChoice(resource);
        // Whoever waits for what it announces waits in vain from now on.
        lookAgain();
    }

    /** Stanzas flow: whose time is over is pinged. */
    public void streamReady() {
        out.forEach(this::schedule);
    }

    /** Nobody can be pinged until the stream is ready. */
    public void streamDown() {
        out.values().forEach(Ejection::pause);
    }

    /** An operator wants the resource in the choice: it is as if it had never been out. */
    public void restore(PooledResource resource) {
        resource.forgetEjection();
        if (take(resource) != null) {
            comeBack(resource);
        }
    }

    private void schedule(PooledResource resource, Ejection ejection) {
        ejection.then(loop, () -> ping(resource, ejection));
    }

    private void ping(PooledResource resource, Ejection ejection) {
        int ping = ejection.ping();
        queries.ask(resource.jid(), PING, PING_LIMIT, reply -> {
            if (ejection.awaits(ping) && out.get(resource) == ejection) {
                pinged(resource, ejection, reply);
            }
        });
    }

    private void pinged(PooledResource resource, Ejection ejection, @Nullable Stanza reply) {
        StanzaError error = reply == null || !"error".equals(reply.type()) ? null : StanzaXml.errorOf(reply);
        Condition condition = error == null ? null : error.condition();
        if (reply == null || condition != null && NOT_REACHED.contains(condition)) {
            ejection.silent(loop.nanoTime());
            log.silent(resource, ejection.left(loop.nanoTime()));
            schedule(resource, ejection);
            return;
        }
        takeBack(
                resource,
                condition == null ? "it answered a ping" : "it answered a ping with " + condition.xmlName(),
                condition != null && BOUNCES.contains(condition));
    }

    /** Whoever has left is forgotten; and where others have, so that too many are out, the longest out returns early. */
    private void poolChanged() {
        if (out.isEmpty()) {
            return;
        }
        out.keySet().stream().filter(resource -> !resource.isListed()).toList().forEach(this::take);
        while (!pool.isGathering() && held() > pool.size()) {
            PooledResource longest = out.keySet().stream()
                    .filter(PooledResource::isServing)
                    .findFirst()
                    .orElseThrow();
            takeBack(longest, "no more than half of those who are there may be out", false);
        }
    }

    /** How many would be in the choice if they were not out. */
    private long held() {
        return out.keySet().stream().filter(PooledResource::isServing).count();
    }

    private void takeBack(PooledResource resource, String why, boolean mayBeGone) {
        Ejection ejection = take(resource);
        if (ejection != null) {
            log.returned(resource, why, ejection.end(loop.nanoTime()));
            if (mayBeGone) {
                // Before it can be chosen: its presence is to tell.
                doubtful.accept(resource);
            }
            comeBack(resource);
        }
    }

    private @Nullable Ejection take(PooledResource resource) {
        Ejection ejection = out.remove(resource);
        size = out.size();
        if (ejection != null) {
            ejection.cancel();
        }
        return ejection;
    }

    private void comeBack(PooledResource resource) {
        resource.beginAnew(loop.nanoTime());
        pool.updateChoice(resource);
        lookAgain();
    }

    private void lookAgain() {
        if (pool.isConfirmed()) {
            waiting.lookAgain();
        }
    }
}
