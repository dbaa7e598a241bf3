package org.clientproxy.observe;

import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.ManagementAgent;
import org.apache.camel.spi.ManagementInterceptStrategy;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;

/**
 * Has Camel instrument routes, but not each of their steps, where JMX shows no steps: it would look at the clock at each step, and
 * count what nobody can read, which takes a twentieth of the throughput.
 */
final class RouteStatistics extends LifecycleStrategySupport {
    private final ManagementAgent agent;

    private RouteStatistics(ManagementAgent agent) {
        this.agent = agent;
    }

    /** To be called with JMX on, before there are routes. */
    static void addTo(CamelContext context) {
        context.addLifecycleStrategy(
                new RouteStatistics(context.getManagementStrategy().getManagementAgent()));
    }

    @Override
    public void onRouteContextCreate(Route route) {
        ManagementInterceptStrategy ofAll = route.getManagementInterceptStrategy();
        if (ofAll != null && !agent.getMBeansLevel().isProcessors()) {
            route.setManagementInterceptStrategy(new OfRoutes(ofAll));
        }
    }

    private record OfRoutes(ManagementInterceptStrategy ofAll) implements ManagementInterceptStrategy {
        @Override
        @SuppressWarnings("NullAway") // Camel takes null for "none".
        public @Nullable InstrumentationProcessor<?> createProcessor(NamedNode step, Processor target) {
            return null;
        }

        @Override
        public InstrumentationProcessor<?> createProcessor(String type) {
            return ofAll.createProcessor(type);
        }
    }
}
