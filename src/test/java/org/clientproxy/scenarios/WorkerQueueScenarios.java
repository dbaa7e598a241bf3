package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** Implementing clients that do one thing at a time, and requesters that wait for them. */
abstract class WorkerQueueScenarios extends OwnServerScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final List<RawClient> workers = new ArrayList<>();

    /** So many of them are in the pool of a proxy; each says in its presence that it takes one request at a time. */
    private void serve(int count) throws Exception {
        // Accepted beside a proxy of its own, with which the requests end that this takes.
        try (RunningProxy first = RunningProxy.startReady(server, Map.of("proxy.pending", "memory"))) {
            ProxyScenarios.accept(server);
        }
        RunningProxy proxy = RunningProxy.startReady(
                server, Map.of("proxy.queue-timeout", "40s", "proxy.drain-timeout", "1s", "proxy.pending", "memory"));
        open(proxy);
        RawClient asks = client("bob", "first");
        List<Stanza> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawClient worker = client("worker", "w" + i);
            worker.send("<presence><capacity xmlns='urn:clientproxy:pool:0' max='1'/></presence>");
            // The proxy knows it when it gives it something to do, and nobody else has a place free then.
            ask(asks, "known" + i);
            Stanza request = worker.await("a request", WorkerQueueScenarios::isWork);
            workers.add(worker);
            held.add(request);
        }
        for (int i = 0; i < count; i++) {
            workers.get(i).send(Worker.reply(held.get(i), "<done xmlns='urn:r'/>"));
            String id = held.get(i).id();
            asks.await("the result", each -> each.isReply() && id.equals(each.id()));
        }
    }

    private static void ask(RawClient requester, String id) throws Exception {
        requester.send("<iq type='set' id='" + id + "' to='proxy.localhost'><record xmlns='urn:r'/></iq>");
    }

    /** Servers ask their clients this and that, too. */
    private static boolean isWork(Stanza stanza) {
        return stanza.isRequest() && stanza.from() != null && stanza.from().startsWith("proxy.localhost/");
    }

    /** What a worker has that has something to do; it is not asked for more than that. */
    private static Stanza work(RawClient worker) throws Exception {
        return worker.poll(WorkerQueueScenarios::isWork, LIMIT);
    }

    private static void answer(RawClient worker, Stanza request) throws Exception {
        // What it has not replied to is all that it has.
        assertThat(worker.poll(WorkerQueueScenarios::isWork, Duration.ZERO)).isNull();
        worker.send(Worker.reply(request, "<done xmlns='urn:r'/>"));
    }

    @Test
    void threeThatDoOneThingAtATimeServeAHundredInOrderOfArrival() throws Exception {
        serve(3);
        RawClient alice = client("alice", "home");
        for (int i = 0; i < 100; i++) {
            ask(alice, "" + i);
        }
        Stanza[] has = new Stanza[3];
        Set<Integer> first = new HashSet<>();
        for (int w = 0; w < 3; w++) {
            has[w] = work(workers.get(w));
            first.add(Integer.parseInt(has[w].id()));
        }
        assertThat(first).containsExactlyInAnyOrder(0, 1, 2);
        int next = 3;
        for (int served = 0; served < 100; served++) {
            int w = served % 3;
            answer(workers.get(w), has[w]);
            if (next < 100) {
                has[w] = work(workers.get(w));
                assertThat(has[w].id()).isEqualTo("" + next++);
            }
        }
        Set<String> results = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Stanza answer = alice.await("an answer", Stanza::isReply);
            assertThat(answer.type()).isEqualTo("result");
            assertThat(results.add(answer.id())).isTrue();
        }
        assertThat(results)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 100).mapToObj(Integer::toString).toList());
    }

    @Test
    void oneWhoFloodsDoesNotKeepACalmOneWaiting() throws Exception {
        serve(1);
        RawClient flooder = client("alice", "home");
        RawClient calm = client("bob", "phone");
        for (int i = 0; i < 60; i++) {
            ask(flooder, "f" + i);
        }
        RawClient worker = workers.get(0);
        Stanza has = work(worker);
        assertThat(has.id()).isEqualTo("f0");
        for (int i = 0; i < 5; i++) {
            ask(calm, "c" + i);
            // A message is refused at once, and the proxy read the request before it.
            calm.send("<message id='read" + i + "' to='proxy.localhost'><body>x</body></message>");
            String read = "read" + i;
            calm.await("the refusal", each -> read.equals(each.id()));
            int before = 0;
            while (!has.id().equals("c" + i)) {
                answer(worker, has);
                has = work(worker);
                before++;
            }
            assertThat(before).as("served before c" + i).isLessThanOrEqualTo(2);
        }
    }
}
