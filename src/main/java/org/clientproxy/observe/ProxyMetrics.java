package org.clientproxy.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.component.micrometer.eventnotifier.MicrometerRouteEventNotifier;
import org.apache.camel.component.micrometer.prometheus.MicrometerPrometheus;
import org.clientproxy.proxy.ClientProxy;
import org.clientproxy.proxy.stats.AttemptCounters;
import org.clientproxy.proxy.stats.ClusterFigures;
import org.clientproxy.proxy.stats.FeatureCounters;
import org.clientproxy.proxy.stats.LocalCounters;
import org.clientproxy.proxy.stats.MessageCounters;
import org.clientproxy.proxy.stats.PresenceCounters;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.proxy.stats.QueueCounters;
import org.clientproxy.proxy.stats.ReverseCounters;
import org.clientproxy.stream.StreamCounters;
import org.clientproxy.stream.StreamState;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one proxy. They are functions over counters that the proxy keeps anyhow, so stanzas pay nothing for them;
 * histograms and what is told per resource are {@link ResourceMetrics}. {@code docs/observing.md} lists all.
 */
final class ProxyMetrics implements MeterBinder {
    private static final String PREFIX = "clientproxy.";

    private final ClientProxy proxy;

    private ProxyMetrics(ClientProxy proxy) {
        this.proxy = proxy;
    }

    /** Camel's own metrics service, but without its meters of each route and exchange, which cost more than a request. */
    static void addService(CamelContext context) throws Exception {
        MicrometerPrometheus service = new MicrometerPrometheus();
        service.setCamelContext(context);
        service.setEnableRoutePolicy(false);
        service.setEnableExchangeEventNotifier(false);
        // There are no meters of routes that a reload could leave behind.
        service.setClearOnReload(false);
        context.addService(service, true, true);
        // What counts the routes is not to hear of each exchange, for which Camel would have to make events.
        context.getManagementStrategy().getEventNotifiers().stream()
                .filter(MicrometerRouteEventNotifier.class::isInstance)
                .forEach(notifier -> notifier.setIgnoreExchangeEvents(true));
    }

    static void bindResources(CamelContext context, List<ClientProxy> proxies) {
        if (registry(context) instanceof PrometheusMeterRegistry prometheus) {
            prometheus.getPrometheusRegistry().register(new ResourceMetrics(proxies));
        }
    }

    static void bind(CamelContext context, ClientProxy proxy) {
        MeterRegistry registry = registry(context);
        if (registry != null) {
            new ProxyMetrics(proxy).bindTo(registry);
        }
    }

    /** The proxy is there no more. */
    static void unbind(CamelContext context, ClientProxy proxy) {
        MeterRegistry registry = registry(context);
        if (registry != null) {
            String domain = proxy.domain().toString();
            registry.getMeters().stream()
                    .filter(meter -> meter.getId().getName().startsWith(PREFIX)
                            && domain.equals(meter.getId().getTag("proxy")))
                    .forEach(registry::remove);
        }
    }

