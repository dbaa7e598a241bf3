package org.clientproxy.proxy.reload;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RouteController;
import org.clientproxy.proxy.routes.Standstill;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces routes of a running proxy by others. Meanwhile the proxy stands still. The route {@code correlate} is never replaced.
 */
public final class RouteSwap {
    private static final Logger LOG = LoggerFactory.getLogger(RouteSwap.class);

    /** How long requests may be away at the gate before the swap is put off. */
    private static final long GATE_SECONDS = 5;

    /** How long a route of the operator's may finish what it has, while stanzas wait. */
    private static final long STOP_SECONDS = 2;

    private final CamelContext context;
    private final Model model;
    private final Standstill standstill;
    private final String stanzas;

    /** @param stanzas the id of the route that begins with the stream */
    public RouteSwap(CamelContext context, Standstill standstill, String stanzas) {
        this.context = context;
        this.model = context.getCamelContextExtension().getContextPlugin(Model.class);
        this.standstill = standstill;
        this.stanzas = stanzas;
    }

    /**
     * Replaces these routes by those; not on the loop. Where one of those cannot be started, these are back at the end. A
     * route that somebody has stopped, and that is not replaced, stays stopped.
     *
     * @return false where nothing was done, since the loop was busy or requests were away at the gate for too long
     * @throws Exception why one of those cannot be started
     */
    boolean replace(List<RouteDefinition> before, List<RouteDefinition> after) throws Exception {
        try (Standstill.Entered entered = standstill.enter()) {
            if (!entered.await(GATE_SECONDS)) {
                LOG.debug("the loop was busy for {} s", GATE_SECONDS);
                return false;
            }
            return replaceAtRest(before, after);
        }
    }

    private boolean replaceAtRest(List<RouteDefinition> before, List<RouteDefinition> after) throws Exception {
        RouteController controller = context.getRouteController();
        boolean started = controller.getRouteStatus(stanzas).isStarted();
        if (started && !controller.stopRoute(stanzas, GATE_SECONDS, TimeUnit.SECONDS, true)) {
            return false;
        }
        try {
            exchange(before, after);
        } catch (Exception e) {
            undo(before, after, e);
            throw e;
        } finally {
            if (started) {
                controller.startRoute(stanzas);
            }
        }
        return true;
    }

    private void undo(List<RouteDefinition> before, List<RouteDefinition> after, Exception why) {
        try {
            exchange(after, before);
        } catch (Exception e) {
            why.addSuppressed(e);
            LOG.error("the routes before an edit cannot be started again, so a restart is needed", e);
        }
    }

    private void exchange(List<RouteDefinition> before, List<RouteDefinition> after) throws Exception {
        for (RouteDefinition route : before) {
            if (model.getRouteDefinition(route.getRouteId()) != null) {
                context.getRouteController().stopRoute(route.getRouteId(), STOP_SECONDS, TimeUnit.SECONDS);
                model.removeRouteDefinition(route);
            }
        }
        model.addRouteDefinitions(after);
    }
}
