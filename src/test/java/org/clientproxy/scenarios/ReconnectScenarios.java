package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An operator has the stream made anew while requests are pending. */
abstract class ReconnectScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final List<AutoCloseable> opened = new ArrayList<>();

    abstract XmppServer server() throws Exception;

    @AfterEach
    void end() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private RawClient client(XmppServer server, String user, String resource) throws Exception {
        RawClient client = RawClient.login(server, user, "pw", resource);
        opened.add(client);
        return client;
    }

    private static void ask(RawClient requester, String type, String id) throws Exception {
        requester.send("<iq type='" + type + "' id='" + id + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
    }

    /** With delays between attempts that the test does not wait for: it is at once. */
    @Test
    void aPendingRequestIsAnsweredOnceAfterAReconnect() throws Exception {
        XmppServer server = server();
        opened.add(server);
        server.start();
        RunningProxy proxy = RunningProxy.startReady(
                server,
                Map.of(
                        "xmpp.reconnect-min", "1h",
                        "xmpp.reconnect-max", "1h",
                        "proxy.confirm-timeout", "1s",
                        "proxy.drain-timeout", "1s"));
        opened.add(proxy);
        ProxyScenarios.accept(server);
        RawClient worker = client(server, "worker", "slow");
        worker.send("<presence/>");
        RawClient alice = client(server, "alice", "home");
        int[] tries = new int[1];
        Awaitility.await("the pool knows the worker").atMost(LIMIT).until(() -> {
            ask(alice, "get", "warm" + tries[0]++);
            return worker.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        ask(alice, "set", "flying");
        Stanza forwarded = worker.await("the request", s -> "flying".equals(s.id()));
        proxy.stream().reconnect();
        Awaitility.await("the stream is ready again")
                .atMost(LIMIT)
                .until(() -> proxy.connections() == 2 && proxy.stream().state() == StreamState.READY);
        // One that comes meanwhile waits until the pool is confirmed again.
        ask(alice, "get", "next");
        Stanza next = worker.await("the next request", s -> "next".equals(s.id()));
        worker.send(Worker.reply(forwarded, "<late xmlns='urn:r'/>"));
        worker.send(Worker.reply(next, ""));
        assertThat(alice.await("the answer", s -> "flying".equals(s.id())).toXml())
                .contains("type='result'")
                .contains("urn:r");
        assertThat(alice.await("the next answer", s -> "next".equals(s.id())).type())
                .isEqualTo("result");
        assertThat(alice.unseen()).noneMatch(s -> "flying".equals(s.id()));
    }
}
