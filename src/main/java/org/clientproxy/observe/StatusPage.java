package org.clientproxy.observe;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.clientproxy.proxy.ClientProxy;

/**
 * The status page of the management server: one page without anything from elsewhere, and the JSON that it asks for. The
 * page is told by its policy to run nothing but its own script, and puts what others have named into text only.
 */
final class StatusPage {
    static final String PATH = "/observe/client-proxy";

    private StatusPage() {}

    /** @param token with which the page can operate the proxies; empty: it has no buttons */
    static void serve(CamelContext context, List<ClientProxy> proxies, String token) throws IOException {
        ManagementHttpServer server = context.hasService(ManagementHttpServer.class);
        VertxPlatformHttpRouter router = server == null ? null : server.getRouter();
        if (router == null) {
            return;
        }
        String page = read("status.html").replace("<body>", token.isEmpty() ? "<body>" : "<body data-operable>");
        String policy = policy(page);
        router.route(PATH).method(HttpMethod.GET).handler(request -> answer(request, "text/html", policy, page));
        // It waits for the loops of the proxies, so not on the server's.
        router.route(PATH + "/status")
                .method(HttpMethod.GET)
                .blockingHandler(
                        request -> answer(
                                request,
                                "application/json",
                                "default-src \'none\'",
                                StatusJson.of(proxies).toJson()),
                        false);
        OperatorRequests.serve(router, proxies, token);
    }

    private static void answer(RoutingContext request, String type, String policy, String text) {
        HttpServerResponse response = request.response();
        response.putHeader("Content-Type", type + "; charset=utf-8");
        response.putHeader("Content-Security-Policy", policy);
        response.putHeader("X-Content-Type-Options", "nosniff");
        response.putHeader("Referrer-Policy", "no-referrer");
        response.putHeader("Cache-Control", "no-store");
        request.end(text);
    }

    /** Allows the page its one style and its one script, by what is in them, and requests to where it came from. */
    private static String policy(String page) {
        return "default-src 'none'; style-src " + hash(page, "style") + "; script-src " + hash(page, "script")
                + "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    private static String hash(String page, String element) {
        String start = '<' + element + '>';
        int begin = page.indexOf(start) + start.length();
        String content = page.substring(begin, page.indexOf("</" + element + '>', begin));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + '\'';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String read(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                StatusPage.class.getResourceAsStream(resource), resource + " is not in the jar")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
