package org.clientproxy.proxy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RouteController;
import org.clientproxy.component.XmppComponentEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces routes of a running proxy by others. Meanwhile nothing moves: stanzas wait unread, endings are postponed, the
 * pending requests stay where they are, and the stream stays up. The route {@code correlate} is never replaced.
 */
final class RouteSwap {
    private static final Logger LOG = LoggerFactory.getLogger(RouteSwap.class);

    /** How long requests may be away at the gate before the swap is put off. */
    private static final long GATE_SECONDS = 5;

    /** How long a route of the operator's may finish what it has, while stanzas wait. */
    private static final long STOP_SECONDS = 2;

    private final CamelContext context;
    private final Model model;
    private final XmppComponentEndpoint endpoint;
    private final Drain drain;
    private final RouteEndings endings;
    private final String stanzas;

    /** @param stanzas the id of the route that begins with the stream */
    RouteSwap(CamelContext context, XmppComponentEndpoint endpoint, Drain drain, RouteEndings endings, String stanzas) {
        this.context = context;
        this.model = context.getCamelContextExtension().getContextPlugin(Model.class);
        this.endpoint = endpoint;
        this.drain = drain;
        this.endings = endings;
        this.stanzas = stanzas;
    }

    /**
     * Replaces these routes by those; not on the loop. Where one of those cannot be started, these are back at the end.
     *
     * @return false where requests were away at the gate for too long, and nothing was done
     * @throws Exception why one of those cannot be started
     */
    boolean replace(List<RouteDefinition> before, List<RouteDefinition> after) throws Exception {
        RouteController controller = context.getRouteController();
        drain.bypass(true);
        CompletableFuture<Void> held = endpoint.holdStanzas().toCompletableFuture();
        endpoint.stream().loop().execute(endings::postpone);
        try {
            held.get(GATE_SECONDS, TimeUnit.SECONDS);
            if (!controller.stopRoute(stanzas, GATE_SECONDS, TimeUnit.SECONDS, true)) {
                return false;
            }
            try {
                exchange(before, after);
            } catch (Exception e) {
                undo(before, after, e);
                throw e;
            } finally {
                controller.startRoute(stanzas);
            }
            return true;
        } finally {
            drain.bypass(false);
            endpoint.stream().loop().execute(endings::resume);
            endpoint.releaseStanzas();
        }
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
