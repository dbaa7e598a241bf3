package org.clientproxy.observe;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.clientproxy.proxy.ClientProxy;
import org.clientproxy.proxy.stats.LatencyHistogram;
import org.clientproxy.proxy.stats.ResourceCounters;
import org.clientproxy.xmpp.Jid;

/**
 * The histograms, and what is counted per resource, made of the pool when Prometheus asks. So a resource that has left is
 * gone from the next answer, and no meter must be kept in step with the pool. Micrometer has no histogram over counts that
 * are kept elsewhere, hence Prometheus' own interface.
 *
 * <p>The label {@code resource} is at most {@value #RESOURCES} resources of each proxy, those that have been there longest;
 * the rest together are {@value #OTHER}.
 */
final class ResourceMetrics implements MultiCollector {
    static final int RESOURCES = 100;
    static final String OTHER = "other";

    private static final String LATENCY = "clientproxy_request_duration_seconds";
    private static final String WAITS = "clientproxy_queue_duration_seconds";
    private static final String RESOURCE_LATENCY = "clientproxy_resource_duration_seconds";
    private static final String RESOURCE_REQUESTS = "clientproxy_resource_requests";
    private static final String RESOURCE_ANSWERS = "clientproxy_resource_answers";

    private final List<ClientProxy> proxies;

    ResourceMetrics(List<ClientProxy> proxies) {
        this.proxies = proxies;
    }

    @Override
    public List<String> getPrometheusNames() {
        return List.of(LATENCY, WAITS, RESOURCE_LATENCY, RESOURCE_REQUESTS, RESOURCE_ANSWERS);
    }

    @Override
    public MetricSnapshots collect() {
        HistogramSnapshot.Builder latency = HistogramSnapshot.builder()
                .name(LATENCY)
                .help("From the arrival of a request to its answer, of whatever kind");
        HistogramSnapshot.Builder waits = HistogramSnapshot.builder()
                .name(WAITS)
                .help("For how long requests waited for a resource that found none at once");
        HistogramSnapshot.Builder resourceLatency = HistogramSnapshot.builder()
                .name(RESOURCE_LATENCY)
                .help("From the arrival of a request to the resource's result or error");
        CounterSnapshot.Builder requests =
                CounterSnapshot.builder().name(RESOURCE_REQUESTS).help("Requests sent to the resource");
        CounterSnapshot.Builder answers = CounterSnapshot.builder()
                .name(RESOURCE_ANSWERS)
                .help("Requests at the resource that have ended: its result or error, or an error of the proxy");
        for (ClientProxy proxy : proxies) {
            String domain = proxy.domain().toString();
            latency.dataPoint(histogram(
                    Labels.of("proxy", domain), List.of(proxy.counters().latency())));
            waits.dataPoint(histogram(
                    Labels.of("proxy", domain), List.of(proxy.queueCounters().waits())));
            labelled(proxy).forEach((resource, counters) -> {
                Labels labels = Labels.of("proxy", domain, "resource", resource);
                requests.dataPoint(point(
                        labels,
                        counters.stream().mapToLong(ResourceCounters::requests).sum()));
                answers.dataPoint(point(
                        labels.add("outcome", "result"),
                        counters.stream().mapToLong(ResourceCounters::results).sum()));
                answers.dataPoint(point(
                        labels.add("outcome", "error"),
                        counters.stream().mapToLong(ResourceCounters::errors).sum()));
                answers.dataPoint(point(
                        labels.add("outcome", "refused"),
                        counters.stream()
                                .mapToLong(ResourceCounters::unanswered)
                                .sum()));
                resourceLatency.dataPoint(histogram(
                        labels, counters.stream().map(ResourceCounters::latency).toList()));
            });
        }
        return MetricSnapshots.of(
                latency.build(), waits.build(), resourceLatency.build(), requests.build(), answers.build());
    }

    private static Map<String, List<ResourceCounters>> labelled(ClientProxy proxy) {
        Map<String, List<ResourceCounters>> labelled = new LinkedHashMap<>();
        for (Map.Entry<Jid, ResourceCounters> each : proxy.resourceCounters().entrySet()) {
            String label = labelled.size() < RESOURCES
                    ? Objects.requireNonNullElse(each.getKey().resource(), "")
                    : OTHER;
            labelled.computeIfAbsent(label, l -> new ArrayList<>()).add(each.getValue());
        }
        return labelled;
    }

    private static CounterDataPointSnapshot point(Labels labels, long value) {
        return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private static HistogramDataPointSnapshot histogram(Labels labels, List<LatencyHistogram> parts) {
        double[] bounds = LatencyHistogram.boundsSeconds();
        long[] counts = new long[bounds.length + 1];
        double seconds = 0;
        for (LatencyHistogram part : parts) {
            long[] more = part.counts();
            for (int i = 0; i < counts.length; i++) {
                counts[i] += more[i];
            }
            seconds += part.seconds();
        }
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < counts.length; i++) {
            buckets.bucket(i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY, counts[i]);
        }
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(buckets.build())
                .sum(seconds)
                .build();
    }
}
