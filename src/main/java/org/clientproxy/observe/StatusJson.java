package org.clientproxy.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.clientproxy.proxy.ClientProxy;
import org.clientproxy.proxy.ProxyStatus;
import org.clientproxy.proxy.stats.ClusterFigures;
import org.clientproxy.proxy.stats.LatencyHistogram;
import org.clientproxy.proxy.stats.MessageCounters;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.proxy.stats.QueueCounters;
import org.clientproxy.proxy.stats.ResourceCounters;
import org.clientproxy.stream.StreamCounters;

/** The proxies as JSON, for the developer console and the status page. Counts are since the start; rates are the reader's. */
final class StatusJson {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** So many features of a resource are named. */
    private static final int NAMED_FEATURES = 100;

    private StatusJson() {}

    /** Waits for the loops of the proxies, so it must not be called on one. */
    static JsonObject of(List<ClientProxy> proxies) {
        JsonArray all = new JsonArray();
        proxies.forEach(proxy -> all.add(of(proxy)));
        JsonArray bounds = new JsonArray();
        for (double bound : LatencyHistogram.boundsSeconds()) {
            bounds.add(bound);
        }
        JsonObject root = new JsonObject();
        root.put("latencyBounds", bounds);
        root.put("proxies", all);
        return root;
    }

