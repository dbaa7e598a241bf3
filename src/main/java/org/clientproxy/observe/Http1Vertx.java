package org.clientproxy.observe;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;
import org.apache.camel.CamelContext;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * A Vert.x whose HTTP servers speak HTTP/1 alone.
 *
 * <p>The management server needs no HTTP/2, which was the way to most of the floods that Netty's HTTP code was found to let
 * through. Vert.x takes HTTP/2 without TLS unless the options of the server say otherwise, and Camel has no key for these
 * options; but it looks for a Vert.x in the registry before it makes one of its own.
 */
final class Http1Vertx extends VertxWrapper {
    private Http1Vertx(VertxInternal whole) {
        super(whole);
    }

    /** Has to come before the management server starts. It ends after everything else in the context. */
    static void addTo(CamelContext context) {
        Vertx vertx = new Http1Vertx((VertxInternal) Vertx.vertx(new VertxOptions().setUseDaemonThread(true)));
        context.getRegistry().bind("management-vertx", Vertx.class, vertx);
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopped(CamelContext stopped) {
                vertx.close();
            }
        });
    }

    @Override
    public HttpServer createHttpServer(HttpServerOptions options) {
        // With TLS, HTTP/2 would be agreed upon by ALPN.
        return super.createHttpServer(
                new HttpServerOptions(options).setHttp2ClearTextEnabled(false).setUseAlpn(false));
    }

    @Override
    public HttpServer createHttpServer() {
        return createHttpServer(new HttpServerOptions());
    }
}
