package org.clientproxy.proxy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.LoggingExceptionHandler;
import org.clientproxy.proxy.answer.LocalAnswers;
import org.clientproxy.proxy.answer.LocalQuestions;
import org.clientproxy.proxy.conversations.AccountRates;
import org.clientproxy.proxy.conversations.Conversations;
import org.clientproxy.proxy.conversations.HeldMessages;
import org.clientproxy.proxy.features.FeatureLearning;
import org.clientproxy.proxy.features.LearntFeatures;
import org.clientproxy.proxy.hooks.Gate;
import org.clientproxy.proxy.hooks.Hooks;
import org.clientproxy.proxy.hooks.ProxyEvents;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.jat.JatCodec;
import org.clientproxy.proxy.jat.JatKeys;
import org.clientproxy.proxy.jat.LateRequesters;
import org.clientproxy.proxy.pending.Ending;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pool.Ejections;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.TargetSubscription;
import org.clientproxy.proxy.routes.AccessRules;
import org.clientproxy.proxy.routes.AdmitRequest;
import org.clientproxy.proxy.routes.AdmitReverse;
import org.clientproxy.proxy.routes.AnswerLocally;
import org.clientproxy.proxy.routes.AnswerUnsupported;
import org.clientproxy.proxy.routes.AttemptIds;
import org.clientproxy.proxy.routes.ChooseResource;
import org.clientproxy.proxy.routes.Correlation;
import org.clientproxy.proxy.routes.Decide;
import org.clientproxy.proxy.routes.Drain;
import org.clientproxy.proxy.routes.DropStanza;
import org.clientproxy.proxy.routes.FailRequest;
import org.clientproxy.proxy.routes.ReceivePresence;
import org.clientproxy.proxy.routes.ReverseAddresses;
import org.clientproxy.proxy.routes.Standby;
import org.clientproxy.proxy.routes.StanzaRole;
import org.clientproxy.proxy.routes.StanzaRoles;
import org.clientproxy.proxy.routes.TranslateReply;
import org.clientproxy.proxy.routes.TranslateRequest;
import org.clientproxy.proxy.routes.TranslateReverse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.proxy.stats.RecentErrors;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** The steps of the proxy without Camel's routes, by what stands in for those while they are stopped. */
final class DirectSystem implements ModelSystem {
    private final CamelContext context = new DefaultCamelContext(false);
    private final SimulatedLoop loop = new SimulatedLoop();
    private final InMemoryStream stream = new InMemoryStream(null, loop);
    private final ProxyCounters counters = new ProxyCounters();
    private final ResourcePool pool;
    private final PendingRequests pendingRequests;
    private final TargetSubscription subscription;
    private final Ejections ejections;
    private final Map<String, Consumer<@Nullable Stanza>> asked = new HashMap<>();
    private final Drain drain;
    private final StanzaRoles roles;
    private final AdmitRequest admit;
    private final ChooseResource choose;
    private final TranslateRequest translate;
    private final AdmitReverse admitReverse;
    private final TranslateReverse translateReverse;
    private final Standby standby;

    DirectSystem(Path dataDir, ProxySettings settings, Random random) {
        JatCodec jat = new JatCodec(settings.domain(), JatKeys.of(settings), settings.encodedFrom());
        pool = new ResourcePool(settings.selection(), settings.get(WorkerKeys.AVOID_SHOW), random);
        pool.limitEach(settings.get(WorkerKeys.MAX_PENDING_PER_RESOURCE));
        pendingRequests = new PendingRequests(loop, pool, PendingStore.MEMORY, settings);
        Hooks hooks = new Hooks(context, settings.name());
        ProxyEvents events = new ProxyEvents(hooks, stream, settings);
        subscription = new TargetSubscription(
                settings, loop, pool, pendingRequests, new ProxyPresences(settings.domain(), stream));
        ejections = new Ejections(
                settings,
                loop,
                pool,
                (to, child, limit, heard) -> ask(settings, random, to, child, limit, heard),
                pendingRequests,
                subscription::suspect);
        pendingRequests.tell(ejections);
        new FeatureLearning(
                        pool,
                        () -> new LearntFeatures(
                                loop,
                                (to, child, limit, heard) -> ask(settings, random, to, child, limit, heard),
                                counters.features(),
                                subscription::wakeWaiting))
                .adjust(settings);
        LateRequesters late = new LateRequesters(jat, settings.replyTimeout());
        ReverseAddresses addresses = new ReverseAddresses(settings, jat, late, loop);
        LocalQuestions questions = new LocalQuestions(settings);
        roles = new StanzaRoles(settings, addresses, questions);
        drain = new Drain(
                stream,
                pendingRequests,
                subscription,
                new HeldMessages(loop, pool, settings),
                settings.drainTimeout(),
                request -> roles.of(request) == StanzaRole.REQUEST,
                stanza -> {},
                () -> false,
                () -> false);
        AccessRules access = new AccessRules(settings.allow(), settings.deny());
        admit = new AdmitRequest(
                pendingRequests,
                access,
                loop,
                counters,
                settings,
                false,
                new Gate(hooks.requestAdmitted, pendingRequests, loop),
                () -> false);
        choose = new ChooseResource(pendingRequests, loop, settings);
        Supplier<byte[]> randomId = () -> {
            byte[] id = new byte[16];
            random.nextBytes(id);
            return id;
        };
        AttemptIds ids = new AttemptIds(pendingRequests, randomId);
        translate = new TranslateRequest(jat, late, loop, ids, settings);
        admitReverse = new AdmitReverse(
                pendingRequests,
                addresses,
                access,
                loop,
                counters.reverse(),
                settings,
                false,
                new Gate(hooks.reverseAdmitted, pendingRequests, loop),
                () -> false);
        Conversations conversations = new Conversations(loop, pool, settings);
        translateReverse = new TranslateReverse(conversations, loop, ids, settings);
        standby = new Standby(
                context,
                stream,
                pendingRequests,
                counters,
                new Standby.Steps(
                        roles,
                        new DropStanza(counters),
                        new ReceivePresence(subscription),
                        exchange -> {},
                        exchange -> {},
                        new AnswerUnsupported(roles, new AccountRates(loop, settings), counters.reverseMessages()),
                        new AnswerLocally(
                                questions,
                                new LocalAnswers(settings, loop, pool, questions),
                                new AccessRules(List.of(), List.of()),
                                pendingRequests,
                                counters.local(),
                                settings),
                        new Correlation(pendingRequests.decisions(), counters),
                        new Decide(pendingRequests, counters, subscription::suspect),
                        choose,
                        translate,
                        new TranslateReply(
                                pendingRequests,
                                conversations,
                                loop,
                                counters,
                                new RecentErrors(() -> Instant.EPOCH),
                                events),
                        new FailRequest(pendingRequests, loop, events)));
        standby.beside(this::correlate, new LoggingExceptionHandler(context, DirectSystem.class) {
            @Override
            public void handleException(String message, Exchange exchange, Throwable exception) {
                fail(exchange, (Exception) exception);
            }
        });
        pendingRequests.endingsTo(this::end);
        pendingRequests.holdEndingsWhile(stream::isCongested);
        stream.onStanza(this::receive);
        stream.addStreamListener((before, now, reason) -> {
            if (now == StreamState.READY) {
                subscription.streamReady();
                ejections.streamReady();
            } else if (before == StreamState.READY) {
                subscription.streamDown();
                ejections.streamDown();
            }
        });
    }

