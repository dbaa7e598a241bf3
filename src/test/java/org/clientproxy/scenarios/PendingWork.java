package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Stanza;

/** Requests that a worker has and answers when the test says so, and the requester who counts the answers. */
final class PendingWork implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int COUNT = 40;

    private final RawClient worker;
    private final RawClient alice;

    PendingWork(XmppServer server) throws Exception {
        worker = RawClient.login(server, "worker", "pw", "a");
        worker.send("<presence/>");
        alice = RawClient.login(server, "alice", "pw", "home");
    }

    private static boolean isWork(Stanza stanza) {
        return stanza.isRequest() && stanza.from() != null && stanza.from().startsWith("proxy.localhost/");
    }

    /** The worker gets as many requests as these, and answers none yet. */
    List<Stanza> ask(String prefix) throws Exception {
        for (int i = 0; i < COUNT; i++) {
            alice.send("<iq type='set' id='" + prefix + i + "' to='proxy.localhost'><record xmlns='urn:r'/></iq>");
        }
        List<Stanza> work = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            work.add(worker.await("request " + i, PendingWork::isWork));
        }
        return work;
    }

    void reply(List<Stanza> work) throws Exception {
        for (Stanza request : work) {
            worker.send(Worker.reply(request, "<done xmlns='urn:r'/>"));
        }
    }

    /** Each has its result, once. */
    void awaitResults(String prefix) {
        Map<String, Integer> answers = new HashMap<>();
        Awaitility.await("all answers").atMost(LIMIT).until(() -> {
            Stanza answer = alice.poll(each -> each.isReply() && each.id().startsWith(prefix), Duration.ofMillis(50));
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
                worker.send(Worker.reply(request, "<done xmlns='urn:r'/>"));
                return alice.poll(each -> each.isReply(), Duration.ofMillis(200)) != null;
            });
            assertThat(request.id()).as("it names its owner").startsWith("1-");
        }
    }

    void assertNoMore() throws InterruptedException {
        assertThat(alice.poll(Stanza::isReply, Duration.ZERO))
                .as("a second answer")
                .isNull();
    }

    @Override
    public void close() {
        worker.close();
        alice.close();
    }
}
