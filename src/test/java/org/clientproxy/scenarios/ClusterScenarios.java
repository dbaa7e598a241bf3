package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.FreePort;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three nodes as processes, one stream: another node goes on with what was pending at the one that was killed, stood still or stopped. */
abstract class ClusterScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int ASKED = 40;
    private static final String KEY = "A".repeat(43);

    private XmppServer server;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Map<Integer, ProxyProcess> nodes = new HashMap<>();
    private final List<Integer> ports = new ArrayList<>();

    /** One at which a further component takes the place of the one before, or shares with it. */
    abstract XmppServer server() throws Exception;

    /** Whether the server gives the one that stands still its share as long as it has a connection. */
    boolean sharesAtRandom() {
        return false;
    }

    @BeforeEach
    void start() throws Exception {
        server = server();
        opened.add(server::close);
        server.start();
        try (RunningProxy first = RunningProxy.startReady(server, Map.of("proxy.pending", "memory"))) {
            ProxyScenarios.accept(server);
        }
        for (int i = 0; i < 3; i++) {
            ports.add(FreePort.next());
        }
    }

    @AfterEach
    void end() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private ProxyProcess node(int number) throws Exception {
        ProxyProcess node = nodes.get(number);
        if (node == null) {
            node = new ProxyProcess(
                    server,
                    server.componentPort(),
                    "128m",
                    Map.of(
                            "PROXY_PENDING",
                            "cluster",
                            "PROXY_JAT_KEY",
                            KEY,
                            "PROXY_CLUSTER_NODE",
                            "" + number,
                            "PROXY_CLUSTER_BIND",
                            "127.0.0.1:" + ports.get(number - 1),
                            "PROXY_CLUSTER_NODES",
                            "127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1) + ",127.0.0.1:" + ports.get(2),
                            "PROXY_CLUSTER_SECRET",
                            "for-all-of-a-test",
                            "PROXY_REPLY_TIMEOUT",
                            "2m"));
            opened.add(node);
            nodes.put(number, node);
        }
        node.start();
        return node;
    }

    /** Three nodes see each other, and the first has the stream. */
    private void cluster() throws Exception {
        for (int number = 1; number <= 3; number++) {
            ProxyProcess node = node(number);
            awaitMembers(node, number);
        }
        nodes.get(1).awaitReady();
    }

    private static void awaitMembers(ProxyProcess node, int count) {
        String last = "node \\d+(, node \\d+){" + (count - 1) + "}";
        Awaitility.await("it sees " + count)
                .atMost(LIMIT)
                .failFast("it has ended", () -> !node.isAlive())
                .until(() -> node.log().matches("(?s).*view \\d+ has \\[" + last + "].*"));
    }

    private RawClient client(String user, String resource) throws Exception {
        RawClient client = RawClient.login(server, user, "pw", resource);
        opened.add(client);
        return client;
    }

    private static boolean isWork(Stanza stanza) {
        return stanza.isRequest() && stanza.from() != null && stanza.from().startsWith("proxy.localhost/");
    }

    private static void ask(RawClient requester, String id) throws Exception {
        requester.send("<iq type='set' id='" + id + "' to='proxy.localhost'><record xmlns='urn:r'/></iq>");
    }

    /** The worker gets as many requests as these, and answers none yet. */
    private List<Stanza> askAll(RawClient alice, RawClient worker, String prefix) throws Exception {
        for (int i = 0; i < ASKED; i++) {
            ask(alice, prefix + i);
        }
        List<Stanza> work = new ArrayList<>();
        for (int i = 0; i < ASKED; i++) {
            work.add(worker.await("request " + i, ClusterScenarios::isWork));
        }
        return work;
    }

    private static void replyToAll(RawClient worker, List<Stanza> work) throws Exception {
        for (Stanza request : work) {
            worker.send(Worker.reply(request, "<done xmlns='urn:r'/>"));
        }
    }

    private static void awaitResults(RawClient alice, String prefix) throws Exception {
        Map<String, AtomicInteger> answers = new HashMap<>();
        Awaitility.await("all answers").atMost(LIMIT).until(() -> {
            Stanza answer = alice.poll(each -> each.isReply() && each.id().startsWith(prefix), Duration.ofMillis(50));
            if (answer != null) {
                assertThat(answer.type()).as(answer.toXml()).isEqualTo("result");
                answers.computeIfAbsent(answer.id(), id -> new AtomicInteger()).incrementAndGet();
            }
            return answers.size() == ASKED;
        });
        assertThat(answers.values()).allMatch(count -> count.get() == 1);
    }

    /** Until the server knows that the old connection is closed, replies may go into it. */
    private static void replyUntilItComes(RawClient alice, RawClient worker, List<Stanza> work) throws Exception {
        for (Stanza request : work) {
            String id = request.id();
            Awaitility.await("an answer").atMost(LIMIT).until(() -> {
                worker.send(Worker.reply(request, "<done xmlns='urn:r'/>"));
                return alice.poll(each -> each.isReply(), Duration.ofMillis(200)) != null;
            });
            assertThat(id).as("it names its owner").startsWith("1-");
        }
    }

    private ProxyProcess awaitOther(ProxyProcess gone) {
        Awaitility.await("another node has the stream").atMost(LIMIT).until(() -> nodes.values().stream()
                .anyMatch(node -> node != gone && isReady(node)));
        return nodes.values().stream()
                .filter(node -> node != gone && isReady(node))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isReady(ProxyProcess node) {
        try {
            return node.log().contains("is ready");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void anotherNodeAnswersWhatWasPendingAtTheOneThatWasKilled() throws Exception {
        cluster();
        RawClient worker = client("worker", "a");
        worker.send("<presence/>");
        RawClient alice = client("alice", "home");
        List<Stanza> work = askAll(alice, worker, "killed");
        nodes.get(1).kill();
        awaitOther(nodes.get(1));
        replyToAll(worker, work);
        replyToAll(worker, work);
        awaitResults(alice, "killed");
        ask(alice, "later");
        replyToAll(worker, List.of(worker.await("a later request", ClusterScenarios::isWork)));
        assertThat(alice.await("its answer", each -> "later".equals(each.id())).type())
                .isEqualTo("result");
        assertThat(alice.poll(Stanza::isReply, Duration.ZERO))
                .as("no second answer")
                .isNull();
    }

    @Test
    void oneThatStandsStillIsReplacedAndWhenItGoesOnAnswersNothing() throws Exception {
        cluster();
        RawClient worker = client("worker", "a");
        worker.send("<presence/>");
        RawClient alice = client("alice", "home");
        List<Stanza> work = askAll(alice, worker, "frozen");
        ProxyProcess first = nodes.get(1);
        first.signal("STOP");
        awaitOther(first);
        if (!sharesAtRandom()) {
            replyToAll(worker, work);
            awaitResults(alice, "frozen");
        }
        first.signal("CONT");
        Awaitility.await("it knows that it was away").atMost(LIMIT).until(() -> first.log()
                .contains("begins anew"));
        if (sharesAtRandom()) {
            replyUntilItComes(alice, worker, work);
        } else {
            work = askAll(alice, worker, "after");
            replyToAll(worker, work);
            awaitResults(alice, "after");
        }
        assertThat(alice.poll(Stanza::isReply, Duration.ZERO))
                .as("no second answer")
                .isNull();
    }

    @Test
    void oneThatIsStoppedHandsOverWithoutAnError() throws Exception {
        cluster();
        RawClient worker = client("worker", "a");
        worker.send("<presence/>");
        RawClient alice = client("alice", "home");
        List<Stanza> work = askAll(alice, worker, "stopped");
        nodes.get(1).stop();
        awaitOther(nodes.get(1));
        replyToAll(worker, work);
        awaitResults(alice, "stopped");
        assertThat(alice.poll(Stanza::isReply, Duration.ZERO))
                .as("no second answer")
                .isNull();
    }
}
