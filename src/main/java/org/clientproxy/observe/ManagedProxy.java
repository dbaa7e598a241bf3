package org.clientproxy.observe;

import java.util.Locale;
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
import org.clientproxy.proxy.Operation;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/** One proxy in JMX: {@code org.apache.camel:context=CONTEXT,type=client-proxy,name="NAME"}. Any thread. */
@ManagedResource(description = "Client proxy")
public final class ManagedProxy {
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

    static void register(CamelContext context, ClientProxy proxy) throws Exception {
        context.getManagementStrategy().getManagementAgent().register(new ManagedProxy(proxy), name(context, proxy));
    }

    static void unregister(CamelContext context, ClientProxy proxy) throws Exception {
        context.getManagementStrategy().getManagementAgent().unregister(name(context, proxy));
    }

    private static ObjectName name(CamelContext context, ClientProxy proxy) throws Exception {
        ManagementAgent agent = context.getManagementStrategy().getManagementAgent();
        return new ObjectName(agent.getMBeanObjectDomainName() + ":context=" + context.getManagementName()
                + ",type=client-proxy,name=" + ObjectName.quote(proxy.name()));
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

    @ManagedAttribute(description = "How many resources their time-outs keep out of the choice now")
    public int getEjectedResources() {
        return proxy.ejectedResources();
    }

    @ManagedAttribute(description = "How often a resource was taken out of the choice for that since the start")
    public long getEjections() {
        return proxy.ejections();
    }

    @ManagedAttribute(description = "How many accounts have the proxy host in their rosters")
    public int getSubscribers() {
        return proxy.subscribers();
    }

    @ManagedAttribute(description = "How many sessions of requesters have something to do with a resource's presence")
    public int getRelayedPresences() {
        return proxy.relayedPresences();
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
        Operation.RETIRE.carryOut(proxy, resource);
    }

    @ManagedOperation(description = "Gives a retired or ejected resource new requests again")
    public void restore(String resource) {
        Operation.RESTORE.carryOut(proxy, resource);
    }

    @ManagedOperation(
            description = "Closes the stream to the server in order and makes another at once; requests stay pending")
    public void reconnect() {
        proxy.reconnect();
    }
}
