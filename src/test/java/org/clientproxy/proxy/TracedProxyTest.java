package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.BOB;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenTelemetry sees all that belongs to one request as one trace. */
class TracedProxyTest {
    private static final AttributeKey<String> ID = AttributeKey.stringKey("xmpp.id");

    @TempDir
    Path dataDir;

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

    private CamelContext traced(boolean addresses) {
        CamelContext context = new DefaultCamelContext();
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build();
        context.getRegistry().bind("tracer", Tracer.class, provider.get("test"));
        context.getRegistry()
                .bind(
                        "propagators",
                        ContextPropagators.class,
                        ContextPropagators.create(W3CTraceContextPropagator.getInstance()));
        context.getPropertiesComponent().addInitialProperty("trace.addresses", "" + addresses);
        new OpenTelemetryTracer().init(context);
        return context;
    }

    private List<SpanData> stanzas() {
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> "xmpp-component".equals(span.getName()))
                .toList();
    }

    @Test
    void theFourLegsOfAnExchangeAreOneTrace() throws Exception {
        try (ProxyFixture proxy = ProxyFixture.start(traced(false), dataDir).ready(A)) {
            exporter.reset();
            proxy.get(ALICE, "first");
            var forwardedFirst = proxy.onlySent();
            proxy.get(BOB, "second");
            var forwardedSecond = proxy.onlySent();
            proxy.result(forwardedFirst);
            proxy.result(forwardedSecond);
            assertThat(proxy.sent()).hasSize(2);

            List<String> traces = new ArrayList<>();
            for (String id : List.of("first", "second")) {
                List<SpanData> legs = stanzas().stream()
                        .filter(span -> id.equals(span.getAttributes().get(ID)))
                        .toList();
                assertThat(legs).hasSize(4);
                Set<String> trace = legs.stream().map(SpanData::getTraceId).collect(Collectors.toSet());
                assertThat(trace).hasSize(1);
                traces.addAll(trace);
                assertThat(legs)
                        .filteredOn(
                                leg -> "result".equals(leg.getAttributes().get(AttributeKey.stringKey("xmpp.outcome"))))
                        .hasSize(2);
                assertThat(legs)
                        .anyMatch(leg -> "a".equals(leg.getAttributes().get(AttributeKey.stringKey("xmpp.resource"))));
            }
            assertThat(traces).doesNotHaveDuplicates();
            assertThat(exporter.getFinishedSpanItems().toString())
                    .doesNotContain("alice@")
                    .doesNotContain("=secret");
        }
    }

    @Test
    void anAnswerToATimeoutBelongsToTheTraceOfItsRequest() throws Exception {
        try (ProxyFixture proxy = ProxyFixture.start(traced(false), dataDir).ready(A)) {
            exporter.reset();
            proxy.get(ALICE, "late");
            proxy.pass(Duration.ofSeconds(61));
            List<SpanData> legs = stanzas().stream()
                    .filter(span -> "late".equals(span.getAttributes().get(ID)))
                    .toList();
            assertThat(legs).hasSize(3);
            assertThat(legs.stream().map(SpanData::getTraceId).distinct()).hasSize(1);
        }
    }

    @Test
    void addressesAreToldWhereAKeyAllowsIt() throws Exception {
        try (ProxyFixture proxy = ProxyFixture.start(traced(true), dataDir).ready(A)) {
            exporter.reset();
            proxy.get(ALICE, "1");
            assertThat(stanzas())
                    .anyMatch(span -> ALICE.equals(span.getAttributes().get(AttributeKey.stringKey("xmpp.from"))));
        }
    }
}
