package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Stanza;

/** Requests that a worker has and answers when the test says so, and the requester who counts the answers. */
final class PendingWork implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int COUNT = 40;
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final XmppServer server;
    private final RawClient alice;
    private RawClient worker;
    private int probes;

    // Of this test alone: several have the same nodes, one after the other.
    private final String name = "w" + NEXT.incrementAndGet();

    PendingWork(XmppServer server) throws Exception {
        this.server = server;
        worker = worker(name);
        alice = RawClient.login(server, "alice", "pw", name);
    }

    private RawClient worker(String resource) throws Exception {
        RawClient worker = RawClient.login(server, "worker", "pw", resource);
        worker.send("<presence/>");
        return worker;
    }

    /** Another worker comes, and the one before leaves. */
    void replaceWorker() throws Exception {
        RawClient before = worker;
        worker = worker(name + "-next");
        before.send("<presence type='unavailable'/>");
        before.close();
    }

    static boolean isWork(Stanza stanza) {
        return stanza.isRequest() && stanza.from() != null && stanza.from().startsWith("proxy.localhost/");
    }

    private void request(String id) throws Exception {
        alice.send("<iq type='set' id='" + name + id + "' to='proxy.localhost'><record xmlns='urn:r'/></iq>");
    }

    /** The worker gets as many requests as these, and answers none yet. */
    List<Stanza> ask(String prefix) throws Exception {
        for (int i = 0; i < COUNT; i++) {
            request(prefix + i);
        }
        List<Stanza> work = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            work.add(worker.await("request " + i, PendingWork::isWork));
        }
        return work;
    }

    void reply(List<Stanza> work) throws Exception {
        for (Stanza request : work) {
            reply(request);
        }
    }

    private void reply(Stanza request) throws Exception {
        worker.send(Worker.reply(request, "<done xmlns='urn:r'/>"));
    }

    /** Each has its result, once. */
    void awaitResults(String prefix) {
        Map<String, Integer> answers = new HashMap<>();
        Awaitility.await("all answers").atMost(LIMIT).until(() -> {
            Stanza answer =
                    alice.poll(each -> each.isReply() && each.id().startsWith(name + prefix), Duration.ofMillis(50));
            if (answer != null) {
                assertThat(answer.type()).as(answer.toXml()).isEqualTo("result");
                answers.merge(answer.id(), 1, Integer::sum);
            }
            return answers.size() == COUNT;
        });
        assertThat(answers.values()).allMatch(count -> count == 1);
    }

    /** Until the server knows that the old connection is closed, replies may go into it. */
    void replyUntilItComes(List<Stanza> work) throws Exception {
        for (Stanza request : work) {
            Awaitility.await("an answer").atMost(LIMIT).until(() -> {
                reply(request);
                return alice.poll(each -> each.isReply(), Duration.ofMillis(200)) != null;
            });
        }
    }

    /** The numbers of the nodes that took these requests in: the ids that are forwarded name them. */
    static Set<Integer> owners(List<Stanza> work) {
        return work.stream().map(PendingWork::owner).collect(Collectors.toSet());
    }

    private static int owner(Stanza request) {
        return request.id().charAt(0) - '0';
    }

    /** As many requests as it takes until each of these nodes has given one to the worker; nothing is pending then. */
    void awaitKnownTo(Set<Integer> nodes) throws Exception {
        Set<Integer> seen = new HashSet<>();
        Awaitility.await("all nodes know the worker").atMost(LIMIT).until(() -> {
            request("probe" + probes++);
            replyToNext(seen);
            return seen.containsAll(nodes);
        });
        while (replyToNext(seen)) {
            // Until no more come.
        }
        while (alice.poll(Stanza::isReply, SHORT) != null) {
            // That they are answered is another test's matter.
        }
    }

    private boolean replyToNext(Set<Integer> owners) throws Exception {
        Stanza request = worker.poll(PendingWork::isWork, SHORT);
        if (request == null) {
            return false;
        }
        owners.add(owner(request));
        reply(request);
        return true;
    }

    void assertNoMore() throws InterruptedException {
        assertThat(alice.poll(Stanza::isReply, SHORT)).as("a second answer").isNull();
    }

    @Override
    public void close() {
        worker.close();
        alice.close();
    }
}
