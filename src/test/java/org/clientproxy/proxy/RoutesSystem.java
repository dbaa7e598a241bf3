package org.clientproxy.proxy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xmpp.Jid;

/** The whole proxy, with its real routes in a Camel context. */
final class RoutesSystem implements ModelSystem {
    private final ProxyFixture fixture;
    private final ShutdownAware consumer;
    private final PendingRequests pendingRequests;

    RoutesSystem(Path dataDir, ProxySettings settings, Random random) {
        try {
            // Nobody is known to it from before.
            Path own = Files.createTempDirectory(dataDir, "proxy");
            fixture = ProxyFixture.start(own, ignored -> settings.with(RequestKeys.DATA_DIR, own), random);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        consumer = (ShutdownAware) fixture.context.getRoute("proxy-stanzas").getConsumer();
        pendingRequests = fixture.pendingRequests();
    }

    @Override
    public SimulatedLoop loop() {
        return fixture.loop;
    }

    @Override
    public InMemoryStream stream() {
        return fixture.stream();
    }

    @Override
    public PendingRequests pendingRequests() {
        return pendingRequests;
    }

    @Override
    public void pause() {
        fixture.proxy.pause();
    }

    @Override
    public void resume() {
        fixture.proxy.resume();
    }

    @Override
    public void retire(Jid resource) {
        fixture.proxy.retire(resource);
        loop().runDue();
    }

    @Override
    public void restore(Jid resource) {
        fixture.proxy.restore(resource);
        loop().runDue();
    }

    @Override
    public void drain() {
        fixture.proxy.contextStops();
        consumer.deferShutdown(ShutdownRunningTask.CompleteCurrentTaskOnly);
        loop().runDue();
    }

    @Override
    public void stop() {
        fixture.proxy.contextStops();
        consumer.prepareShutdown(false, false);
        loop().runDue();
    }

    @Override
    public void close() {
        fixture.close();
    }
}
