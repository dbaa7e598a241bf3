package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The program in a process of its own with a heap of 128 MiB and the default configuration, given more than that in every way:
 * it stays alive, and still answers.
 */
class SmallHeapIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int PAYLOAD = 250 * 1024;
    private static final String LATIN = "x".repeat(PAYLOAD);

    private HarshServer server;
    private ProxyProcess proxy;
    private int calm;

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        server.close();
    }

    private void start(String... more) throws Exception {
        server = new HarshServer();
        server.start();
        Map<String, String> keys = new HashMap<>();
        for (int i = 0; i < more.length; i += 2) {
            keys.put(more[i], more[i + 1]);
        }
        proxy = new ProxyProcess(server, server.componentPort(), "128m", keys);
        proxy.start();
        proxy.awaitReady();
        awaitCalm("result");
    }

    private static String request(String id, String from, String payload) {
        return "<iq type='get' id='" + id + "' from='" + from + "' to='proxy.localhost'><q xmlns='urn:q'>" + payload
                + "</q></iq>";
    }

    /** Sends so many requests, and awaits that each is forwarded or refused. */
    private void fire(int requests, IntFunction<String> request) throws Exception {
        int before = server.answered() + server.forwarded();
        for (int i = 0; i < requests; i++) {
            server.say(request.apply(i));
        }
        Awaitility.await("each request is forwarded or refused")
                .atMost(LIMIT)
                .until(() -> !proxy.isAlive() || server.answered() + server.forwarded() - before >= requests);
        assertLives();
        assertThat(server.answered()).as("refused").isPositive();
    }

    private void assertLives() throws Exception {
        assertThat(proxy.log()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
        assertThat(proxy.isAlive()).isTrue();
        assertThat(server.doubled()).isZero();
        awaitCalm("");
    }

    /** Somebody who floods nobody gets an answer of this type; an empty one: any. */
    private void awaitCalm(String type) {
        Awaitility.await("a calm requester gets its answer").atMost(LIMIT).until(() -> {
            String id = "calm" + calm++;
            server.say(request(id, "carol@quiet.example/x", ""));
            Awaitility.await().atMost(LIMIT).until(() -> !proxy.isAlive() || server.calm(id) != null);
            return !proxy.isAlive() || type.isEmpty() || type.equals(server.calm(id));
        });
    }

    @Test
    void oneAccountThatSendsMuchThatNobodyAnswers() throws Exception {
        start();
        fire(600, i -> request("i" + i, "alice@some.example/home", LATIN));
        awaitCalm("result");
    }

    @Test
    void manyAccountsAndDomains() throws Exception {
        start();
        fire(600, i -> request("i" + i, "a" + i + "@evil.example/x", LATIN));
        awaitCalm("result");
        fire(600, i -> request("j" + i, "a@d" + i + ".example/x", LATIN));
    }

    @Test
    void longIdsAndTextBeyondLatin() throws Exception {
        start();
        String id = "\u20ac" + "x".repeat(500 * 1024);
        fire(300, i -> request(id + i, "a" + i + "@d" + i + ".example/x", ""));
        String text = "\u05d0".repeat(PAYLOAD / 2);
        fire(300, i -> request("i" + i, "b" + i + "@d" + i + ".example/x", text));
    }

    @Test
    void longAddresses() throws Exception {
        start();
        String part = "\u20ac" + "y".repeat(1000);
        fire(20_000, i -> request("i" + i, part + i + "@d" + i + ".example/" + part, ""));
    }

    @Test
    void manySmallOnes() throws Exception {
        start();
        fire(60_000, i -> request("i" + i, "a" + i + "@d" + i + ".example/x", ""));
    }

    @Test
    void hugeRepliesAndRefusalsToAServerThatDoesNotRead() throws Exception {
        start();
        fire(40_000, i -> request("i" + i, "a" + i + "@d" + i + ".example/x", ""));
        List<HarshServer.Forwarded> forwarded = server.takeForwarded();
        int answered = server.answered();
        server.reads(false);
        String reply = "x".repeat(500 * 1024);
        int replies = 400;
        int refusals = 40_000;
        CompletableFuture<Void> said = CompletableFuture.runAsync(() -> {
            try {
                for (HarshServer.Forwarded each : forwarded.subList(0, replies)) {
                    server.say("<iq type='result' id='" + each.id() + "' from='" + HarshServer.WORKER + "' to='"
                            + each.from() + "'><r xmlns='urn:r'>" + reply + "</r></iq>");
                }
                for (int i = 0; i < refusals; i++) {
                    server.say(request("r" + i, "a@e.example/x", ""));
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await("nothing more is read")
                .atMost(LIMIT)
                .until(() -> !proxy.isAlive() || proxy.log().contains("the server reads too slowly"));
        server.reads(true);
        said.get();
        Awaitility.await("each has its answer")
                .atMost(LIMIT)
                .until(() ->
                        !proxy.isAlive() || server.answered() + server.forwarded() - answered >= replies + refusals);
        assertLives();
    }

    @Test
    void everythingExpiresWhileTheStreamIsDown() throws Exception {
        start("PROXY_REPLY_TIMEOUT", "6s");
        fire(40_000, i -> request("i" + i, "a" + i + "@d" + i + ".example/x", ""));
        server.letIn(false);
        long expired = System.nanoTime() + Duration.ofSeconds(7).toNanos();
        server.cut();
        Awaitility.await().atMost(LIMIT).until(() -> System.nanoTime() > expired);
        server.letIn(true);
        awaitCalm("result");
        assertLives();
    }

    @Test
    void manyResourcesWithLargePresences() throws Exception {
        start();
        String name = "\u20ac" + "y".repeat(1000);
        String status = "z".repeat(20_000);
        for (int i = 0; i < 10_000; i++) {
            server.say("<presence from='worker@localhost/" + name + i + "' to='proxy.localhost'><show>" + status
                    + "</show><status>" + status + "</status></presence>");
        }
        assertLives();
    }
}
