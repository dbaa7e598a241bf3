package org.clientproxy.observe;

import io.netty.util.NetUtil;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.service.ServiceSupport;
import org.clientproxy.proxy.settings.ManagementKeys;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what other people's pages make an operator's browser ask of the management server, which such pages reach even
 * where it listens on loopback only, and where some requests of Camel's console change something by a mere GET.
 *
 * <p>A page whose name was bound anew to our address (DNS rebinding) shows by the name that it asks for: only addresses,
 * {@code localhost}, the server's own name and those of the key {@code management.names} are answered. A page of another origin shows
 * by what browsers say of it. Programs that are no browsers say nothing of the kind, and are answered.
 */
final class ManagementGuard implements Handler<RoutingContext> {
    private static final String NAMES = ManagementKeys.NAMES.key();

    private final Set<String> names = new HashSet<>();

    private ManagementGuard(String host, String more) {
        names.add("localhost");
        names.add(host.toLowerCase(Locale.ROOT));
        for (String name : more.split(",", -1)) {
            names.add(name.strip().toLowerCase(Locale.ROOT));
        }
        names.remove("");
    }

    /** Puts it before everything else of the management server as soon as that has a router: right after it listens, or should. */
    static void addTo(CamelContext context) throws Exception {
        ServiceSupport afterTheServer = new ServiceSupport() {
            @Override
            protected void doStart() {
                ManagementHttpServer server = context.hasService(ManagementHttpServer.class);
                VertxPlatformHttpRouter router = server == null ? null : server.getRouter();
                if (server == null || router == null) {
                    throw new IllegalStateException("camel.management is enabled, and there is no server to protect");
                }
                if (!Http1Vertx.isListening(context)) {
                    // It was free when that was tried, before the other nodes were joined, which may take seconds.
                    throw FreeListener.failure(server.getHost(), server.getPort(), "taken since the start began");
                }
                String more =
                        context.getPropertiesComponent().resolveProperty(NAMES).orElse("");
                router.route().order(Integer.MIN_VALUE).handler(new ManagementGuard(server.getHost(), more));
            }
        };
        // Services that are forced start in the order in which they were added, before the context itself.
        context.addService(afterTheServer, true, true);
    }

    @Override
    public void handle(RoutingContext request) {
        HttpServerRequest asked = request.request();
        HostAndPort authority = asked.authority();
        // Browsers always say what they ask for; HTTP/1.0 need not.
        if (authority == null ? asked.getHeader(HttpHeaders.HOST) != null : !isOurs(authority.host())) {
            refuse(
                    request,
                    421,
                    "This server answers for addresses and localhost. Other names of it belong in the key " + NAMES
                            + '.');
        } else if (isOfAnotherSite(asked) || isOfAnotherOrigin(asked, authority)) {
            refuse(request, 403, "This server answers no requests of other sites' pages.");
        } else {
            request.next();
        }
    }

    /** An address is one by RFC 3986: what is in brackets is IPv6 and has no zone, for nobody elsewhere knows our zones. */
    private boolean isOurs(String host) {
        if (host.startsWith("[")) {
            return host.endsWith("]")
                    && host.indexOf('%') < 0
                    && NetUtil.isValidIpV6Address(host.substring(1, host.length() - 1));
        }
        return NetUtil.isValidIpV4Address(host) || names.contains(host.toLowerCase(Locale.ROOT));
    }

    /** A link to the status page may stand anywhere. */
    private static boolean isOfAnotherSite(HttpServerRequest asked) {
        String site = asked.getHeader("Sec-Fetch-Site");
        return site != null
                && !site.equals("same-origin")
                && !site.equals("none")
                && !("document".equals(asked.getHeader("Sec-Fetch-Dest")) && StatusPage.PATH.equals(asked.path()));
    }

    /** What browsers say that know nothing of the other header, or where they do not trust the connection: on POST. */
    private static boolean isOfAnotherOrigin(HttpServerRequest asked, @Nullable HostAndPort authority) {
        String origin = asked.getHeader(HttpHeaders.ORIGIN);
        return origin != null
                && (authority == null
                        || !origin.substring(origin.indexOf("://") < 0 ? 0 : origin.indexOf("://") + 3)
                                .equalsIgnoreCase(authority.toString()));
    }

    private static void refuse(RoutingContext request, int status, String why) {
        request.response().setStatusCode(status).putHeader("Content-Type", "text/plain; charset=utf-8");
        request.end(why + '\n');
    }
}