    private static JsonObject of(ClientProxy proxy) {
        ProxyStatus status;
        try {
            status = proxy.status().toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException | RejectedExecutionException e) {
            return failed(proxy, "the event loop does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(proxy, "interrupted");
        }
        ProxyCounters counters = proxy.counters();
        StreamCounters streamCounters = proxy.stream().counters();
        JsonObject stream = new JsonObject();
        stream.put("state", word(status.stream()));
        stream.put("lastFailure", status.lastFailure());
        stream.put("connections", streamCounters.connections());
        stream.put("failures", streamCounters.failures());
        stream.put("stanzasIn", streamCounters.stanzasIn());
        stream.put("stanzasOut", streamCounters.stanzasOut());
        stream.put("bytesIn", streamCounters.octetsIn());
        stream.put("bytesOut", streamCounters.octetsOut());
        JsonObject drops = new JsonObject();
        for (ProxyCounters.Drop reason : ProxyCounters.Drop.values()) {
            drops.put(word(reason), counters.drops(reason));
        }
        for (StreamCounters.Drop reason : StreamCounters.Drop.values()) {
            drops.put(word(reason), streamCounters.drops(reason));
        }
        JsonObject refusals = new JsonObject();
        JsonObject json = new JsonObject();
        json.put("name", proxy.name());
        json.put("domain", status.domain().toString());
        json.put("target", status.target().toString());
        json.put("stream", stream);
        json.put("poolConfirmed", status.confirmed());
        json.put("paused", status.paused());
        json.put("pending", status.pending());
        json.put("queued", status.queued());
        for (QueueCounters.Refusal reason : QueueCounters.Refusal.values()) {
            refusals.put(word(reason), proxy.queueCounters().refusals(reason));
        }
        json.put("queueRefusals", refusals);
        json.put("queueWaits", latency(proxy.queueCounters().waits()));
        json.put("requests", counters.requests());
        json.put("replies", counters.replies());
        json.put("retries", counters.retries());
        json.put("ejections", proxy.ejections());
        json.put("results", counters.outcomes(ProxyCounters.Outcome.RESULT));
        json.put("errors", counters.outcomes(ProxyCounters.Outcome.ERROR));
        json.put("refused", counters.outcomes(ProxyCounters.Outcome.REFUSED));
        JsonObject reverse = new JsonObject();
        reverse.put("requests", counters.reverse().requests());
        reverse.put("pending", proxy.pendingReverse());
        reverse.put("results", counters.reverse().outcomes(ProxyCounters.Outcome.RESULT));
        reverse.put("errors", counters.reverse().outcomes(ProxyCounters.Outcome.ERROR));
        reverse.put("refused", counters.reverse().outcomes(ProxyCounters.Outcome.REFUSED));
        reverse.put("abandoned", counters.reverse().abandoned());
        json.put("reverse", reverse);
        JsonObject local = new JsonObject();
        local.put("results", counters.local().results());
        local.put("refused", counters.local().refusals());
        json.put("local", local);
        JsonObject messages = messages(counters.messages());
        messages.put("waiting", proxy.heldMessages());
        messages.put("conversations", proxy.conversations());
        json.put("messages", messages);
        json.put("reverseMessages", messages(counters.reverseMessages()));
        json.put("cluster", proxy.cluster() == null ? null : of(proxy.cluster()));
        json.put("presence", status.presence() == null ? null : of(status.presence()));
        json.put("drops", drops);
        json.put("latency", latency(counters.latency()));
        JsonArray resources = new JsonArray();
        status.resources().forEach(each -> resources.add(of(each)));
        json.put("resources", resources);
        JsonArray errors = new JsonArray();
        status.errors().forEach(each -> {
            JsonObject error = new JsonObject();
            error.put("time", each.time().toString());
            error.put("about", each.about());
            error.put("what", each.what());
            errors.add(error);
        });
        json.put("lastErrors", errors);
        return json;
    }

    private static JsonObject messages(MessageCounters counters) {
        JsonObject json = new JsonObject();
        for (MessageCounters.Fate fate : MessageCounters.Fate.values()) {
            json.put(word(fate), counters.of(fate));
        }
        return json;
    }

    private static JsonObject of(ClusterFigures figures) {
        JsonObject json = new JsonObject();
        json.put("node", figures.node());
        json.put("nodes", figures.nodes());
        json.put("members", new JsonArray(figures.members()));
        json.put("streams", new JsonArray(figures.streams()));
        json.put("acting", figures.acting());
        json.put("standby", figures.standby());
        json.put("redundant", figures.redundant());
        json.put("owned", figures.owned());
        json.put("held", figures.held());
        json.put("unprotected", figures.unprotected());
        json.put("takenOver", figures.takenOver());
        return json;
    }

    private static JsonObject of(ProxyStatus.Presence presence) {
        JsonObject json = new JsonObject();
        json.put("shown", presence.shown());
        json.put("subscribers", presence.subscribers());
        json.put("relayed", presence.relayed());
        return json;
    }

    private static JsonObject of(ProxyStatus.Resource resource) {
        ResourceCounters counters = resource.counters();
        JsonObject json = new JsonObject();
        json.put("jid", resource.jid().toString());
        json.put("resource", resource.jid().resource());
        json.put("show", resource.show());
        json.put("priority", resource.priority());
        json.put("available", resource.available());
        json.put("avoided", resource.avoided());
        json.put("retired", resource.retired());
        json.put("state", resource.state());
        json.put("ejected", resource.ejected());
        json.put("timeouts", resource.timeouts());
        json.put("pending", resource.pending());
        json.put("capacity", resource.capacity());
        json.put("requests", counters.requests());
        json.put("results", counters.results());
        json.put("errors", counters.errors());
        json.put("unanswered", counters.unanswered());
        json.put("latency", latency(counters.latency()));
        json.put("features", resource.features() == null ? null : of(resource.features()));
        return json;
    }

    private static JsonObject of(ProxyStatus.Features features) {
        JsonArray names = new JsonArray();
        features.namespaces().stream().limit(NAMED_FEATURES).forEach(names::add);
        JsonObject json = new JsonObject();
        json.put("known", features.known());
        json.put("count", features.namespaces().size());
        json.put("names", names);
        return json;
    }

    private static JsonObject latency(LatencyHistogram histogram) {
        List<Object> counts = new ArrayList<>();
        for (long count : histogram.counts()) {
            counts.add(count);
        }
        JsonObject json = new JsonObject();
        json.put("counts", new JsonArray(counts));
        json.put("seconds", histogram.seconds());
        return json;
    }

    private static JsonObject failed(ClientProxy proxy, String why) {
        JsonObject json = new JsonObject();
        json.put("name", proxy.name());
        json.put("domain", proxy.domain().toString());
        json.put("failure", why);
        return json;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
