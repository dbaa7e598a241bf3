package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.camel.spi.RouteController;
import org.awaitility.Awaitility;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Routes are stopped, suspended and started at random while stanzas come at random: each request gets exactly one answer, a
 * result only if its resource gave one, and in the end the proxy serves. {@code -Dseed=N} plays others.
 */
class StoppedRoutesPlayTest {
    private static final int STEPS = 400;
    private static final List<String> ROUTES = List.of("proxy-stanzas", "proxy-correlate", "proxy-failures");

    @TempDir
    Path dataDir;

    private final Map<String, List<Stanza>> answers = new HashMap<>();
    private final List<Stanza> unreplied = new ArrayList<>();
    private ProxyFixture proxy;
    private CompletableFuture<Void> operation = CompletableFuture.completedFuture(null);
    private int asked;

    static IntStream seeds() {
        int first = Integer.getInteger("seed", 1);
        return IntStream.range(first, first + 6);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void eachRequestGetsOneAnswer(int seed) throws Exception {
        Random random = new Random(seed);
        proxy = ProxyFixture.start(dataDir).ready(A, B);
        try {
            for (int i = 0; i < STEPS; i++) {
                step(random);
                collect();
            }
            end();
        } finally {
            proxy.close();
        }
        assertThat(answers).hasSize(asked);
        answers.forEach((id, all) -> assertThat(all).as(id).hasSize(1));
    }

    private void step(Random random) {
        int what = random.nextInt(20);
        if (what < 8) {
            String id = "r" + asked++;
            answers.put(id, new ArrayList<>());
            if (random.nextBoolean()) {
                proxy.get(ALICE, id);
            } else {
                proxy.set(ALICE, id);
            }
        } else if (what < 14 && !unreplied.isEmpty()) {
            proxy.result(unreplied.remove(random.nextInt(unreplied.size())));
        } else if (what == 14 && !unreplied.isEmpty()) {
            proxy.error(unreplied.remove(random.nextInt(unreplied.size())), "service-unavailable");
        } else if (what == 15) {
            String resource = random.nextBoolean() ? A : B;
            if (random.nextInt(3) == 0) {
                proxy.leaves(resource);
            } else {
                proxy.comes(resource);
            }
        } else if (what == 16) {
            proxy.pass(Duration.ofMillis(random.nextInt(10_000)));
        } else if (operation.isDone()) {
            String route = ROUTES.get(random.nextInt(ROUTES.size()));
            int how = random.nextInt(6);
            operation = CompletableFuture.runAsync(() -> operate(how, route));
        } else {
            proxy.pass(Duration.ZERO);
        }
    }

    private void operate(int how, String route) {
        RouteController routes = proxy.context.getRouteController();
        try {
            switch (how) {
                case 0 -> routes.stopRoute(route);
                case 1 -> routes.suspendRoute(route);
                case 2 -> routes.stopAllRoutes();
                case 3 -> routes.startAllRoutes();
                case 4 -> routes.resumeRoute(route);
                default -> routes.startRoute(route);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void collect() {
        for (Stanza sent : proxy.sent()) {
            if (sent.isReply()) {
                answers.get(sent.id()).add(sent);
            } else {
                unreplied.add(sent);
            }
        }
    }

    /** All routes are started, and what is still pending expires; then a request is served. */
    private void end() {
        finish(operation);
        finish(CompletableFuture.runAsync(() -> operate(3, "")));
        ROUTES.forEach(route -> finish(CompletableFuture.runAsync(() -> operate(4, route))));
        proxy.pass(Duration.ofSeconds(70));
        collect();
        assertThat(proxy.proxy.pendingRequests()).isZero();
        proxy.comes(A);
        unreplied.clear();
        answers.put("last", new ArrayList<>());
        asked++;
        proxy.get(ALICE, "last");
        collect();
        assertThat(unreplied).hasSize(1);
        proxy.result(unreplied.remove(0));
        collect();
        assertThat(answers.get("last")).singleElement().satisfies(answer -> assertThat(answer.type())
                .isEqualTo("result"));
    }

    private void finish(CompletableFuture<Void> running) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            proxy.pass(Duration.ZERO);
            return running.isDone();
        });
        running.join();
    }
}