    /** As the proxy's stream does for its own requests. */
    private void ask(
            ProxySettings settings,
            Random random,
            Jid to,
            String child,
            Duration limit,
            Consumer<@Nullable Stanza> heard) {
        String id = "own" + random.nextLong();
        String key = to.key() + '\n' + id;
        asked.put(key, heard);
        loop.schedule(
                () -> {
                    if (asked.remove(key) != null) {
                        heard.accept(null);
                    }
                },
                limit.toNanos());
        try {
            stream.send(Stanza.of(Stanza.Kind.IQ, "get", id, settings.domain().toString(), to.toString(), child));
        } catch (StanzaNotSentException e) {
            asked.remove(key);
            loop.schedule(() -> heard.accept(null), 0);
        }
    }

    private void receive(Stanza stanza) {
        Consumer<@Nullable Stanza> heard =
                stanza.isReply() ? asked.remove(stanza.fromJid().key() + '\n' + stanza.id()) : null;
        if (heard != null) {
            heard.accept(stanza);
            return;
        }
        StanzaRole role = roles.of(stanza);
        if (role != StanzaRole.REQUEST && role != StanzaRole.REVERSE) {
            standby.stanza(stanza);
            return;
        }
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(stanza);
        try {
            if (role == StanzaRole.REVERSE) {
                ask(exchange);
            } else {
                pass(exchange);
            }
        } catch (Exception e) {
            fail(exchange, e);
        }
    }

    private void ask(Exchange exchange) throws Exception {
        admitReverse.process(exchange, done -> {});
        Exception refused = exchange.getException();
        if (refused != null) {
            exchange.setException(null);
            throw refused;
        }
        translateReverse.process(exchange);
        correlate(exchange);
        send(exchange);
    }

    private void pass(Exchange exchange) throws Exception {
        admit.admit(exchange);
        choose.process(exchange);
        if (!exchange.isRouteStop()) {
            translate.process(exchange);
            correlate(exchange);
            send(exchange);
        }
    }

    private void correlate(Exchange exchange) {
        standby.correlate(exchange);
    }

    private void fail(Exchange exchange, Exception cause) {
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, cause);
        try {
            standby.fail(exchange);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void end(PendingRequest pending, Ending ending) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(pending.request());
        exchange.getMessage().setHeader(ProxyHeaders.REQUEST, pending);
        exchange.getMessage().setHeader(ProxyHeaders.ENDING, ending);
        correlate(exchange);
    }

    private void send(Exchange exchange) throws StanzaNotSentException {
        stream.send(exchange.getMessage().getBody(Stanza.class));
    }

    @Override
    public SimulatedLoop loop() {
        return loop;
    }

    @Override
    public InMemoryStream stream() {
        return stream;
    }

    @Override
    public PendingRequests pendingRequests() {
        return pendingRequests;
    }

    @Override
    public void pause() {
        pendingRequests.pause();
    }

    @Override
    public void resume() {
        pendingRequests.resume();
    }

    @Override
    public void retire(Jid resource) {
        tell(resource, pooled -> {
            pool.retire(pooled);
            pendingRequests.lookAgain();
        });
    }

    @Override
    public void restore(Jid resource) {
        tell(resource, pooled -> {
            ejections.restore(pooled);
            pool.restore(pooled);
            pendingRequests.lookAgain();
        });
    }

    private void tell(Jid resource, Consumer<PooledResource> wish) {
        PooledResource pooled = pool.find(resource);
        if (pooled != null) {
            loop.execute(() -> wish.accept(pooled));
            loop.runDue();
        }
    }

    @Override
    public void drain() {
        drain.contextStops();
        drain.deferShutdown(ShutdownRunningTask.CompleteCurrentTaskOnly);
        loop.runDue();
    }

    @Override
    public void stop() {
        drain.contextStops();
        drain.prepareShutdown(false, false);
        loop.runDue();
    }

    @Override
    public void close() {
        // There is no context to stop.
    }
}
