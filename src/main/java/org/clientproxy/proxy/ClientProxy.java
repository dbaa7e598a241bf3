package org.clientproxy.proxy;
import org.clientproxy.proxy.stats.ResourceCounters;
import org.clientproxy.proxy.stats.RecentErrors;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.routes.Verdict;
import org.clientproxy.proxy.routes.TraceLink;
import org.clientproxy.proxy.routes.ToFailures;
import org.clientproxy.proxy.routes.StanzaRoles;
import org.clientproxy.proxy.routes.StanzaRole;
import org.clientproxy.proxy.routes.Standby;
import org.clientproxy.proxy.routes.RouteEntry;
import org.clientproxy.proxy.routes.ReceivePresence;
import org.clientproxy.proxy.routes.HeaderIs;
import org.clientproxy.proxy.routes.FailRequest;
import org.clientproxy.proxy.routes.EndingSender;
import org.clientproxy.proxy.routes.DropStanza;
import org.clientproxy.proxy.routes.Drain;
import org.clientproxy.proxy.routes.Decide;
import org.clientproxy.proxy.routes.Correlate;
import org.clientproxy.proxy.routes.Correlation;
import org.clientproxy.proxy.routes.ClientProxyRoutes;
import org.clientproxy.proxy.routes.ChooseResource;
import org.clientproxy.proxy.routes.TranslateRequest;
import org.clientproxy.proxy.routes.AnswerUnsupported;
import org.clientproxy.proxy.routes.TranslateReply;
import org.clientproxy.proxy.routes.AdmitRequest;
import org.clientproxy.proxy.routes.AccessRules;
import org.clientproxy.proxy.reload.RouteTrial;
import org.clientproxy.proxy.reload.RouteSwap;
import org.clientproxy.proxy.reload.RouteReload;
import org.clientproxy.proxy.reload.RouteFiles;
import org.clientproxy.proxy.pool.TargetSubscription;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pending.TellLeftOver;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.clientproxy.proxy.pending.RestoreLimits;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.routes.KeyOfExchange;
import org.clientproxy.proxy.routes.PendingRepository;
import org.clientproxy.proxy.pending.Attempts;
import org.clientproxy.proxy.jat.JatKeys;
import org.clientproxy.proxy.jat.JatCodec;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.hooks.ProxyEvents;
import org.clientproxy.proxy.hooks.Hooks;
import org.clientproxy.proxy.hooks.Gate;

import java.security.SecureRandom;
import java.nio.file.Path;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.journal.JournalStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelTracingService;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.camel.util.concurrent.SynchronousExecutorService;
import org.clientproxy.component.StreamUse;
import org.clientproxy.component.XmppComponentEndpoint;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One proxy in a Camel context: makes the beans that the routes name, adds the routes, and joins the stream, the pool, the
 * subscription and the pending requests.
 */
public final class ClientProxy {
    private static final Logger LOG = LoggerFactory.getLogger(ClientProxy.class);

    private final CamelContext context;
    private final ProxySettings settings;
    private final SecureRandom random = new SecureRandom();
    private final ProxyCounters counters = new ProxyCounters();
    private final RecentErrors errors = new RecentErrors(Instant::now);
    private final StreamUse use;
    private final ComponentStream stream;
    private final ProxyEvents events;
    private final ResourcePool pool;
    private final PendingStore store;
    private final PendingRequests pendingRequests;
    private final TellLeftOver leftOver;
    private final EndingSender endings;
    private final Gate gate;
    private final Drain drain;
    private final TargetSubscription subscription;
    private final JatCodec jat;
    private final StanzaRoles roles;
    private final boolean traced;
    private final Standby.Steps steps;
    private final ToFailures toFailures;
    private final Correlate correlate;
    private @Nullable String noted;

