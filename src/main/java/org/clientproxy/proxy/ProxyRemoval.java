package org.clientproxy.proxy;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.clientproxy.proxy.reload.RouteReload;
import org.clientproxy.proxy.routes.ClientProxyRoutes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one proxy out of a context that goes on: the others there, and their routes, do not notice. Afterwards a proxy of the
 * same name, domain and directory may be added. Not on the loop.
 */
final class ProxyRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyRemoval.class);

    /** How long a route may finish what it has, when nothing is pending any more. */
    private static final long STOP_SECONDS = 5;

    private final CamelContext context;
    private final ProxyParts parts;
    private final RouteBeans beans;
    private final ProxyLife life;
    private @Nullable RouteReload reload;

    ProxyRemoval(CamelContext context, ProxyParts parts, RouteBeans beans, ProxyLife life) {
        this.context = context;
        this.parts = parts;
        this.beans = beans;
        this.life = life;
    }

    /** The proxy has routes in files, which are looked at for edits. */
    void reloads(RouteReload files) {
        reload = files;
    }

    /** Drains as a stop of the whole context does, and undoes all that was added. */
    void run() throws Exception {
        if (reload != null) {
            context.removeService(reload);
            reload.stop();
        }
        life.drain();
        removeRoutes();
        parts.hooks.end();
        life.endWithout(context);
        parts.endpoint.remove();
        beans.unbind();
    }

    /** Where the stanzas come in first, so that nothing comes to a route that is gone. */
    private void removeRoutes() throws Exception {
        Set<String> ids = new LinkedHashSet<>(List.of(parts.settings.name() + "-stanzas"));
        if (reload != null) {
            ids.addAll(reload.routeIds());
        }
        ClientProxyRoutes.ROLES.forEach(role -> ids.add(parts.settings.name() + '-' + role));
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        for (String id : ids) {
            RouteDefinition route = model.getRouteDefinition(id);
            if (route != null) {
                if (!context.getRouteController().stopRoute(id, STOP_SECONDS, TimeUnit.SECONDS, false)) {
                    LOG.warn("the route {} did not finish within {} s", id, STOP_SECONDS);
                }
                model.removeRouteDefinition(route);
            }
        }
    }
}
