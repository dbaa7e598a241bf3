package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** The three set-ups of {@code docs/workers.md}, with the keys as they stand there. */
abstract class WorkerSetUpScenarios extends OwnServerScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String BUSY =
            "<error type='wait'><resource-constraint" + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

    private int serial;

    /** A proxy with the keys below this heading of the page. */
    private void proxy(String heading) throws Exception {
        Matcher block = Pattern.compile("### " + heading + "\n.*?```properties\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/workers.md")));
        assertThat(block.find()).as(heading).isTrue();
        Properties read = new Properties();
        read.load(new StringReader(block.group(1)));
        Map<String, String> keys = new HashMap<>(Map.of("proxy.pending", "memory", "proxy.drain-timeout", "100ms"));
        read.forEach((key, value) -> keys.put(key.toString(), value.toString()));
        // Accepted beside a proxy of its own, with which the requests end that this takes.
        try (RunningProxy first = RunningProxy.startReady(server, Map.of("proxy.pending", "memory"))) {
            ProxyScenarios.accept(server);
        }
        open(RunningProxy.startReady(server, keys));
    }

    private String ask(RawClient requester) throws IOException {
        String id = "s" + serial++;
        requester.send("<iq type='get' id='" + id + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        return id;
    }

    private String answerTo(RawClient requester, String id) throws InterruptedException {
        return requester
                .await("the answer to " + id, stanza -> stanza.isReply() && id.equals(stanza.id()))
                .type();
    }

    /** A session of the target that does with each request what its kind does, on a thread of its own. */
    private final class Session implements AutoCloseable {
        final AtomicInteger asked = new AtomicInteger();
        final AtomicInteger together = new AtomicInteger();
        private final RawClient client;
        private final Kind kind;
        private volatile boolean over;

        Session(String resource, Kind kind) throws Exception {
            this.kind = kind;
            client = RawClient.login(server, "worker", "pw", resource);
            open(this);
            client.send("<presence/>");
            Thread thread = new Thread(this::serve, "worker " + resource);
            thread.setDaemon(true);
            thread.start();
        }

        private void serve() {
            try {
                while (!over) {
                    Stanza request = client.poll(WorkerSetUpScenarios::isWork, Duration.ofMillis(200));
                    if (request != null) {
                        asked.incrementAndGet();
                        // What it has not replied to is all that it has.
                        if (client.unseen().stream().anyMatch(WorkerSetUpScenarios::isWork)) {
                            together.incrementAndGet();
                        }
                        kind.answer(client, request);
                    }
                }
            } catch (IOException | InterruptedException e) {
                over = true;
            }
        }

        @Override
        public void close() {
            over = true;
            client.close();
        }
    }

    private interface Kind {
        Kind WORKING = (client, request) -> client.send(Worker.reply(request, ""));
        Kind BUSY_BY_HAND = (client, request) ->
                client.send("<iq type='error' id='" + request.id() + "' to='" + request.from() + "'>" + BUSY + "</iq>");
        Kind HUNG = (client, request) -> {
            // It never says anything.
        };

        void answer(RawClient client, Stanza request) throws IOException;
    }

    /** Servers ask their clients this and that, too. */
    private static boolean isWork(Stanza stanza) {
        return stanza.isRequest()
                && stanza.from() != null
                && stanza.from().startsWith("proxy.localhost/")
                && !stanza.toXml().contains("urn:xmpp:ping");
    }

    private void awaitServed(RawClient requester, Session session) {
        Awaitility.await("the session is asked").atMost(LIMIT).until(() -> {
            answerTo(requester, ask(requester));
            return session.asked.get() > 0;
        });
    }

    @Test
    void sixtyAtOnceForThreeThatDoOneJobAtATime() throws Exception {
        proxy("One job at a time");
        RawClient first = client("alice", "first");
        List<Session> workers = new ArrayList<>();
        for (String resource : List.of("a", "b", "c")) {
            workers.add(new Session(resource, Kind.WORKING));
            awaitServed(first, workers.get(workers.size() - 1));
        }
        Session byHand = new Session("by-hand", Kind.BUSY_BY_HAND);
        awaitServed(first, byHand);
        Map<String, RawClient> asked = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            for (String user : List.of("alice", "bob")) {
                RawClient requester = i == 0 ? client(user, "home") : asked.get(user);
                asked.put(user, requester);
                ask(requester);
            }
            ask(first);
        }
        Set<String> answered = new HashSet<>();
        for (RawClient requester : List.of(first, asked.get("alice"), asked.get("bob"))) {
            for (int i = 0; i < 20; i++) {
                Stanza answer = requester.await("an answer", Stanza::isReply);
                assertThat(answer.type()).isEqualTo("result");
                assertThat(answered.add(answer.id())).isTrue();
            }
        }
        assertThat(answered).hasSize(60);
        for (Session worker : workers) {
            assertThat(worker.together)
                    .as("requests that came while it had one")
                    .hasValue(0);
        }
    }

    @Test
    void oneThatHangsAmongManyCostsLittleAndIsLeftAlone() throws Exception {
        proxy("Many requests, quickly answered");
        RawClient alice = client("alice", "home");
        awaitServed(alice, new Session("a", Kind.WORKING));
        awaitServed(alice, new Session("b", Kind.WORKING));
        Session hung = new Session("hung", Kind.HUNG);
        // Each that it gets is answered by another one after the time of one attempt.
        Awaitility.await("it is asked").atMost(LIMIT).until(() -> {
            assertThat(answerTo(alice, ask(alice))).isEqualTo("result");
            return hung.asked.get() > 0;
        });
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            ids.add(ask(alice));
        }
        for (String id : ids) {
            assertThat(answerTo(alice, id)).isEqualTo("result");
        }
        for (int i = 0; i < 50; i++) {
            assertThat(answerTo(alice, ask(alice))).isEqualTo("result");
        }
    }

    @Test
    void oldOnesThatShowDndGiveWayToNewOnes() throws Exception {
        proxy("Mixed versions, during a rolling update");
        RawClient alice = client("alice", "home");
        AnnouncingWorker old = AnnouncingWorker.join(server, "old", "", "urn:q");
        open(old);
        Awaitility.await("the old one serves").atMost(LIMIT).until(() -> "result".equals(answerTo(alice, ask(alice))));
        AnnouncingWorker other = AnnouncingWorker.join(server, "new", "", "urn:q", "urn:new");
        open(other);
        Awaitility.await("the new one serves what is new").atMost(LIMIT).until(() -> {
            String id = "n" + serial++;
            alice.send("<iq type='get' id='" + id + "' to='proxy.localhost'><q xmlns='urn:new'/></iq>");
            return "result".equals(answerTo(alice, id));
        });
        old.announce("<show>dnd</show>", "urn:q");
        Awaitility.await("the old one is asked no more").atMost(LIMIT).until(() -> {
            boolean asked = false;
            for (int i = 0; i < 20; i++) {
                String id = ask(alice);
                Stanza answer = alice.await("the answer", stanza -> stanza.isReply() && id.equals(stanza.id()));
                assertThat(answer.type()).isEqualTo("result");
                asked |= answer.toXml().contains(">old<");
            }
            return !asked;
        });
        old.close();
        for (int i = 0; i < 20; i++) {
            assertThat(answerTo(alice, ask(alice))).isEqualTo("result");
        }
    }
}
