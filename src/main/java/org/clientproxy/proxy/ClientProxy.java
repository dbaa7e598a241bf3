package org.clientproxy.proxy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.clientproxy.proxy.conversations.Conversations;
import org.clientproxy.proxy.conversations.HeldMessages;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pool.Ejections;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.reload.RouteFiles;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.Effect;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.ServerKeys;
import org.clientproxy.proxy.settings.SettingsChange;
import org.clientproxy.proxy.stats.AttemptCounters;
import org.clientproxy.proxy.stats.ClusterFigures;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.proxy.stats.QueueCounters;
import org.clientproxy.proxy.stats.RecentErrors;
import org.clientproxy.proxy.stats.ResourceCounters;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One proxy in a Camel context, as others see it: what it is, how it does, and what an operator may tell it. Any thread. */
public final class ClientProxy {
    private static final Logger LOG = LoggerFactory.getLogger(ClientProxy.class);

    /** Camel looks once a second whether the drain is over. */
    private static final long STOP_MARGIN_SECONDS = 6;

    private volatile ProxySettings settings;
    private final ComponentStream stream;
    private final ResourcePool pool;
    private final Ejections ejections;
    private final PendingRequests pendingRequests;
    private final PendingStore store;
    private final Conversations conversations;
    private final HeldMessages heldMessages;
    private final ProxyCounters counters;
    private final RecentErrors errors;
    private final Readiness readiness;
    private final PresenceParts presence;
    private final ProxyLife life;
    private final ProxyRemoval removal;
    private final List<Adjustable> adjustables;
    private volatile @Nullable String wrongEdit;

    ClientProxy(ProxyParts parts, ProxyLife life, ProxyRemoval removal) {
        this.settings = parts.settings;
        this.stream = parts.stream;
        this.pool = parts.pool;
        this.ejections = parts.ejections;
        this.pendingRequests = parts.pendingRequests;
        this.store = parts.store;
        this.conversations = parts.conversations;
        this.heldMessages = parts.heldMessages;
        this.counters = parts.counters;
        this.errors = parts.errors;
        this.readiness = new Readiness(parts);
        this.presence = parts.presence;
        this.life = life;
        this.removal = removal;
        this.adjustables = List.copyOf(parts.adjustables);
    }

    /**
     * Adds a proxy to a context, before the context is started.
     *
     * @throws Exception where the routes cannot be added
     */
    public static ClientProxy addTo(CamelContext context, ProxySettings settings) throws Exception {
        return addTo(context, settings, DefaultCamelContext::new);
    }

    /**
     * The same in a context of another kind.
     *
     * @param scratch makes an empty context of that kind, in which edits of route files are tried
     * @throws Exception where the routes cannot be added
     */
    public static ClientProxy addTo(
            CamelContext context, ProxySettings settings, Supplier<? extends DefaultCamelContext> scratch)
            throws Exception {
        return addTo(context, settings, scratch, InstantSource.system(), new SecureRandom());
    }

    /**
     * The same by this clock, on which deadlines are recorded.
     *
     * @param random makes ids that nobody is to guess
     */
    static ClientProxy addTo(
            CamelContext context,
            ProxySettings settings,
            Supplier<? extends DefaultCamelContext> scratch,
            InstantSource clock,
            Random random)
            throws Exception {
        return new ProxyAssembly(context, settings, clock, random).join(scratch);
    }

    /**
     * Takes an edit while it runs: limits, lists and times hold at once, without a break; how a connection to the server is made
     * holds from the next one on, which is made at once where there is none.
     *
     * @return completed on the loop, when it holds
     * @throws IllegalArgumentException where the edit needs a restart of the proxy; nothing is changed then
     */
    public CompletionStage<Void> adjust(ProxySettings now) {
        ProxySettings before = settings;
        SettingsChange change = SettingsChange.between(before, now);
        if (!before.name().equals(now.name()) || change.has(Effect.RESTART)) {
            throw new IllegalArgumentException("needs a restart of " + before + ": " + change);
        }
        settings = now;
        if (change.keys().contains(ServerKeys.TLS) || change.keys().contains(ServerKeys.TLS_VERIFY)) {
            ProxyAssembly.warnOfAnybody(now);
        }
        return CompletableFuture.runAsync(
                () -> {
                    adjustables.forEach(each -> each.adjust(now));
                    if (change.has(Effect.NEXT_CONNECTION) && stream.state() != StreamState.READY) {
                        stream.reconnect();
                    }
                },
                stream.loop());
    }

