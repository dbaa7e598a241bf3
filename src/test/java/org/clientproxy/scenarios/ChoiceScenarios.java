package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.builder.RouteBuilder;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who gets new requests while some hang or are to end, beside a server and over real sockets. */
abstract class ChoiceScenarios extends SharedServerScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String QUERY = "<q xmlns='urn:q'/>";
    private static final String POISON = "<q xmlns='urn:poison'/>";

    private final AtomicInteger serial = new AtomicInteger();
    private volatile int poolSize;
    private volatile int smallestPool;

    @BeforeAll
    void start() throws Exception {
        try (RunningProxy first = RunningProxy.startReady(server, Map.of())) {
            ProxyScenarios.accept(server);
        }
    }

    private void proxy(Map<String, String> more) throws Exception {
        Map<String, String> keys = new HashMap<>(Map.of("proxy.selection", "round-robin"));
        keys.putAll(more);
        open(RunningProxy.start(server, keys, Map.of(), new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:proxy-pool-changed").process(exchange -> {
                            poolSize = exchange.getMessage().getHeader(ProxyHeaders.POOL_SIZE, int.class);
                            smallestPool = Math.min(smallestPool, poolSize);
                        });
                    }
                }))
                .awaitReady();
    }

    private void awaitPool(int size) {
        Awaitility.await("a pool of " + size).atMost(LIMIT).until(() -> poolSize == size);
        smallestPool = size;
    }

    private String send(RawClient from, String type, String child) throws Exception {
        String id = "c" + serial.incrementAndGet();
        from.send("<iq type='" + type + "' id='" + id + "' to='proxy.localhost'>" + child + "</iq>");
        return id;
    }

    private static Stanza answer(RawClient to, String id) throws Exception {
        return to.await("the answer to " + id, s -> s.isReply() && id.equals(s.id()));
    }

    private void assertServed(RawClient requester, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            Stanza answer = answer(requester, send(requester, "get", QUERY));
            assertThat(answer.type()).as(answer.toXml()).isEqualTo("result");
        }
    }

    private static boolean isPing(Stanza stanza) {
        return stanza.isRequest()
                && new String(stanza.content(), StandardCharsets.UTF_8).contains("urn:xmpp:ping")
                && "proxy.localhost".equals(stanza.from());
    }

    @Test
    void whoHangsIsOutUntilItAnswersAPing() throws Exception {
        proxy(Map.of("proxy.eject-after", "2", "proxy.eject-time", "1s", "proxy.reply-timeout", "5s"));
        for (String name : List.of("one", "two", "three")) {
            open(Worker.join(server, name));
        }
        RawClient hung = client("worker", "hung");
        hung.send("<presence/>");
        awaitPool(4);
        RawClient alice = client("alice", "home");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ids.add(send(alice, "get", QUERY));
        }
        List<String> conditions = new ArrayList<>();
        for (String id : ids) {
            Stanza answer = answer(alice, id);
            if (!"result".equals(answer.type())) {
                conditions.add(ProxyScenarios.condition(answer));
            }
        }
        assertThat(conditions).containsExactly("remote-server-timeout", "remote-server-timeout");
        Awaitility.await("it is out").atMost(LIMIT).until(() -> poolSize == 3);
        assertServed(alice, 20);
        Stanza ping = hung.await("the ping", ChoiceScenarios::isPing);
        assertServed(alice, 20);
        assertThat(poolSize).isEqualTo(3);
        hung.send(Worker.reply(ping, ""));
        Awaitility.await("it is back").atMost(LIMIT).until(() -> poolSize == 4);
        ids.clear();
        for (int i = 0; i < 4; i++) {
            ids.add(send(alice, "get", QUERY));
        }
        Stanza request = hung.await("its share", s -> ids.contains(s.id()));
        hung.send(Worker.reply(request, QUERY));
        for (String id : ids) {
            assertThat(answer(alice, id).type()).isEqualTo("result");
        }
    }

    @Test
    void aPayloadThatMakesEverybodyHangEjectsHalfAtMost() throws Exception {
        proxy(Map.of("proxy.eject-after", "3", "proxy.eject-time", "1m", "proxy.reply-timeout", "3s"));
        for (int i = 0; i < 5; i++) {
            RawClient worker = client("worker", "w" + i);
            worker.send("<presence/>");
            serve(worker);
        }
        awaitPool(5);
        RawClient alice = client("alice", "home");
        List<String> poisoned = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            poisoned.add(send(alice, "get", POISON));
        }
        for (String id : poisoned) {
            assertThat(ProxyScenarios.condition(answer(alice, id))).isEqualTo("remote-server-timeout");
        }
        Awaitility.await("half are out").atMost(LIMIT).until(() -> poolSize == 3);
        assertServed(alice, 30);
        assertThat(smallestPool).isEqualTo(3);
    }

    /** Answers what is no poison, and no ping either. */
    private void serve(RawClient worker) {
        AtomicBoolean over = new AtomicBoolean();
        Thread thread = new Thread(
                () -> {
                    try {
                        while (!over.get()) {
                            Stanza request = worker.poll(
                                    s -> s.isRequest()
                                            && new String(s.content(), StandardCharsets.UTF_8).contains("urn:q"),
                                    Duration.ofSeconds(1));
                            if (request != null) {
                                worker.send(Worker.reply(request, QUERY));
                            }
                        }
                    } catch (IOException | InterruptedException e) {
                        over.set(true);
                    }
                },
                "picky worker");
        thread.setDaemon(true);
        thread.start();
        open(() -> over.set(true));
    }

    @Test
    void aRollingUpdateOverDndCostsNotOneError() throws Exception {
        // Nothing may go to a second one: each error of a session that ends would show.
        proxy(Map.of("proxy.attempts", "1", "proxy.retry-set", "never", "proxy.leave-grace", "1ms"));
        List<Worker> old = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            old.add(open(Worker.join(server, "old" + i)));
        }
        awaitPool(4);
        AtomicBoolean over = new AtomicBoolean();
        List<String> failures = new CopyOnWriteArrayList<>();
        List<AtomicInteger> served =
                IntStream.range(0, 4).mapToObj(i -> new AtomicInteger()).toList();
        List<Thread> load = new ArrayList<>();
        for (int i = 0; i < served.size(); i++) {
            RawClient requester = client(i % 2 == 0 ? "alice" : "bob", "load" + i);
            AtomicInteger count = served.get(i);
            load.add(new Thread(() -> load(requester, count, failures, over), "load " + i));
        }
        try {
            load.forEach(Thread::start);
            for (int i = 0; i < 4; i++) {
                Worker ending = old.get(i);
                ending.client.send("<presence><show>dnd</show></presence>");
                awaitIdle(ending, served);
                ending.close();
                awaitPool(3);
                open(Worker.join(server, "new" + i));
                awaitPool(4);
            }
        } finally {
            over.set(true);
            for (Thread thread : load) {
                thread.join();
            }
        }
        assertThat(failures).isEmpty();
    }

    private void load(RawClient requester, AtomicInteger count, List<String> failures, AtomicBoolean over) {
        try {
            while (!over.get()) {
                Stanza answer = answer(requester, send(requester, "set", QUERY));
                if (!"result".equals(answer.type())) {
                    failures.add(answer.toXml());
                }
                count.incrementAndGet();
            }
        } catch (Exception | AssertionError e) {
            failures.add(e.toString());
        }
    }

    /** Each of the load has had ten answers more, and none of this worker: so nothing is on its way there. */
    private static void awaitIdle(Worker worker, List<AtomicInteger> served) {
        boolean idle = false;
        while (!idle) {
            int before = worker.answered.get();
            List<Integer> from = served.stream().map(AtomicInteger::get).toList();
            Awaitility.await("the load goes on").atMost(LIMIT).until(() -> IntStream.range(0, from.size())
                    .allMatch(i -> served.get(i).get() >= from.get(i) + 10));
            idle = worker.answered.get() == before;
        }
    }

    @Test
    void whereAllShowDndAllServe() throws Exception {
        proxy(Map.of());
        Worker one = open(Worker.join(server, "one"));
        Worker two = open(Worker.join(server, "two"));
        awaitPool(2);
        RawClient alice = client("alice", "home");
        one.client.send("<presence><show>dnd</show></presence>");
        int[] ones = {one.answered.get()};
        Awaitility.await("no more for one").atMost(LIMIT).until(() -> {
            int before = ones[0];
            assertServed(alice, 10);
            ones[0] = one.answered.get();
            return ones[0] == before;
        });
        two.client.send("<presence><show>dnd</show></presence>");
        Awaitility.await("both serve").atMost(LIMIT).until(() -> {
            assertServed(alice, 2);
            return one.answered.get() > ones[0];
        });
        int twos = two.answered.get();
        assertServed(alice, 4);
        assertThat(two.answered.get()).isEqualTo(twos + 2);
    }
}
