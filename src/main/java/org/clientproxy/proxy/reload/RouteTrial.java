package org.clientproxy.proxy.reload;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.processor.aggregate.MemoryAggregationRepository;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.LoggingExceptionHandler;
import org.apache.camel.support.SimpleRegistry;
import org.clientproxy.proxy.routes.Correlate;

/**
 * Builds and starts route files in a context of its own, which is thrown away: with the beans and the placeholders of the
 * live one, but endpoints that go nowhere. What fails here would have failed there, with routes stopped for it.
 */
public final class RouteTrial {
    private final CamelContext live;
    private final RouteFiles files;
    private final Supplier<? extends DefaultCamelContext> contexts;

    /** @param contexts makes a context like the live one, empty and not started */
    public RouteTrial(CamelContext live, RouteFiles files, Supplier<? extends DefaultCamelContext> contexts) {
        this.live = live;
        this.files = files;
        this.contexts = contexts;
    }

    /** @throws Exception where something is wrong with the files; it says what */
    void run(SortedMap<String, String> texts) throws Exception {
        DefaultCamelContext scratch = contexts.get();
        try {
            prepare(scratch);
            scratch.start();
            List<RouteDefinition> routes = new ArrayList<>();
            for (var file : texts.entrySet()) {
                routes.addAll(RouteFiles.routes(scratch, file.getKey(), file.getValue()));
            }
            files.check(routes);
            scratch.getCamelContextExtension().getContextPlugin(Model.class).addRouteDefinitions(routes);
        } finally {
            scratch.stop();
        }
    }

    private void prepare(DefaultCamelContext scratch) {
        scratch.getCamelContextExtension().setName(live.getName() + "-trial");
        // The live ones hold the requests that are pending, and know the aggregator that has them.
        SimpleRegistry stead = new SimpleRegistry();
        stead.bind(files.id("pending-requests"), new MemoryAggregationRepository());
        stead.bind(
                files.id("correlate"),
                new Correlate(new LoggingExceptionHandler(scratch, RouteTrial.class), exchange -> {}, () -> {}));
        scratch.getCamelContextExtension().setRegistry(new DefaultRegistry(stead, live.getRegistry()));
        scratch.disableJMX();
        scratch.getPropertiesComponent().addPropertiesSource(new Placeholders(live));
        scratch.getCamelContextExtension()
                .registerEndpointCallback(
                        (uri, endpoint) -> endpoint instanceof DirectEndpoint ? endpoint : new Nowhere(endpoint));
    }

    /** The live context's placeholders, by the same names. */
    private record Placeholders(CamelContext live) implements PropertiesSource {
        @Override
        public String getName() {
            return "live";
        }

        @Override
        @SuppressWarnings("NullAway") // Camel's way to say that there is none
        public String getProperty(String name) {
            return live.getPropertiesComponent().resolveProperty(name).orElse(null);
        }
    }

    /** An endpoint whose options were found right when it was made, and that is not used. */
    private static final class Nowhere extends DefaultEndpoint {
        Nowhere(Endpoint made) {
            setEndpointUri(made.getEndpointUri());
            setCamelContext(made.getCamelContext());
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) {
                    // Nothing comes here.
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            return new DefaultConsumer(this, processor);
        }
    }
}
