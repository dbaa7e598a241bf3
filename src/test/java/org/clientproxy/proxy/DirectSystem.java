package org.clientproxy.proxy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.ExchangeHelper;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;

/** The steps of the proxy without Camel's routes: each is called by hand, in the order in which the routes name it. */
final class DirectSystem implements ModelSystem {
    private final CamelContext context = new DefaultCamelContext(false);
    private final SimulatedLoop loop = new SimulatedLoop();
    private final InMemoryStream stream = new InMemoryStream(null, loop);
    private final ProxyCounters counters = new ProxyCounters();
    private final ResourcePool pool;
    private final PendingRequests pendingRequests;
    private final TargetSubscription subscription;
    private final Drain drain;
    private final StanzaSorter sorter;
    private final DropStanza drop = new DropStanza(counters);
    private final AdmitRequest admit;
    private final AttemptRequest attempt;
    private final ReceivePresence presence;
    private final AnswerUnsupported refuse;
    private final Correlation correlation;
    private final Decide decide;
    private final AnswerRequest translateReply;
    private final FailRequest fail;

    DirectSystem(Path dataDir, ProxySettings settings, Random random) {
        JatCodec jat = new JatCodec(settings.domain(), JatKeys.of(settings));
        pool = new ResourcePool(settings.selection(), random);
        pendingRequests = new PendingRequests(loop, pool, PendingStore.MEMORY, settings);
        Hooks hooks = new Hooks(context, settings.name());
        ProxyEvents events = new ProxyEvents(hooks, stream, settings);
        translateReply =
                new AnswerRequest(pendingRequests, loop, counters, new RecentErrors(() -> Instant.EPOCH), events);
        subscription = new TargetSubscription(settings, loop, pool, pendingRequests, (type, to) -> {
            try {
                stream.send(Stanza.of(
                        Stanza.Kind.PRESENCE,
                        type.isEmpty() ? null : type,
                        null,
                        settings.domain().toString(),
                        to.toString(),
                        ""));
            } catch (StanzaNotSentException e) {
                // As the proxy does: a stream that is down swallows presences.
            }
        });
        sorter = new StanzaSorter(settings, jat);
        refuse = new AnswerUnsupported(sorter);
        drain = new Drain(
                stream,
                pendingRequests,
                subscription,
                settings.drainTimeout(),
                request -> sorter.sort(request) == StanzaSort.REQUEST);
        admit = new AdmitRequest(
                pendingRequests,
                new AccessRules(List.of(), List.of()),
                loop,
                counters,
                settings,
                false,
                new Gate(hooks.requestAdmitted, pendingRequests, loop));
        attempt = new AttemptRequest(
                pool,
                pendingRequests,
                jat,
                loop,
                () -> {
                    byte[] id = new byte[16];
                    random.nextBytes(id);
                    return id;
                },
                settings,
                false);
        presence = new ReceivePresence(subscription);
        correlation = new Correlation(loop, counters);
        decide = new Decide(new Attempts(pool, loop, settings), counters, settings, subscription::suspect);
        fail = new FailRequest(pendingRequests, loop, events);
        pendingRequests.endingsTo(this::end);
        stream.onStanza(this::receive);
        stream.addStreamListener((before, now) -> {
            if (now == StreamState.READY) {
                subscription.streamReady();
            } else if (before == StreamState.READY) {
                subscription.streamDown();
            }
        });
    }

    private void receive(Stanza stanza) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(stanza);
        try {
            switch (sorter.sort(stanza)) {
                case REQUEST -> {
                    admit.admit(exchange);
                    attempt(exchange);
                }
                case REPLY -> correlate(exchange);
                case TARGET_PRESENCE -> presence.process(exchange);
                case UNSUPPORTED -> {
                    refuse.process(exchange);
                    send(exchange);
                }
                case IGNORED -> drop.process(exchange);
            }
        } catch (Exception e) {
            fail(exchange, e);
        }
    }

    private void attempt(Exchange exchange) throws Exception {
        attempt.process(exchange);
        if (!exchange.isRouteStop()) {
            correlate(exchange);
            send(exchange);
        }
    }

    /** What the Aggregate EIP does with a repository, a strategy and a completion predicate. */
    private void correlate(Exchange arriving) {
        Exchange copy = ExchangeHelper.createCopy(arriving, true);
        String key = Objects.requireNonNull(CorrelationKey.of(copy.getMessage()));
        Exchange group = correlation.aggregate(pendingRequests.get(context, key), copy);
        if (!correlation.matches(group)) {
            pendingRequests.add(context, key, group);
            return;
        }
        pendingRequests.remove(context, key, group);
        try {
            decide.process(group);
            String verdict = group.getMessage().getHeader(ProxyHeaders.VERDICT, String.class);
            if ("answer".equals(verdict)) {
                translateReply.process(group);
                send(group);
            } else if ("attempt".equals(verdict)) {
                attempt(group);
            }
        } catch (Exception e) {
            fail(group, e);
        }
    }

    private void fail(Exchange exchange, Exception cause) {
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, cause);
        fail.process(exchange);
        Object verdict = exchange.getMessage().getHeader(ProxyHeaders.VERDICT);
        if ("settle".equals(verdict)) {
            correlate(exchange);
        } else if ("answer".equals(verdict)) {
            try {
                send(exchange);
            } catch (StanzaNotSentException e) {
                throw new IllegalStateException(e);
            }
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
    public void drain() {
        drain.deferShutdown(ShutdownRunningTask.CompleteCurrentTaskOnly);
        loop.runDue();
    }

    @Override
    public void stop() {
        drain.prepareShutdown(false, false);
        loop.runDue();
    }

    @Override
    public void close() {
        // There is no context to stop.
    }
}
