package org.clientproxy.proxy;

import java.time.InstantSource;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.clientproxy.proxy.pending.TellLeftOver;
import org.clientproxy.proxy.reload.RouteFiles;
import org.clientproxy.proxy.reload.RouteReload;
import org.clientproxy.proxy.reload.RouteSwap;
import org.clientproxy.proxy.reload.RouteTrial;
import org.clientproxy.proxy.routes.ClientProxyRoutes;
import org.clientproxy.proxy.routes.Drain;
import org.clientproxy.proxy.routes.Standstill;
import org.clientproxy.proxy.settings.ProxySettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins the rooms into one proxy in a context that is not started yet: makes its parts, binds its beans, adds its routes. */
final class ProxyAssembly {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyAssembly.class);

    private final CamelContext context;
    private final ProxySettings settings;
    private final InstantSource clock;
    private final StoreOpening opening;
    private final ProxyParts parts;
    private final RouteBeans beans;
    private final Standstill standstill;
    private final Drain drain;

    ProxyAssembly(CamelContext context, ProxySettings settings, InstantSource clock, Random random) {
        announce(settings);
        this.context = context;
        this.settings = settings;
        this.clock = clock;
        this.opening = new StoreOpening(context.getRegistry(), settings, clock);
        this.parts = new ProxyParts(context, settings, opening, clock, random);
        this.beans = new RouteBeans(context, parts);
        this.standstill = beans.standstill();
        this.drain = beans.drain(standstill);
    }

    private static void announce(ProxySettings settings) {
        LOG.info(
                "{} answers through the sessions of {}, over the server at {}; {}",
                settings.domain(),
                settings.target(),
                settings.stream(),
                settings.allow().isEmpty() && settings.deny().isEmpty()
                        ? "everyone may send requests (proxy.allow and proxy.deny are empty)"
                        : "proxy.allow and proxy.deny say who may send requests");
        warnOfAnybody(settings);
    }

    /** Says what it means where the server's certificate is not verified. */
    static void warnOfAnybody(ProxySettings settings) {
        ProxySettings.Tls tls = settings.stream().tls();
        if (tls != null && !tls.verify()) {
            LOG.warn(
                    "xmpp.tls.verify=false: whoever answers at {} is taken for the server, and can read and forge"
                            + " everything; put the certificate of its authority into xmpp.tls.trust-file instead",
                    settings.stream());
        }
    }

    /**
     * Joins them, once.
     *
     * @param scratch makes an empty context in which edits of route files are tried
     * @throws Exception where the routes cannot be added; then the stream and the store are closed again
     */
    ClientProxy join(Supplier<? extends DefaultCamelContext> scratch) throws Exception {
        ProxyLife life = new ProxyLife(parts.use, parts.store, parts.presence, drain);
        ProxyRemoval removal = new ProxyRemoval(context, parts, beans, life);
        try {
            beans.bind();
            StoreHolder holder = new StoreHolder(parts, clock);
            parts.adjustables.add(holder);
            parts.store.heldBy(holder);
            opening.restore(parts.store, parts.pendingRequests, parts.stream.loop());
            joinStream();
            addRoutes(scratch, removal);
        } catch (Exception e) {
            undo(removal, e);
            throw e;
        }
        life.liveWith(context);
        return new ClientProxy(parts, life, removal);
    }

    private static void undo(ProxyRemoval removal, Exception why) {
        try {
            removal.run();
        } catch (Exception e) {
            why.addSuppressed(e);
        }
    }

    private void joinStream() {
        parts.use.control(drain);
        parts.stream.keepAliveTo(settings.target().domain());
        parts.stream.beforeWrites(parts.store::flush);
        TellLeftOver leftOver =
                new TellLeftOver(parts.stream, parts.store, parts.pendingRequests, clock, settings.replyTimeout());
        parts.stream.addStreamListener(new StreamWatch(parts, leftOver));
        parts.presence.join(parts.stream, drain);
        parts.stream.addStreamListener(parts.events::streamChanged);
        parts.stream.addStreamListener(parts.localAnswers);
        parts.pendingRequests.endingsTo(standstill);
        parts.pendingRequests.holdEndingsWhile(parts.stream::isCongested);
    }

    private void addRoutes(Supplier<? extends DefaultCamelContext> scratch, ProxyRemoval removal) throws Exception {
        if (settings.accept() != null) {
            context.getPropertiesComponent().addInitialProperty(settings.name() + ".accept", settings.accept());
        }
        RouteFiles files = new RouteFiles(settings);
        // Files first, for Camel starts routes in their order: a gate of theirs is there when the first request comes.
        if (files.areNamed()) {
            parts.adjustables.add(files);
            RouteReload reload = new RouteReload(
                    context,
                    files,
                    new RouteTrial(context, files, scratch),
                    new RouteSwap(context, standstill, files.id("stanzas")),
                    failure -> parts.stream.loop().execute(() -> parts.errors.routes(failure)));
            removal.reloads(reload);
            reload.load();
            context.addService(reload, true, false);
        }
        if (files.areBeside()) {
            context.addRoutes(new ClientProxyRoutes(settings.name(), settings.accept()));
        }
    }
}
