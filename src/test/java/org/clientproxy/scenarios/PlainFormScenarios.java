package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code proxy.encoded-from=plain}, through a server: what an implementing client sees, and that its answers return. */
abstract class PlainFormScenarios extends OwnServerScenarios {
    private RawClient worker;

    @BeforeEach
    void start() throws Exception {
        open(RunningProxy.startReady(
                server, Map.of("proxy.encoded-from", "plain", "proxy.reply-timeout", "10s", "proxy.attempts", "1")));
        worker = worker("a");
        worker.await("the contact request", s -> "subscribe".equals(s.type()));
        worker.send("<presence type='subscribed' to='proxy.localhost'/>");
        RawClient setup = client("bob", "setup");
        int[] tries = new int[1];
        Awaitility.await("the proxy knows the worker")
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    String id = "setup" + tries[0]++;
                    ask(setup, id, "proxy.localhost");
                    Stanza request = worker.poll(s -> id.equals(s.id()), Duration.ofMillis(300));
                    if (request != null) {
                        worker.send(Worker.reply(request, ""));
                    }
                    return request != null;
                });
    }

    private RawClient worker(String resource) throws Exception {
        RawClient joined = client("worker", resource);
        joined.send("<presence/>");
        return joined;
    }

    private static void ask(RawClient from, String id, String to) throws Exception {
        StringBuilder request = new StringBuilder("<iq type='set' id='" + id + "' to='");
        XmlText.escape(to, request);
        from.send(request.append("'><q xmlns='urn:q'/></iq>").toString());
    }

    /** Asks at this address and has the worker answer; returns what the worker saw. */
    private Stanza exchange(RawClient requester, String id, String to) throws Exception {
        ask(requester, id, to);
        Stanza request = worker.await("the request " + id, s -> s.isRequest() && id.equals(s.id()));
        worker.send(Worker.reply(request, "<r xmlns='urn:r'/>"));
        Stanza answer = requester.await("the answer to " + id, s -> s.isReply() && id.equals(s.id()));
        assertThat(answer.type()).isEqualTo("result");
        assertThat(answer.from()).isEqualTo(to);
        return request;
    }

    @Test
    void theWorkerSeesTheRequesterItself() throws Exception {
        RawClient alice = client("alice", "web-1");
        assertThat(exchange(alice, "1", "proxy.localhost").from()).isEqualTo("proxy.localhost/alice@localhost/web-1");
        // Always the same, so that sessions can be kept by it.
        assertThat(exchange(alice, "2", "proxy.localhost").from()).isEqualTo("proxy.localhost/alice@localhost/web-1");
    }

    @Test
    void everyPrintableCharacterOfAsciiPassesThrough() throws Exception {
        StringBuilder printable = new StringBuilder(" ");
        for (char c = '~'; c > ' '; c--) {
            printable.append(c);
        }
        for (String resource :
                List.of(printable + " ", "a  b", "a/b@c", "AQAVdXNlckBzb21lLmV4YW1wbGUvYWJjy8kSPUnIMOTo6R0I4Z7Tow")) {
            RawClient alice = client("alice", resource);
            assertThat(exchange(alice, "1", "proxy.localhost").from())
                    .isEqualTo("proxy.localhost/alice@localhost/" + resource);
        }
    }

    @Test
    void othersKeepTheToken() throws Exception {
        String token = "proxy\\.localhost/[A-Za-z0-9_-]+";
        assertThat(exchange(client("alice", "h\u00f6me"), "1", "proxy.localhost")
                        .from())
                .matches(token);
        assertThat(exchange(client("bob", "r".repeat(1020)), "2", "proxy.localhost")
                        .from())
                .matches(token);
        assertThat(exchange(client("bob", "home"), "3", "node@proxy.localhost").from())
                .matches(token);
    }

    @Test
    void anotherWorkerNeverGetsWhatIsSentToAnAddress() throws Exception {
        RawClient other = worker("b");
        RawClient alice = client("alice", "web-1");
        Awaitility.await("both are in the pool").atMost(Duration.ofSeconds(30)).until(() -> {
            ask(alice, "either", "proxy.localhost");
            return other.poll(s -> "either".equals(s.id()), Duration.ofMillis(300)) != null;
        });
        ask(worker, "reverse", "proxy.localhost/alice@localhost/web-1");
        Stanza asked = alice.await("what is meant for her", s -> s.isRequest() && "reverse".equals(s.id()));
        alice.send(Worker.reply(asked, "<hers xmlns='urn:r'/>"));
        Stanza hers = worker.await("her answer", s -> s.isReply() && "reverse".equals(s.id()));
        assertThat(hers.type()).isEqualTo("result");
        assertThat(hers.from()).isEqualTo("proxy.localhost/alice@localhost/web-1");
        for (String address : List.of("alice@localhost", "nobody@localhost/x", "localhost")) {
            ask(worker, "reverse", "proxy.localhost/" + address);
            Stanza answer = worker.await("the answer", s -> s.isReply() && "reverse".equals(s.id()));
            assertThat(ProxyScenarios.condition(answer)).isEqualTo("item-not-found");
            assertThat(answer.from()).isEqualTo("proxy.localhost/" + address);
            assertThat(answer.toXml()).contains("unknown-token");
        }
        assertThat(other.unseen()).noneMatch(s -> "reverse".equals(s.id()));
        assertThat(alice.unseen()).noneMatch(s -> "reverse".equals(s.id()));
    }
}
