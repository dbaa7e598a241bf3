package org.clientproxy.proxy.hooks;

import java.util.Collection;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.support.LifecycleStrategySupport;

/** The extension points of one proxy, kept current by Camel: a route is seen before it starts, whenever it is added. */
public final class Hooks extends LifecycleStrategySupport {
    /** The gate: what its route throws refuses the request. */
    public final Hook requestAdmitted;

    /** The gate of the requests that sessions of the target begin. */
    public final Hook reverseAdmitted;

    /** The gate of messages, of both directions. */
    public final Hook messageAdmitted;

    /** Hears of each answer that was given to the stream. */
    final Hook answered;

    /** Hears of each change of the resources that can be chosen. */
    final Hook poolChanged;

    /** Hears of each change of the stream's state. */
    final Hook streamChanged;

    private final CamelContext context;
    private final List<Hook> all;

    /** @param name the proxy's name, with which the names of the endpoints begin */
    public Hooks(CamelContext context, String name) {
        this.context = context;
        requestAdmitted = new Hook(context, name + "-request-admitted", true);
        reverseAdmitted = new Hook(context, name + "-reverse-admitted", true);
        messageAdmitted = new Hook(context, name + "-message-admitted", true);
        answered = new Hook(context, name + "-answered", false);
        poolChanged = new Hook(context, name + "-pool-changed", false);
        streamChanged = new Hook(context, name + "-stream-changed", false);
        all = List.of(requestAdmitted, reverseAdmitted, messageAdmitted, answered, poolChanged, streamChanged);
        context.addLifecycleStrategy(this);
        // In a context that runs already, routes that listen may be there before the proxy.
        onRoutesAdd(context.getRoutes());
    }

    /** The proxy is taken out of its context. */
    public void end() {
        context.getLifecycleStrategies().remove(this);
        onRoutesRemove(context.getRoutes());
    }

    @Override
    public void onRoutesAdd(Collection<Route> routes) {
        routes.forEach(route -> all.forEach(hook -> hook.added(route)));
    }

    @Override
    public void onRoutesRemove(Collection<Route> routes) {
        routes.forEach(route -> all.forEach(hook -> hook.removed(route)));
    }
}