    private static @Nullable MeterRegistry registry(CamelContext context) {
        return context.getRegistry()
                .lookupByNameAndType(MicrometerConstants.METRICS_REGISTRY_NAME, MeterRegistry.class);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        ProxyCounters counters = proxy.counters();
        StreamCounters stream = proxy.stream().counters();
        count(registry, "requests", "Requests read", counters, ProxyCounters::requests);
        count(
                registry,
                "replies",
                "IQ results and errors read, whatever became of them",
                counters,
                ProxyCounters::replies);
        count(registry, "retries", "Requests sent to another resource", counters, ProxyCounters::retries);
        for (ProxyCounters.Outcome outcome : ProxyCounters.Outcome.values()) {
            count(
                    registry,
                    "answers",
                    "Answers to requesters: a resource's result or error, or an error of the proxy",
                    counters,
                    each -> each.outcomes(outcome),
                    "outcome",
                    word(outcome));
        }
        FeatureCounters features = counters.features();
        count(
                registry,
                "features.queries",
                "Questions which features a session has",
                features,
                FeatureCounters::queries);
        for (FeatureCounters.Answer answer : FeatureCounters.Answer.values()) {
            count(
                    registry,
                    "features.answers",
                    "What the answers to these questions were worth",
                    features,
                    each -> each.answers(answer),
                    "worth",
                    word(answer));
        }
        PresenceCounters presence = counters.presence();
        for (PresenceCounters.Event event : PresenceCounters.Event.values()) {
            count(
                    registry,
                    "presence.events",
                    "What happened with the presence of users",
                    presence,
                    each -> each.events(event),
                    "event",
                    word(event));
        }
        gauge(
                registry,
                "presence.subscribers",
                "Accounts that have the proxy host in their rosters",
                ClientProxy::subscribers);
        gauge(
                registry,
                "presence.relayed",
                "Sessions of requesters that have something to do with a resource's presence",
                ClientProxy::relayedPresences);
        String dropped = "Stanzas dropped in silence";
        for (ProxyCounters.Drop reason : ProxyCounters.Drop.values()) {
            count(registry, "drops", dropped, counters, each -> each.drops(reason), "reason", word(reason));
        }
        for (StreamCounters.Drop reason : StreamCounters.Drop.values()) {
            count(registry, "drops", dropped, stream, each -> each.drops(reason), "reason", word(reason));
        }
        if (proxy.cluster() != null) {
            bindCluster(registry);
        }
        gauge(registry, "pending.requests", "Requests that wait for their answer", ClientProxy::pendingRequests);
        gauge(registry, "queued.requests", "Those of them that wait for a resource", ClientProxy::queuedRequests);
        for (QueueCounters.Refusal reason : QueueCounters.Refusal.values()) {
            count(
                    registry,
                    "queue.refusals",
                    "Requests that were refused for want of a resource",
                    proxy.queueCounters(),
                    each -> each.refusals(reason),
                    "reason",
                    word(reason));
        }
        count(
                registry,
                "attempts.timeouts",
                "How often a resource did not reply in the time that it had",
                proxy.attemptCounters(),
                AttemptCounters::timeouts);
        count(
                registry,
                "attempts.refusals",
                "How often a request went to another resource by proxy.retry-on",
                proxy.attemptCounters(),
                AttemptCounters::refusals);
        count(
                registry,
                "attempts.overtakings",
                "How often a slow resource answered before the one that was asked after it",
                proxy.attemptCounters(),
                AttemptCounters::overtakings);
        gauge(registry, "pending.octets", "Memory that these requests take", ClientProxy::pendingOctets);
        gauge(registry, "pool.resources", "Resources that can be chosen", ClientProxy::poolSize);
        bindReverse(registry, counters.reverse());
        bindLocal(registry, counters.local());
        bindMessages(registry, counters);
        gauge(
                registry,
                "pool.ejected",
                "Resources that their time-outs keep out of the choice",
                ClientProxy::ejectedResources);
        count(registry, "ejections", "How often a resource was taken out of the choice", proxy, ClientProxy::ejections);
        bindStream(registry, stream);
    }

    private void bindReverse(MeterRegistry registry, ReverseCounters reverse) {
        count(
                registry,
                "reverse.requests",
                "Requests of sessions of the target to requesters read",
                reverse,
                ReverseCounters::requests);
        for (ProxyCounters.Outcome outcome : ProxyCounters.Outcome.values()) {
            count(
                    registry,
                    "reverse.answers",
                    "Answers to them: a requester's result or error, or an error of the proxy",
                    reverse,
                    each -> each.outcomes(outcome),
                    "outcome",
                    word(outcome));
        }
        count(
                registry,
                "reverse.abandoned",
                "Those closed without an answer, for the session that asked has ended",
                reverse,
                ReverseCounters::abandoned);
        gauge(
                registry,
                "pending.reverse",
                "Of the requests that wait for their answer, those of sessions of the target",
                ClientProxy::pendingReverse);
    }

    private void bindLocal(MeterRegistry registry, LocalCounters local) {
        String answers = "Answers of the proxy host itself, by proxy.answer";
        count(registry, "local.answers", answers, local, LocalCounters::results, "outcome", "result");
        count(registry, "local.answers", answers, local, LocalCounters::refusals, "outcome", "refused");
    }