    private ClientProxy(CamelContext context, ProxySettings settings, InstantSource clock) {
        this.context = context;
        this.settings = settings;
        // Characters, not a string: Camel resolves {{placeholders}} in strings, and prints those that it does not know.
        bind("secret", settings.stream().secret().toCharArray());
        ProxySettings.Tls tls = settings.stream().tls();
        if (tls != null) {
            bind("tls", tls.parameters());
        }
        context.getPropertiesComponent().addInitialProperty(settings.name() + ".endpoint", endpointUri());
        if (settings.accept() != null) {
            context.getPropertiesComponent().addInitialProperty(settings.name() + ".accept", settings.accept());
        }
        this.jat = new JatCodec(settings.domain(), JatKeys.of(settings), settings.encodedFrom());
        this.roles = new StanzaRoles(settings, jat);
        this.use =
                context.getEndpoint(endpointUri(), XmppComponentEndpoint.class).use();
        this.stream = use.stream();
        Hooks hooks = new Hooks(context, settings.name());
        this.events = new ProxyEvents(hooks, stream, settings);
        // Balance needs no secrecy; ids do.
        this.pool = new ResourcePool(settings.selection(), new SplittableRandom(random.nextLong()));
        pool.watchedBy(events::poolChanged);
        // Last of what may fail, for it locks its directory.
        this.store = openStore(clock);
        this.pendingRequests = new PendingRequests(stream.loop(), pool, store, settings);
        this.leftOver = new TellLeftOver(stream, store, pendingRequests, clock, settings.replyTimeout());
        this.gate = new Gate(hooks.requestAdmitted, pendingRequests, stream.loop());
        this.subscription = new TargetSubscription(settings, stream.loop(), pool, pendingRequests, this::sendPresence);
        this.traced = context.hasService(CamelTracingService.class) != null;
        if (traced) {
            use.received(new TraceLink(pendingRequests)::join);
        }
        this.steps = new Standby.Steps(
                roles,
                new DropStanza(counters),
                new ReceivePresence(subscription),
                new AnswerUnsupported(roles),
                new Correlation(stream.loop(), counters),
                new Decide(new Attempts(pool, stream.loop(), settings), counters, settings, subscription::suspect),
                new ChooseResource(pool, pendingRequests),
                new TranslateRequest(pendingRequests, jat, stream.loop(), this::randomId, settings),
                new TranslateReply(pendingRequests, stream.loop(), counters, errors, events),
                new FailRequest(pendingRequests, stream.loop(), events));
        Standby standby = new Standby(context, stream, pendingRequests, counters, steps);
        this.toFailures = new ToFailures(entry("failures", standby::fail), stream.loop());
        this.correlate = new Correlate(toFailures, standby::correlate, use::awaitLoop);
        standby.beside(correlate, toFailures);
        this.drain = new Drain(
                stream,
                pendingRequests,
                subscription,
                settings.drainTimeout(),
                request -> roles.of(request) == StanzaRole.REQUEST,
                standby::stanza);
        use.control(drain);
        this.endings = new EndingSender(context, entry("correlate", correlate), stream.loop());
    }

    private PendingStore openStore(InstantSource clock) {
        try {
            Path directory = settings.dataDir().resolve(settings.name() + ".pending");
            if (settings.pending() == PendingKind.FILE) {
                return JournalStore.open(directory, stream.loop(), clock, JournalStore.SEGMENT_OCTETS);
            }
            if (JournalStore.isUsed(directory)) {
                LOG.warn(
                        "requests of an earlier run are in {} and get no answer with proxy.pending=memory; start once with"
                                + " proxy.pending=file, or remove the directory",
                        directory);
            }
            return PendingStore.MEMORY;
        } catch (RuntimeException e) {
            use.close();
            throw e;
        }
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
        return addTo(context, settings, scratch, InstantSource.system());
    }

    /** The same by this clock, on which deadlines are recorded. */
    static ClientProxy addTo(
            CamelContext context,
            ProxySettings settings,
            Supplier<? extends DefaultCamelContext> scratch,
            InstantSource clock)
            throws Exception {
        LOG.info(
                "{} answers through the sessions of {}, over the server at {}; {}",
                settings.domain(),
                settings.target(),
                settings.stream(),
                settings.allow().isEmpty() && settings.deny().isEmpty()
                        ? "everyone may send requests (proxy.allow and proxy.deny are empty)"
                        : "proxy.allow and proxy.deny say who may send requests");
        ProxySettings.Tls tls = settings.stream().tls();
        if (tls != null && !tls.verify()) {
            LOG.warn(
                    "xmpp.tls.verify=false: whoever answers at {} is taken for the server, and can read and forge"
                            + " everything; put the certificate of its authority into xmpp.tls.trust-file instead",
                    settings.stream());
        }
        ClientProxy proxy = new ClientProxy(context, settings, clock);
        try {
            proxy.bindSteps();
            proxy.restore(clock);
            proxy.joinStream();
            proxy.addRoutes(scratch);
        } catch (Exception e) {
            proxy.giveBack();
            throw e;
        }
        proxy.liveWith(context);
        return proxy;
    }

