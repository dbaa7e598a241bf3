package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests that sessions of the target send to requesters, beside a server; the transcripts have what needs one proxy only. */
abstract class ReverseScenarios extends SharedServerScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private static final String OTHER_KEY = "HxECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private static final String QUERY = "<q xmlns='urn:q'/>";

    private int serial;

    @BeforeAll
    void start() throws Exception {
        try (RunningProxy first = RunningProxy.startReady(server, Map.of())) {
            ProxyScenarios.accept(server);
        }
    }

    private RunningProxy proxy(Map<String, String> more) throws Exception {
        Map<String, String> keys = new HashMap<>(Map.of("proxy.confirm-timeout", "1s", "proxy.jat-key", KEY));
        keys.putAll(more);
        RunningProxy proxy = RunningProxy.startReady(server, keys);
        open(proxy);
        return proxy;
    }

    private RawClient worker(String resource) throws Exception {
        RawClient worker = client("worker", resource);
        worker.send("<presence/>");
        return worker;
    }

    /** The encoded-from under which this session has got a request of that requester. */
    private String token(RawClient requester, RawClient worker) {
        return token(requester, "proxy.localhost", worker);
    }

    private String token(RawClient requester, String addressUsed, RawClient worker) {
        Set<String> ids = new HashSet<>();
        Stanza[] asked = new Stanza[1];
        Awaitility.await("a request for the session").atMost(LIMIT).until(() -> {
            String id = "a" + serial++;
            ids.add(id);
            requester.send("<iq type='get' id='" + id + "' to='" + addressUsed + "'>" + QUERY + "</iq>");
            asked[0] = worker.poll(s -> s.isRequest() && ids.contains(s.id()), Duration.ofMillis(300));
            return asked[0] != null;
        });
        return String.valueOf(asked[0].from());
    }

    private static void ask(RawClient worker, String to, String id) throws Exception {
        worker.send("<iq type='set' id='" + id + "' to='" + to + "'><mine xmlns='urn:m'/></iq>");
    }

    private static Stanza awaitMine(RawClient requester) throws Exception {
        return requester.await("the request of a session", s -> s.isRequest() && text(s).contains("urn:m"));
    }

    private static String text(Stanza stanza) {
        return new String(stanza.content(), StandardCharsets.UTF_8);
    }

    private static Stanza awaitReply(RawClient client, String id) throws Exception {
        return client.await("the answer to " + id, s -> s.isReply() && id.equals(s.id()));
    }

    @Test
    void whatIsMeantForARequesterReachesNoOtherSession() throws Exception {
        RunningProxy before = proxy(Map.of("proxy.jat-key", OTHER_KEY));
        RawClient asking = worker("a");
        RawClient alice = client("alice", "home");
        String dropped = token(alice, asking);
        close(before);
        proxy(Map.of());
        RawClient other = worker("b");
        String token = token(alice, asking);
        token(alice, other);
        Map<String, String> refusals = Map.of(
                dropped,
                "unknown-token",
                dropped.substring(0, dropped.length() - 4) + "AAAA",
                "unknown-token",
                "alice\\40localhost@proxy.localhost",
                "not-reachable",
                "alice\\40localhost@proxy.localhost/home",
                "not-reachable");
        for (Map.Entry<String, String> refusal : refusals.entrySet()) {
            String id = "r" + serial++;
            ask(asking, refusal.getKey(), id);
            Stanza answer = awaitReply(asking, id);
            assertThat(text(answer)).contains("<" + refusal.getValue() + " ");
            assertThat(answer.from()).isEqualTo(refusal.getKey());
        }
        ask(asking, token, "good");
        Stanza passedOn = awaitMine(alice);
        assertThat(passedOn.from()).isEqualTo("proxy.localhost");
        alice.send(Worker.reply(passedOn, "<answer xmlns='urn:m'/>"));
        Stanza answer = awaitReply(asking, "good");
        assertThat(answer.from()).isEqualTo(token);
        assertThat(text(answer)).contains("<answer");
        assertThat(other.unseen()).noneMatch(s -> text(s).contains("urn:m"));
        assertThat(alice.unseen()).noneMatch(s -> text(s).contains("urn:m"));
    }

    @Test
    void whateverARequestersAddressItIsAskedThereFromTheAddressThatItUsed() throws Exception {
        proxy(Map.of());
        RawClient worker = worker("a");
        // From right to left, and so long that the token holds a digest only.
        for (String resource : List.of("\u05d0\u05d1", "x".repeat(1000))) {
            RawClient alice = client("alice", resource);
            for (String used :
                    List.of("proxy.localhost", "proxy.localhost/x", "shop@proxy.localhost", "shop@proxy.localhost/x")) {
                String token = token(alice, used, worker);
                String id = "f" + serial++;
                ask(worker, token, id);
                Stanza asked = awaitMine(alice);
                assertThat(asked.from()).isEqualTo(used);
                assertThat(asked.to()).isEqualTo(alice.address());
                alice.send(Worker.reply(asked, "<answer xmlns='urn:m'/>"));
                assertThat(awaitReply(worker, id).from()).isEqualTo(token);
            }
            close(alice);
        }
    }

    @Test
    void whoTakesTheNameAndTheIdsOfASessionThatLeftGetsNoAnswerOfIts() throws Exception {
        proxy(Map.of());
        RawClient first = worker("a");
        RawClient alice = client("alice", "home");
        String token = token(alice, first);
        // What a session asks right after it came may be a later session's, as far as the proxy knows.
        long since = System.nanoTime();
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> System.nanoTime() - since > Duration.ofMillis(1600).toNanos());
        ask(first, token, "1");
        Stanza ofTheFirst = awaitMine(alice);
        assertThat(ofTheFirst.id()).isEqualTo("1");
        first.close();
        Awaitility.await("nobody is there").atMost(LIMIT).until(() -> {
            String id = "e" + serial++;
            alice.send("<iq type='get' id='" + id + "' to='proxy.localhost'>" + QUERY + "</iq>");
            Stanza answer = alice.poll(s -> s.isReply() && id.equals(s.id()), Duration.ofSeconds(2));
            return answer != null && text(answer).contains("<no-resource");
        });
        RawClient second = worker("a");
        ask(second, token, "1");
        Stanza ofTheSecond = awaitMine(alice);
        assertThat(ofTheSecond.id()).isNotEqualTo("1");
        alice.send(Worker.reply(ofTheFirst, "<first xmlns='urn:m'/>"));
        alice.send(Worker.reply(ofTheSecond, "<second xmlns='urn:m'/>"));
        assertThat(text(awaitReply(second, "1"))).contains("<second");
        assertThat(second.unseen()).noneMatch(s -> text(s).contains("<first"));
    }

    @Test
    void sessionsThatAskEachOtherEndByTheLimits() throws Exception {
        proxy(Map.of("proxy.max-pending-per-requester", "5", "proxy.reply-timeout", "3s"));
        RawClient a = worker("a");
        RawClient b = worker("b");
        RawClient alice = client("alice", "home");
        token(alice, a);
        token(alice, b);
        a.send("<iq type='get' id='x' to='proxy.localhost'>" + QUERY + "</iq>");
        Stanza asked = b.await("a request of the other", s -> s.isRequest() && "x".equals(s.id()));
        String tokenOfA = String.valueOf(asked.from());
        ask(b, tokenOfA, "0");
        // Whoever is asked on behalf of a asks a in turn.
        int rounds = 0;
        for (Stanza stanza = awaitMine(a); stanza != null; rounds++) {
            ask(a, tokenOfA, "n" + rounds);
            stanza = a.poll(s -> s.isRequest() && text(s).contains("urn:m"), Duration.ofMillis(500));
        }
        assertThat(rounds).isLessThanOrEqualTo(6);
        assertThat(text(b.await("its answer", s -> s.isReply() && "0".equals(s.id()))))
                .contains("reply-timeout");
    }
}
