package org.clientproxy.observe;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.clientproxy.proxy.ClientProxy;
import org.clientproxy.proxy.Operation;
import org.clientproxy.proxy.settings.ManagementKeys;
import org.clientproxy.xmpp.LogLimit;
import org.clientproxy.xmpp.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets an operator tell a proxy something by {@code POST /observe/client-proxy/NAME/OPERATION}, with the token of {@code
 * management.token}; each answer is one sentence. Behind the {@link ManagementGuard}, as all of the server.
 *
 * <p>The token comes in the header {@code Authorization} or in the form {@code token}, never in a query, which others log. A
 * browser sends neither of its own accord, so no page can use what another one knows.
 */
final class OperatorRequests implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorRequests.class);

    private static final String PATH = StatusPage.PATH + "/:proxy/:operation";
    private static final String BEARER = "Bearer ";

    /** A resourcepart has 1023 octets at most, three characters each where it is encoded; its bare address is as long. */
    private static final int BODY_LIMIT = 16 * 1024;

    private final List<ClientProxy> proxies;
    private final byte[] token;
    private final LogLimit wrongTokens = new LogLimit(System::nanoTime);

    private OperatorRequests(List<ClientProxy> proxies, String token) {
        this.proxies = proxies;
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /** @param token empty: nothing can be told */
    static void serve(VertxPlatformHttpRouter router, List<ClientProxy> proxies, String token) {
        if (token.isEmpty()) {
            router.route(PATH)
                    .handler(request -> answer(
                            request, 403, "Nothing can be operated here until " + ManagementKeys.TOKEN + " is set."));
            return;
        }
        router.route(PATH)
                .method(HttpMethod.POST)
                .handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT).setMergeFormAttributes(false));
        // It waits for the loop of the proxy, so not on the server's.
        router.route(PATH).method(HttpMethod.POST).blockingHandler(new OperatorRequests(proxies, token), false);
        router.route(PATH).handler(request -> {
            request.response().putHeader("Allow", "POST");
            answer(request, 405, "Use POST.");
        });
    }

    @Override
    public void handle(RoutingContext request) {
        String given = given(request);
        if (given == null || !MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token)) {
            refuse(request, given != null);
            return;
        }
        try {
            ClientProxy proxy = Operation.proxy(proxies, request.pathParam("proxy"));
            Operation operation = Operation.of(request.pathParam("operation"));
            if (operation == null) {
                throw new NoSuchElementException(
                        "There is no operation " + LogText.of(request.pathParam("operation")) + '.');
            }
            answer(request, 200, operation.carryOut(proxy, resource(request)));
        } catch (IllegalArgumentException e) {
            answer(request, 400, String.valueOf(e.getMessage()));
        } catch (NoSuchElementException e) {
            answer(request, 404, String.valueOf(e.getMessage()));
        } catch (IllegalStateException e) {
            answer(request, 503, String.valueOf(e.getMessage()));
        }
    }

    /** Where the server wants a password, the header has that. What curl reads from a file may end in a line end. */
    private static @Nullable String given(RoutingContext request) {
        String header = request.request().getHeader(HttpHeaders.AUTHORIZATION);
        String token = header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length())
                : request.request().formAttributes().get("token");
        return token == null ? null : token.strip();
    }

    /** Named by the form or by the query, once. */
    private static String resource(RoutingContext request) {
        MultiMap named = MultiMap.caseInsensitiveMultiMap()
                .addAll(request.request().formAttributes())
                .addAll(request.queryParams());
        List<String> all = named.getAll("resource");
        if (all.size() > 1) {
            throw new IllegalArgumentException("Name one resource.");
        }
        return all.isEmpty() ? "" : all.get(0);
    }

    private void refuse(RoutingContext request, boolean wrong) {
        int before = wrong ? wrongTokens.admit("wrong token") : -1;
        if (before >= 0) {
            LOG.warn(
                    "a request to operate a proxy came from {} with a wrong {}; {} more since the last such line",
                    request.request().remoteAddress().hostAddress(),
                    ManagementKeys.TOKEN,
                    before);
        }
        request.response()
                .putHeader(
                        "WWW-Authenticate",
                        "Bearer realm=\"client-proxy\"" + (wrong ? ", error=\"invalid_token\"" : ""));
        answer(
                request,
                401,
                wrong
                        ? "The token is not that of " + ManagementKeys.TOKEN + '.'
                        : "Say the token of " + ManagementKeys.TOKEN
                                + " in the header Authorization: Bearer, or in the form.");
    }

    private static void answer(RoutingContext request, int status, String sentence) {
        HttpServerResponse response = request.response().setStatusCode(status);
        response.putHeader("Content-Type", "text/plain; charset=utf-8");
        response.putHeader("X-Content-Type-Options", "nosniff");
        response.putHeader("Cache-Control", "no-store");
        request.end(sentence + '\n');
    }
}