    /**
     * Looks whether the proxy's routes have what these settings want beside the present ones. It reads the route files, so not on
     * the loop.
     *
     * @throws IllegalArgumentException where they lack a step; it says which
     */
    public void checkRoutes(ProxySettings now) {
        if (settings.routes().equals(now.routes())) {
            RouteFiles.checkEdit(settings, now);
        }
    }

    /**
     * Takes it out of its context, which goes on, as do the other proxies there: it drains as at a stop of the context, then its
     * routes, its stream and its store end. Not on the loop; it takes as long as {@code proxy.drain-timeout} and some seconds.
     *
     * @throws Exception where a route cannot be stopped
     */
    public void remove() throws Exception {
        LOG.info("{} is stopping; the process goes on", settings.domain());
        removal.run();
    }

    /** Tells those who look at the proxy that an edit of its configuration is wrong; null: it is no more. Any thread. */
    public void wrongEdit(@Nullable String words) {
        wrongEdit = words;
        if (words != null) {
            stream.loop().execute(() -> errors.configuration(words));
        }
    }

    /** What is wrong with an edit of the configuration that was not taken; null: nothing is. Any thread. */
    public @Nullable String wrongEdit() {
        return wrongEdit;
    }

    /** How long Camel must give the stop of a proxy that drains so long, in seconds. */
    public static long stopSeconds(Duration drain) {
        return drain.toSeconds() + STOP_MARGIN_SECONDS;
    }

    /** The context is about to stop. */
    void contextStops() {
        life.contextStops();
    }

    /** How many requests are pending. */
    public int pendingRequests() {
        return pendingRequests.size();
    }

    /** How many of them sessions of the target have begun. */
    public int pendingReverse() {
        return pendingRequests.reverseSize();
    }

    /** Of how many conversations it is remembered who holds them. */
    public int conversations() {
        return conversations.size();
    }

    /** How many messages wait until it is known who is there. */
    public int heldMessages() {
        return heldMessages.size();
    }

    /** How many of them wait for a resource. */
    public int queuedRequests() {
        return pendingRequests.queued();
    }

    /** What became of those that found no resource at once. */
    public QueueCounters queueCounters() {
        return pendingRequests.queueCounters();
    }

    /** What became of attempts that did not simply end with their resource's reply. */
    public AttemptCounters attemptCounters() {
        return pendingRequests.attempts();
    }

    /** How much memory they take, in octets, as {@code proxy.max-pending-size} counts it. */
    public long pendingOctets() {
        return pendingRequests.octets();
    }

    /** What this node is among the others; null where there are none. */
    public @Nullable ClusterFigures cluster() {
        return store.figures();
    }

    /** What became of the stanzas so far. */
    public ProxyCounters counters() {
        return counters;
    }

    /** The proxy's name in keys, bean names and route ids. */
    public String name() {
        return settings.name();
    }

    /** The proxy host. */
    public Jid domain() {
        return settings.domain();
    }

    /** The account whose sessions answer. */
    public Jid target() {
        return settings.target();
    }

    /** Whether new requests are refused on an operator's word. */
    public boolean isPaused() {
        return pendingRequests.isPaused();
    }

    /** The stream to the server; what may be called of it on which thread is said there. */
    public ComponentStream stream() {
        return stream;
    }

    /** How many resources can be chosen. */
    public int poolSize() {
        return pool.size();
    }

