package org.clientproxy.observe;

import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
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
    private static final String NAME = "management-vertx";

    private volatile boolean listening;

    private Http1Vertx(VertxInternal whole) {
        super(whole);
    }

    /** Has to come before the management server starts. It ends after everything else in the context. */
    static void addTo(CamelContext context) {
        Vertx vertx = new Http1Vertx((VertxInternal) Vertx.vertx(new VertxOptions().setUseDaemonThread(true)));
        context.getRegistry().bind(NAME, Vertx.class, vertx);
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopped(CamelContext stopped) {
                vertx.close();
            }
        });
    }

    /** Whether the server that was made last listens; where it cannot, Camel says so in its log and goes on. */
    static boolean isListening(CamelContext context) {
        Vertx vertx = context.getRegistry().lookupByNameAndType(NAME, Vertx.class);
        return vertx instanceof Http1Vertx own && own.listening;
    }

    @Override
    public HttpServer createHttpServer(HttpServerOptions options) {
        // With TLS, HTTP/2 would be agreed upon by ALPN.
        return watched(super.createHttpServer(
                new HttpServerOptions(options).setHttp2ClearTextEnabled(false).setUseAlpn(false)));
    }

    /** The same server, of which it is remembered whether it listens: it does not tell itself. */
    private HttpServer watched(HttpServer server) {
        return (HttpServer) Proxy.newProxyInstance(
                HttpServer.class.getClassLoader(), new Class<?>[] {HttpServer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("listen")
                            && arguments.length > 0
                            && arguments[arguments.length - 1] instanceof Handler<?> handler) {
                        arguments[arguments.length - 1] = heardBy(handler);
                    }
                    try {
                        Object result = method.invoke(server, arguments);
                        return result == server ? proxy : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @SuppressWarnings("unchecked") // A listen's handler takes what becomes of it.
    private Handler<AsyncResult<HttpServer>> heardBy(Handler<?> handler) {
        return done -> {
            listening = done.succeeded();
            ((Handler<AsyncResult<HttpServer>>) handler).handle(done);
        };
    }

    @Override
    public HttpServer createHttpServer() {
        return createHttpServer(new HttpServerOptions());
    }
}
