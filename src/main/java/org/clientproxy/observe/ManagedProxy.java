package org.clientproxy.observe;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.api.management.mbean.ManagedAggregateProcessorMBean;
import org.apache.camel.management.DefaultManagementObjectStrategy;
import org.apache.camel.spi.ManagementAgent;
import org.clientproxy.proxy.ClientProxy;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/** One proxy in JMX: {@code org.apache.camel:context=CONTEXT,type=client-proxy,name="NAME"}. Any thread. */
@ManagedResource(description = "Client proxy")
public final class ManagedProxy {
    private static final long LIMIT_SECONDS = 5;

    private final ClientProxy proxy;

    private ManagedProxy(ClientProxy proxy) {
        this.proxy = proxy;
    }

    /** The groups of pending requests are no MBean: its operation that discards one would lose an answer. */
    static void hideGroups(CamelContext context) {
        context.getManagementStrategy().setManagementObjectStrategy(new DefaultManagementObjectStrategy() {
            @Override
            public @Nullable Object getManagedObjectForProcessor(
                    CamelContext owner, Processor processor, NamedNode definition, Route route) {
                Object managed = super.getManagedObjectForProcessor(owner, processor, definition, route);
                return managed instanceof ManagedAggregateProcessorMBean ? null : managed;
            }
        });
    }

    static void register(CamelContext context, List<ClientProxy> proxies) throws Exception {
        ManagementAgent agent = context.getManagementStrategy().getManagementAgent();
        for (ClientProxy proxy : proxies) {
            ObjectName name = new ObjectName(agent.getMBeanObjectDomainName() + ":context="
                    + context.getManagementName() + ",type=client-proxy,name=" + ObjectName.quote(proxy.name()));
            agent.register(new ManagedProxy(proxy), name);
        }
    }

    @ManagedAttribute(description = "The proxy host")
    public String getDomain() {
        return proxy.domain().toString();
    }

    @ManagedAttribute(description = "The account whose sessions answer")
    public String getTarget() {
        return proxy.target().toString();
    }

    @ManagedAttribute(description = "The state of the stream to the server")
    public String getStreamState() {
        return proxy.stream().state().name().toLowerCase(Locale.ROOT);
    }

    @ManagedAttribute(description = "Why the stream last went down, or nothing")
    public @Nullable String getLastFailure() {
        return proxy.stream().lastFailure();
    }

    @ManagedAttribute(description = "Requests read since the start")
    public long getRequests() {
        return proxy.counters().requests();
    }

    @ManagedAttribute(description = "Requests answered with a resource's result since the start")
    public long getResults() {
        return proxy.counters().outcomes(ProxyCounters.Outcome.RESULT);
    }

    @ManagedAttribute(description = "Requests answered with a resource's error since the start")
    public long getErrors() {
        return proxy.counters().outcomes(ProxyCounters.Outcome.ERROR);
    }

    @ManagedAttribute(description = "Requests answered with an error of the proxy since the start")
    public long getRefused() {
        return proxy.counters().outcomes(ProxyCounters.Outcome.REFUSED);
    }

    @ManagedAttribute(description = "Requests that wait for their answer")
    public int getPendingRequests() {
        return proxy.pendingRequests();
    }

    @ManagedAttribute(description = "Requests that wait for a resource")
    public int getQueuedRequests() {
        return proxy.queuedRequests();
    }

    @ManagedAttribute(description = "The memory that these requests take, in octets")
    public long getPendingOctets() {
        return proxy.pendingOctets();
    }

    @ManagedAttribute(description = "The addresses of the resources in the pool")
    public String[] getResources() {
        return proxy.resourceCounters().keySet().stream().map(Jid::toString).toArray(String[]::new);
    }

    @ManagedAttribute(description = "Whether new requests are refused on an operator's word")
    public boolean isPaused() {
        return proxy.isPaused();
    }

    @ManagedOperation(description = "Refuses new requests; what is pending is answered")
    public void pause() {
        proxy.pause();
    }

    @ManagedOperation(description = "Takes new requests again")
    public void resume() {
        proxy.resume();
    }

    @ManagedOperation(
            description = "Gives a resource no new requests until it leaves; say its full address or its resource")
    public void retire(String resource) {
        tell(resource, proxy::retire);
    }

    @ManagedOperation(description = "Gives a retired resource new requests again")
    public void restore(String resource) {
        tell(resource, proxy::restore);
    }

    @ManagedOperation(description = "Ends the stream to the server and makes another")
    public void reconnect() {
        proxy.stream().reconnect();
    }

    private void tell(String resource, Function<Jid, CompletionStage<Boolean>> wish) {
        boolean there;
        try {
            there = wish.apply(address(resource))
                    .toCompletableFuture()
                    .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException("the event loop does not answer");
        }
        if (!there) {
            throw new IllegalArgumentException(resource + " is not in the pool of " + proxy.target());
        }
    }

    /** A resource may look like an address itself; the address in the pool that is written so wins. */
    private Jid address(String resource) {
        for (Jid each : proxy.resourceCounters().keySet()) {
            if (each.toString().equals(resource) || resource.equals(each.resource())) {
                return each;
            }
        }
        throw new IllegalArgumentException(resource + " is not in the pool of " + proxy.target());
    }
}
