package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxy that is killed with kill -9, with everything pending that can be, and started again. */
abstract class KillScenarios extends OwnServerScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int WORKERS = 3;
    private static final int ASKED = 15;

    @BeforeEach
    void start() throws Exception {
        try (RunningProxy first = RunningProxy.startReady(server, Map.of("proxy.pending", "memory"))) {
            ProxyScenarios.accept(server);
        }
    }

    private static boolean isWork(Stanza stanza) {
        return stanza.isRequest() && stanza.from() != null && stanza.from().startsWith("proxy.localhost/");
    }

    /** The proxy has read all that this session sent before: it refuses a message at once. */
    private static void awaitRead(RawClient session, String id) throws Exception {
        session.send("<message id='" + id + "' to='proxy.localhost'><body>x</body></message>");
        session.await("the refusal", each -> id.equals(each.id()));
    }

    private static void ask(RawClient requester, String id) throws Exception {
        requester.send("<iq type='set' id='" + id + "' to='proxy.localhost'><record xmlns='urn:r'/></iq>");
    }

    @Test
    void withAFullQueueEachRequestIsAnsweredOnceAndWhatASessionAskedTooIs() throws Exception {
        ProxyProcess proxy = new ProxyProcess(
                server,
                server.componentPort(),
                "256m",
                Map.of(
                        "PROXY_PENDING", "file",
                        "PROXY_QUEUE_TIMEOUT", "5m",
                        "PROXY_MAX_QUEUED", "20",
                        "PROXY_REPLY_TIMEOUT", "5m"));
        open(proxy);
        proxy.start();
        proxy.awaitReady();
        RawClient first = client("bob", "first");
        List<RawClient> workers = new ArrayList<>();
        Map<RawClient, Stanza> has = new HashMap<>();
        for (int i = 0; i < WORKERS; i++) {
            RawClient worker = client("worker", "w" + i);
            worker.send("<presence><capacity xmlns='urn:clientproxy:pool:0' max='1'/></presence>");
            // The proxy knows it when it gives it something to do, and nobody else has a place free then.
            ask(first, "first" + i);
            has.put(worker, worker.await("a request", KillScenarios::isWork));
            workers.add(worker);
        }
        List<RawClient> requesters = List.of(client("alice", "home"), client("bob", "home"));
        for (RawClient requester : requesters) {
            for (int i = 0; i < ASKED; i++) {
                ask(requester, "q" + i);
            }
            awaitRead(requester, "read");
        }
        RawClient asking = workers.get(0);
        asking.send("<iq type='get' id='1' to='" + has.get(asking).from() + "'><language xmlns='urn:r'/></iq>");
        Stanza asked =
                first.await("what the worker asks", each -> each.isRequest() && "proxy.localhost".equals(each.from()));

        proxy.kill();
        proxy.start();
        proxy.awaitReady();

        String answer = Worker.reply(asked, "<language xmlns='urn:r'>en</language>");
        first.send(answer);
        first.send(answer);
        Map<String, Integer> answers = new HashMap<>();
        Set<String> all = new HashSet<>();
        for (int i = 0; i < WORKERS; i++) {
            all.add("first first" + i);
        }
        for (int i = 0; i < ASKED; i++) {
            all.add("alice q" + i);
            all.add("bob q" + i);
        }
        Awaitility.await("all are answered").atMost(LIMIT).until(() -> {
            for (RawClient worker : workers) {
                Stanza request = has.remove(worker);
                if (request == null) {
                    request = worker.poll(KillScenarios::isWork, Duration.ofMillis(50));
                }
                if (request != null) {
                    // It has one at a time.
                    assertThat(worker.poll(KillScenarios::isWork, Duration.ZERO))
                            .isNull();
                    worker.send(Worker.reply(request, "<done xmlns='urn:r'/>"));
                }
            }
            count(answers, first, "first");
            count(answers, requesters.get(0), "alice");
            count(answers, requesters.get(1), "bob");
            return answers.keySet().containsAll(all);
        });
        awaitRead(first, "end");
        awaitRead(requesters.get(0), "end");
        awaitRead(requesters.get(1), "end");
        count(answers, first, "first");
        count(answers, requesters.get(0), "alice");
        count(answers, requesters.get(1), "bob");
        assertThat(answers.keySet()).isEqualTo(all);
        assertThat(answers.values()).as("answers of each").containsOnly(1);
        awaitRead(asking, "end");
        List<Stanza> told = asking.unseen().stream()
                .filter(each -> each.isReply() && each.from().startsWith("proxy.localhost/"))
                .toList();
        assertThat(told).as("what the worker hears of what it asked").hasSizeLessThanOrEqualTo(1);
    }

    private static void count(Map<String, Integer> answers, RawClient requester, String name) throws Exception {
        for (Stanza answer = requester.poll(Stanza::isReply, Duration.ZERO);
                answer != null;
                answer = requester.poll(Stanza::isReply, Duration.ZERO)) {
            answers.merge(name + ' ' + answer.id(), 1, Integer::sum);
        }
    }
}