    /** How many have the proxy host in their rosters; 0 without {@code proxy.presence=service}. */
    public int subscribers() {
        return presence.service == null ? 0 : presence.service.size();
    }

    /** How many sessions of requesters have something to do with a resource's presence; 0 without {@code proxy.presence=relay}. */
    public int relayedPresences() {
        return presence.relay == null ? 0 : presence.relay.size();
    }

    /** How many resources their time-outs keep out of the choice now. */
    public int ejectedResources() {
        return ejections.size();
    }

    /** How often a resource was taken out of the choice for that. */
    public long ejections() {
        return ejections.count();
    }

    /** The counters of each resource in the pool, by its address, in the order of their addresses. */
    public Map<Jid, ResourceCounters> resourceCounters() {
        Map<Jid, ResourceCounters> all = new LinkedHashMap<>();
        for (PooledResource resource : pool.listed()) {
            all.put(resource.jid(), resource.counters());
        }
        return all;
    }

    /**
     * Why no request would find a resource now, and what an operator can do about it, in words; null: one would. Completed on the
     * loop of the stream.
     */
    public CompletionStage<@Nullable String> trouble() {
        return CompletableFuture.supplyAsync(readiness::trouble, stream.loop());
    }

    /** How it is now; completed on the loop of the stream. */
    public CompletionStage<ProxyStatus> status() {
        return CompletableFuture.supplyAsync(this::statusNow, stream.loop());
    }

    private ProxyStatus statusNow() {
        boolean features = settings.learnsFeatures();
        return new ProxyStatus(
                settings.domain(),
                settings.target(),
                stream.state(),
                stream.lastFailure(),
                pool.isConfirmed(),
                pendingRequests.isPaused(),
                pendingRequests.size(),
                pendingRequests.queued(),
                pool.listed().stream()
                        .map(resource ->
                                ProxyStatus.Resource.of(resource, stream.loop().nanoTime(), features))
                        .toList(),
                errors.list(),
                presence.status());
    }

    /**
     * Retires a resource: it gets no new requests until it is restored, or leaves and comes back. What is pending at it stays.
     *
     * @return whether the resource is in the pool; completed on the loop
     */
    public CompletionStage<Boolean> retire(Jid resource) {
        return tell(resource, "no new", pooled -> {
            pool.retire(pooled);
            // Whoever waits for what it announces waits in vain from now on.
            lookAgain();
        });
    }

    /**
     * Restores a resource that was retired, or that its time-outs keep out: it gets new requests again.
     *
     * @return whether the resource is in the pool; completed on the loop
     */
    public CompletionStage<Boolean> restore(Jid resource) {
        return tell(resource, "new", pooled -> {
            // Were it out still when it may be chosen again, another one that is out would return in its place.
            ejections.restore(pooled);
            pool.restore(pooled);
            lookAgain();
        });
    }

    private void lookAgain() {
        pendingRequests.lookAgain();
        heldMessages.lookAgain();
    }

    private CompletionStage<Boolean> tell(Jid resource, String requests, Consumer<PooledResource> wish) {
        return CompletableFuture.supplyAsync(
                () -> {
                    PooledResource pooled = pool.find(resource);
                    if (pooled != null) {
                        LOG.info("{} gets {} requests, as an operator wishes", resource, requests);
                        wish.accept(pooled);
                    }
                    return pooled != null;
                },
                stream.loop());
    }

    /**
     * Closes the stream to the server in order and makes another at once; while it is being made anyway, nothing changes.
     * Pending requests stay so, with their deadlines, and the pool is confirmed again.
     */
    public void reconnect() {
        stream.reconnect();
    }

    /** Refuses new requests with {@code recipient-unavailable} until {@link #resume}; pending ones are answered. */
    public void pause() {
        LOG.info("{} refuses new requests, as an operator wishes", settings.domain());
        pendingRequests.pause();
    }

    /** Takes new requests again. */
    public void resume() {
        LOG.info("{} takes new requests, as an operator wishes", settings.domain());
        pendingRequests.resume();
    }
}
