package org.clientproxy.proxy.hooks;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.RollbackExchangeException;
import org.apache.camel.Route;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.support.DefaultExchange;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.xmpp.StanzaErrorException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One extension point: whether a route of the operator listens at its {@code direct:} endpoint, and the way there. Without
 * such a route it is one volatile field that is null. Routes come and go on any thread, the rest happens on the loop.
 */
final class Hook {
    private static final Logger LOG = LoggerFactory.getLogger(Hook.class);

    private final CamelContext context;
    private final String address;
    private final boolean required;
    private final Set<Route> routes = Collections.newSetFromMap(new IdentityHashMap<>());
    private volatile @Nullable AsyncProducer producer;
    // A listener may end on a thread of its own.
    private volatile boolean failing;

    /**
     * @param name the name of the {@code direct:} endpoint
     * @param required whether it is a failure when the route that listens is stopped
     */
    Hook(CamelContext context, String name, boolean required) {
        this.context = context;
        this.address = "direct://" + name;
        this.required = required;
    }

    /** The way to the route that listens; null where there is none. Any thread. */
    @Nullable
    AsyncProducer producer() {
        return producer;
    }

    /** Whether there are routes that listen, and all of them are stopped, or not started yet. */
    synchronized boolean isUnattended() {
        return !routes.isEmpty()
                && routes.stream().noneMatch(route -> {
                    var status = context.getRouteController().getRouteStatus(route.getId());
                    return status != null && status.isStarted();
                });
    }

    /** A route is there from now on; it may be started later. */
    synchronized void added(Route route) {
        if (address.equals(route.getEndpoint().getEndpointBaseUri()) && routes.add(route) && producer == null) {
            try {
                // It must not wait for a route that is stopped: it would hold up the loop, and all stanzas with it.
                AsyncProducer made = context.getEndpoint(address + "?block=false&failIfNoConsumers=" + required)
                        .createAsyncProducer();
                made.start();
                producer = made;
            } catch (Exception e) {
                throw new IllegalStateException("cannot reach " + address, e);
            }
        }
    }

    synchronized void removed(Route route) {
        AsyncProducer before = producer;
        if (routes.remove(route) && routes.isEmpty() && before != null) {
            producer = null;
            before.stop();
        }
    }

    /** The exchange has been at the route: what remains of that is whether it failed. On the loop. */
    void restore(Exchange exchange) {
        exchange.setPattern(ExchangePattern.InOnly);
        // These would end our routes too, without an answer.
        exchange.setRouteStop(false);
        exchange.getExchangeExtension().setErrorHandlerHandled(null);
        if (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
            exchange.setRollbackOnly(false);
            exchange.setRollbackOnlyLast(false);
            if (exchange.getException() == null) {
                exchange.setException(new RollbackExchangeException("rolled back by the hook", exchange));
            }
        }
        if (exchange.getException() instanceof DirectConsumerNotAvailableException && isUnattended()) {
            // Stopped, or not started yet. A gate that is there lets nobody pass unseen.
            exchange.setException(new StanzaErrorException(ProxyErrors.PAUSED));
        }
    }

    /** Tells the route that listens, if there is one, by an exchange of its own. What it throws is logged. On the loop. */
    void tell(Consumer<Message> contents) {
        AsyncProducer listener = producer;
        if (listener == null) {
            return;
        }
        Exchange event = new DefaultExchange(context, ExchangePattern.InOnly);
        try {
            contents.accept(event.getMessage());
            listener.process(event, done -> told(event.getException()));
        } catch (RuntimeException e) {
            told(e);
        }
    }

    /** One line for the first of many failures in a row: a listener that is broken fails at each event. */
    private void told(@Nullable Exception failure) {
        if (failure != null) {
            if (failing) {
                LOG.debug("the route at {} failed again", address, failure);
            } else {
                LOG.warn("the route at {} failed; that it fails again is logged at DEBUG", address, failure);
            }
        }
        failing = failure != null;
    }
}