    /** Its stream is open from the start of the context to its stop, whatever becomes of routes. */
    private void liveWith(CamelContext camel) throws Exception {
        camel.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext stopping) {
                contextStops();
            }
        });
        // Camel stops services after routes and components, so the last answers are written then.
        camel.addService(new ServiceSupport() {
            @Override
            protected void doStart() {
                use.open();
            }

            @Override
            protected void doStop() {
                giveBack();
            }
        });
    }

    /** The context is about to stop. */
    void contextStops() {
        drain.contextStops();
        if (use.isOpen() && !use.isConsumed()) {
            drain.drainNow();
        }
    }

    private void giveBack() {
        use.close();
        store.close();
    }

    /** Takes in the requests that an earlier process left without an answer. */
    private void restore(InstantSource clock) {
        RestoreLimits limits = new RestoreLimits(settings, clock);
        List<RestoredRequest> left = store.load(limits);
        if (!left.isEmpty() || store.leftOver() > 0) {
            LOG.info(
                    "{} requests of an earlier run are pending still; {} have expired, and for {} there is no room"
                            + " (proxy.max-pending, proxy.max-pending-size): their requesters are told as soon as the server is"
                            + " reached",
                    left.size(),
                    limits.expired(),
                    limits.tooMany());
            stream.loop()
                    .execute(() -> pendingRequests.restore(
                            left,
                            limits.closedKeys(),
                            clock,
                            settings.replyTimeout().toNanos()));
        }
    }

    /** How many requests are pending. */
    public int pendingRequests() {
        return pendingRequests.size();
    }

    /** How much memory they take, in octets, as {@code proxy.max-pending-size} counts it. */
    public long pendingOctets() {
        return pendingRequests.octets();
    }

    private void addRoutes(Supplier<? extends DefaultCamelContext> scratch) throws Exception {
        RouteFiles files = new RouteFiles(settings);
        // Files first, for Camel starts routes in their order: a gate of theirs is there when the first request comes.
        if (files.areNamed()) {
            RouteReload reload = new RouteReload(
                    context,
                    files,
                    new RouteTrial(context, files, scratch),
                    new RouteSwap(context, use, drain, endings, files.id("stanzas")),
                    failure -> stream.loop().execute(() -> errors.routes(failure)));
            reload.load();
            context.addService(reload, true, false);
        }
        if (files.areBeside()) {
            context.addRoutes(new ClientProxyRoutes(settings.name(), settings.accept()));
        }
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
    public boolean isRefusing() {
        return pendingRequests.isRefusing();
    }

    /** The stream to the server; what may be called of it on which thread is said there. */
    public ComponentStream stream() {
        return stream;
    }

    /** How many resources can be chosen. */
    public int poolSize() {
        return pool.size();
    }

    /** The counters of each resource in the pool, by its address, in the order of their addresses. */
    public Map<Jid, ResourceCounters> resourceCounters() {
        Map<Jid, ResourceCounters> all = new LinkedHashMap<>();
        for (PooledResource resource : pool.listed()) {
            all.put(resource.jid(), resource.counters());
        }
        return all;
    }

    /** How it is now; completed on the loop of the stream. */
    public CompletionStage<ProxyStatus> status() {
        return CompletableFuture.supplyAsync(this::statusNow, stream.loop());
    }

    private ProxyStatus statusNow() {
        List<ProxyStatus.Resource> resources = pool.listed().stream()
                .map(each -> new ProxyStatus.Resource(
                        each.jid(),
                        each.show(),
                        each.priority(),
                        each.isConfirmed() && !each.isDraining() && !each.isSuspect(),
                        each.isDraining(),
                        each.load(),
                        each.counters()))
                .toList();
        return new ProxyStatus(
                settings.domain(),
                settings.target(),
                stream.state(),
                stream.lastFailure(),
                pool.isConfirmed(),
                pendingRequests.isRefusing(),
                pendingRequests.size(),
                resources,
                errors.list());
    }

    /**
     * Gives a resource no new requests, or some again. What is pending at it stays; a resource that leaves and comes back
     * begins anew.
     *
     * @return whether the resource is in the pool; completed on the loop
     */
    public CompletionStage<Boolean> drain(Jid resource, boolean drain) {
        return CompletableFuture.supplyAsync(
                () -> {
                    PooledResource pooled = pool.find(resource);
                    if (pooled != null) {
                        LOG.info("{} gets {} requests, as an operator wishes", resource, drain ? "no new" : "new");
                        pool.drain(pooled, drain);
                    }
                    return pooled != null;
                },
                stream.loop());
    }

    /** Refuses new requests with {@code recipient-unavailable}, or takes them again. Any thread. */
    public void refuse(boolean refuse) {
        LOG.info("{} {} requests, as an operator wishes", settings.domain(), refuse ? "refuses new" : "takes new");
        pendingRequests.refuse(refuse);
    }

    private void bindSteps() {
        Map<String, Object> beans = Map.ofEntries(
                Map.entry("drop", steps.drop()),
                Map.entry(
                        "admit",
                        new AdmitRequest(
                                pendingRequests,
                                new AccessRules(settings.allow(), settings.deny()),
                                stream.loop(),
                                counters,
                                settings,
                                traced,
                                gate,
                                () -> !correlate.isRunning())),
                Map.entry("choose", steps.choose()),
                Map.entry("translate", steps.translate()),
                Map.entry("receive-presence", steps.receivePresence()),
                Map.entry("answer-unsupported", steps.answerUnsupported()),
                Map.entry("correlation", steps.correlation()),
                Map.entry("key", new KeyOfExchange()),
                Map.entry("pending-requests", new PendingRepository(pendingRequests)),
                Map.entry("inline", new SynchronousExecutorService()),
                Map.entry("decide", steps.decide()),
                Map.entry("translate-reply", steps.translateReply()),
                Map.entry("correlate", correlate),
                Map.entry("to-failures", toFailures),
                Map.entry("fail", steps.fail()));
        beans.forEach(this::bind);
        for (StanzaRole role : StanzaRole.values()) {
            bind("is-" + role.key(), roles.is(role));
        }
        for (Verdict verdict : Verdict.values()) {
            bind("is-" + verdict.key(), new HeaderIs(ProxyHeaders.VERDICT, verdict.key()));
        }
    }

    private RouteEntry entry(String route, Processor standby) {
        return new RouteEntry(context, "direct:" + settings.name() + '-' + route, standby);
    }

    private void joinStream() {
        stream.keepAliveTo(settings.target().domain());
        stream.beforeWrites(store::flush);
        stream.addStreamListener((before, now) -> {
            if (now == StreamState.READY) {
                LOG.info("{} is ready, at {}", settings.domain(), settings.stream());
                pendingRequests.startRestored();
                leftOver.begin();
                subscription.streamReady();
            } else if (before == StreamState.READY) {
                subscription.streamDown();
            }
            String failure = stream.lastFailure();
            if (now == StreamState.CONNECTING && failure != null && !failure.equals(noted)) {
                errors.stream(failure);
            }
            // The same failure again is no news, until the stream was ready in between.
            noted = failure;
        });
        stream.addStreamListener(events::streamChanged);
        pendingRequests.endingsTo(endings);
        pendingRequests.holdEndingsWhile(stream::isCongested);
    }

    private void sendPresence(String type, Jid to) {
        String shown = type.isEmpty() ? null : type;
        Stanza presence =
                Stanza.of(Stanza.Kind.PRESENCE, shown, null, settings.domain().toString(), to.toString(), "");
        try {
            stream.send(presence);
        } catch (StanzaNotSentException e) {
            LOG.debug("not sent, {}: {}", e.getMessage(), presence);
        }
    }

    private byte[] randomId() {
        byte[] id = new byte[16];
        random.nextBytes(id);
        return id;
    }

    /** The endpoint without its secret, which the registry holds: so it stands in no URI, trace or dump. */
    private String endpointUri() {
        ProxySettings.Stream to = settings.stream();
        return "xmpp-component:" + settings.domain() + "?host=" + to.host() + "&port=" + to.port() + "&secret=#bean:"
                + settings.name() + "-secret&connectTimeout="
                + to.connectTimeout().toMillis()
                + "&reconnectDelay=" + to.reconnectMin().toMillis() + "&reconnectMaxDelay="
                + to.reconnectMax().toMillis() + "&keepAlive=" + to.keepAlive().toMillis() + "&maxStanzaSize="
                + to.maxStanzaSize()
                + (to.tls() == null
                        ? ""
                        : "&sslContextParameters=#bean:" + settings.name() + "-tls&hostnameVerification="
                                + to.tls().verify());
    }

    private void bind(String role, Object bean) {
        context.getRegistry().bind(settings.name() + '-' + role, bean);
    }
}
