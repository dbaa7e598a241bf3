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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Starts, stops, breaks and denials: each with a server and a proxy of its own. */
abstract class LifeScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final Map<String, String> FAST =
            Map.of("proxy.confirm-timeout", "1s", "proxy.drain-timeout", "1s", "proxy.reply-timeout", "10s");

    private XmppServer server;
    private final List<AutoCloseable> opened = new ArrayList<>();

    abstract XmppServer server() throws Exception;

    @BeforeEach
    void prepare() throws Exception {
        server = server();
    }

    @AfterEach
    void end() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        server.close();
    }

    private RunningProxy proxy() throws Exception {
        RunningProxy proxy = RunningProxy.start(server, FAST);
        opened.add(proxy);
        return proxy;
    }

    private RawClient client(String user, String resource) throws Exception {
        RawClient client = RawClient.login(server, user, "pw", resource);
        opened.add(client);
        return client;
    }

    private Stanza ask(RawClient requester, String id) throws Exception {
        requester.send("<iq type='get' id='" + id + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        return requester.await("the answer to " + id, s -> s.isReply() && id.equals(s.id()));
    }

    private void awaitServed(RawClient requester) {
        int[] tries = new int[1];
        Awaitility.await("a request is served").atMost(LIMIT).until(() -> "result"
                .equals(ask(requester, "s" + tries[0]++).type()));
    }

    private void awaitRefused(RawClient requester) {
        int[] tries = new int[1];
        Awaitility.await("the pool is empty").atMost(LIMIT).until(() -> "service-unavailable"
                .equals(ProxyScenarios.condition(ask(requester, "r" + tries[0]++))));
    }

    @Test
    void servesWhenServerAndTargetComeLaterThanTheProxy() throws Exception {
        RunningProxy proxy = proxy();
        Awaitility.await().atMost(LIMIT).until(() -> proxy.stream().lastFailure() != null);
        server.start();
        proxy.awaitReady();
        ProxyScenarios.accept(server);
        RawClient alice = client("alice", "home");
        awaitRefused(alice);
        opened.add(Worker.join(server, "a"));
        awaitServed(alice);
    }

    @Test
    void servesAgainAfterTheServerWasKilled() throws Exception {
        server.start();
        RunningProxy proxy = proxy();
        proxy.awaitReady();
        ProxyScenarios.accept(server);
        opened.add(Worker.join(server, "a"));
        awaitServed(client("alice", "home"));
        server.kill();
        Awaitility.await().atMost(LIMIT).until(() -> proxy.stream().state() != StreamState.READY);
        server.start();
        proxy.awaitReady();
        opened.add(Worker.join(server, "a"));
        awaitServed(client("alice", "home"));
    }

    @Test
    void asksUntilTheSubscriptionIsAcceptedAndForgetsAllWhenItIsRevoked() throws Exception {
        server.start();
        proxy().awaitReady();
        RawClient owner = client("worker", "owner");
        owner.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
        owner.await("the roster", s -> "roster".equals(s.id()));
        owner.send("<presence/>");
        owner.await("a request to subscribe", s -> "subscribe".equals(s.type()));
        RawClient alice = client("alice", "home");
        awaitRefused(alice);
        owner.send("<presence type='subscribed' to='proxy.localhost'/>");
        Worker worker = Worker.join(server, "a");
        opened.add(worker);
        int[] tries = new int[1];
        // The owner's session is in the pool too and answers nothing, so some requests go unanswered.
        Awaitility.await("a request is served").atMost(LIMIT).until(() -> {
            alice.send("<iq type='get' id='w" + tries[0]++ + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            return alice.poll(s -> "result".equals(s.type()), Duration.ofMillis(500)) != null;
        });
        owner.send("<presence type='unsubscribed' to='proxy.localhost'/>");
        awaitRefused(alice);
    }

    @Test
    void answersOnceWhenTheProxyIsRestartedWithRequestsInFlight() throws Exception {
        server.start();
        RunningProxy first = proxy();
        first.awaitReady();
        ProxyScenarios.accept(server);
        RawClient silent = client("worker", "silent");
        silent.send("<presence/>");
        RawClient alice = client("alice", "home");
        Awaitility.await().atMost(LIMIT).until(() -> {
            alice.send("<iq type='get' id='warm' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            return silent.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        alice.send("<iq type='set' id='flying' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        Stanza forwarded = silent.await("the request", s -> "flying".equals(s.id()));
        first.close();
        assertThat(ProxyScenarios.condition(alice.await("the answer", s -> "flying".equals(s.id()))))
                .isEqualTo("recipient-unavailable");
        proxy().awaitReady();
        silent.send(Worker.reply(forwarded, "<late xmlns='urn:r'/>"));
        RawClient bob = client("bob", "phone");
        Awaitility.await().atMost(LIMIT).until(() -> {
            bob.send("<iq type='get' id='after' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            Stanza request = silent.poll(Stanza::isRequest, Duration.ofMillis(500));
            if (request != null) {
                silent.send(Worker.reply(request, ""));
            }
            return bob.poll(s -> "result".equals(s.type()), Duration.ofMillis(500)) != null;
        });
        assertThat(alice.unseen()).noneMatch(s -> "flying".equals(s.id()));
    }

    @Test
    void saysThatTheSecretIsWrongAndGoesOnTrying() throws Exception {
        server.start();
        RunningProxy proxy = RunningProxy.start(server, Map.of("xmpp.secret", "another-one"));
        opened.add(proxy);
        Awaitility.await().atMost(LIMIT).until(() -> proxy.stream().lastFailure() != null);
        assertThat(proxy.stream().lastFailure())
                .contains("xmpp.secret")
                .contains("not-authorized")
                .doesNotContain("another-one");
        assertThat(proxy.stream().state()).isNotEqualTo(StreamState.READY);
    }
}