    private void bindMessages(MeterRegistry registry, ProxyCounters counters) {
        String messages = "Messages by what became of them: of requesters (in), and to requesters (out)";
        for (MessageCounters.Fate fate : MessageCounters.Fate.values()) {
            count(
                    registry,
                    "messages",
                    messages,
                    counters.messages(),
                    each -> each.of(fate),
                    "direction",
                    "in",
                    "fate",
                    word(fate));
            count(
                    registry,
                    "messages",
                    messages,
                    counters.reverseMessages(),
                    each -> each.of(fate),
                    "direction",
                    "out",
                    "fate",
                    word(fate));
        }
        gauge(
                registry,
                "messages.waiting",
                "Messages that wait until it is known who is there",
                ClientProxy::heldMessages);
        gauge(
                registry,
                "conversations",
                "Conversations of which it is remembered who holds them",
                ClientProxy::conversations);
    }

    private void bindStream(MeterRegistry registry, StreamCounters stream) {
        for (StreamState state : StreamState.values()) {
            gauge(
                    registry,
                    "stream.state",
                    "1 for the state that the stream is in, else 0",
                    each -> each.stream().state() == state ? 1 : 0,
                    "state",
                    word(state));
        }
        count(
                registry,
                "stream.reconnects",
                "How often the stream was ready again",
                stream,
                each -> Math.max(0, each.connections() - 1));
        count(
                registry,
                "stream.failures",
                "Connections that could not be made, or were lost",
                stream,
                StreamCounters::failures);
        count(registry, "stream.lost.answers", "Answers that never reached the server", stream, StreamCounters::lost);
        String stanzas = "Stanzas that passed the stream";
        count(registry, "stream.stanzas", stanzas, stream, StreamCounters::stanzasIn, "direction", "in");
        count(registry, "stream.stanzas", stanzas, stream, StreamCounters::stanzasOut, "direction", "out");
        String bytes = "Bytes that passed the stream, without TLS";
        count(registry, "stream.bytes", bytes, stream, StreamCounters::octetsIn, "direction", "in");
        count(registry, "stream.bytes", bytes, stream, StreamCounters::octetsOut, "direction", "out");
    }

    private <T> void count(
            MeterRegistry registry,
            String name,
            String description,
            T from,
            ToDoubleFunction<T> value,
            String... moreTags) {
        FunctionCounter.builder(PREFIX + name, from, value)
                .description(description)
                .tags(tags(moreTags))
                .register(registry);
    }

    private void bindCluster(MeterRegistry registry) {
        cluster(registry, "members", "Nodes that this one sees, itself included", figures -> figures.members()
                .size());
        cluster(registry, "acting", "1 while it has a majority", figures -> figures.acting() ? 1 : 0);
        cluster(registry, "standby", "1 while another node has the stream", figures -> figures.standby() ? 1 : 0);
        cluster(
                registry,
                "redundant",
                "1 while no node that this one sees has a request without a copy",
                figures -> figures.redundant() ? 1 : 0);
        cluster(registry, "owned", "Requests that are this node's", ClusterFigures::owned);
        cluster(registry, "held", "Copies of other nodes' requests", ClusterFigures::held);
        cluster(registry, "unprotected", "Requests that have no copy elsewhere", ClusterFigures::unprotected);
        cluster(registry, "turns", "Turns of the loop that wait for the other nodes", ClusterFigures::turns);
        cluster(registry, "taken.over", "Requests of other nodes taken over so far", ClusterFigures::takenOver);
        cluster(registry, "fenced", "Messages of another view passed over so far", ClusterFigures::fenced);
        cluster(registry, "unreadable", "Messages that could not be read so far", ClusterFigures::unreadable);
    }

    private void cluster(
            MeterRegistry registry, String name, String description, ToDoubleFunction<ClusterFigures> value) {
        gauge(registry, "cluster." + name, description, each -> {
            ClusterFigures figures = each.cluster();
            return figures == null ? 0 : value.applyAsDouble(figures);
        });
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<ClientProxy> value,
            String... moreTags) {
        Gauge.builder(PREFIX + name, proxy, value)
                .description(description)
                .tags(tags(moreTags))
                .register(registry);
    }

    private Tags tags(String... more) {
        return Tags.of("proxy", proxy.domain().toString()).and(more);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
