package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Replies that are too much for the component to be read: the requester hears of it at once, long before the reply timeout of
 * ten minutes, and no forged one ends a request.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SkippedReplyScenarios {
    /** 120,000 of these are little for a client, and 720,000 octets where a server writes each as a reference. */
    private static final String QUOTES = "\"".repeat(120_000);

    /** A reply that is too much. */
    enum TooMuch {
        TEXT("result", "", "<r xmlns='urn:r'>QUOTES</r>"),
        ATTRIBUTE("result", "", "<r xmlns='urn:r' a='QUOTES'/>"),
        START_TAG("result", " a='QUOTES'", "<r xmlns='urn:r'/>"),
        LEVELS("result", "", "<r xmlns='urn:r'>DEEP</r>"),
        ATTRIBUTES("result", "", "<r xmlns='urn:r' MANY/>"),
        ATTRIBUTES_OF_THE_IQ("result", " MANY", "<r xmlns='urn:r'/>"),
        NAMESPACE("result", "", "<n:r/>"),
        ERROR_TEXT("error", "", error("<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>QUOTES</text>")),
        ERROR_LEVELS("error", "", error("<x xmlns='urn:x'>DEEP</x>")),
        ERROR_ATTRIBUTES("error", "", error("<x xmlns='urn:x' MANY/>")),
        ERROR_WITH_ITS_PAYLOAD("error", "", "<q xmlns='urn:q'>QUOTES</q>" + error(""));

        private final String type;
        private final String attributes;
        private final String content;

        TooMuch(String type, String attributes, String content) {
            this.type = type;
            this.attributes = attributes;
            this.content = content;
        }

        private static String error(String more) {
            return "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>" + more
                    + "</error>";
        }

        String reply(Stanza request) {
            StringBuilder many = new StringBuilder();
            for (int i = 0; i < 2000; i++) {
                many.append(" a").append(i).append("='1'");
            }
            String reply = "<iq type='" + type + "' id='" + request.id() + "' to='" + request.from() + '\'' + attributes
                    + '>' + content + "</iq>";
            return reply.replace("QUOTES", QUOTES)
                    .replace("MANY", many)
                    .replace("DEEP", "<d>".repeat(2000) + "</d>".repeat(2000));
        }
    }

    private int asked;
    private XmppServer server;
    private RunningProxy proxy;
    private final List<AutoCloseable> opened = new ArrayList<>();

    abstract XmppServer server() throws Exception;

    /** Sends what a session says, so that the server delivers it as from its address. */
    void send(RawClient session, String address, String stanza) throws Exception {
        session.send(stanza);
    }

    /** Whether the server lets this through from a client. */
    boolean lets(TooMuch reply) {
        return true;
    }

    @BeforeAll
    void start() throws Exception {
        server = server();
        server.start();
        proxy = RunningProxy.startReady(server, Map.of("proxy.reply-timeout", "10m", "proxy.drain-timeout", "1s"));
        ProxyScenarios.accept(server);
    }

    @AfterAll
    void stop() {
        proxy.close();
        server.close();
    }

    @AfterEach
    void logOut() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        opened.clear();
    }

    private RawClient client(String user, String resource) throws Exception {
        RawClient client = RawClient.login(server, user, "pw", resource);
        opened.add(client);
        return client;
    }

    /** Sends a request again and again until this session gets it, which the proxy may not know yet. */
    private Stanza ask(RawClient requester, RawClient worker) throws Exception {
        worker.send("<presence/>");
        while (true) {
            // No id twice, so that it is the same on the wire. Requests of others may come too, from sessions that
            // left.
            String id = "r" + asked++;
            requester.send("<iq type='get' id='" + id + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            Stanza refusal = null;
            while (refusal == null) {
                Stanza request = worker.poll(each -> id.equals(each.id()), Duration.ofMillis(100));
                if (request != null) {
                    return request;
                }
                refusal = requester.poll(Stanza::isReply, Duration.ofMillis(100));
            }
        }
    }

    /** A session that takes the place of another one may get that one's request, under another id. */
    private String newResource() {
        return "a" + asked;
    }

    private static String content(Stanza stanza) {
        return new String(stanza.content(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(TooMuch.class)
    void tellsTheRequesterAtOnceThatTheReplyCannotBePassedOn(TooMuch tooMuch) throws Exception {
        Assumptions.assumeTrue(lets(tooMuch), "the server itself refuses or mends it");
        String resource = newResource();
        RawClient worker = client("worker", resource);
        RawClient alice = client("alice", "home");
        Stanza request = ask(alice, worker);
        send(worker, "worker@localhost/" + resource, tooMuch.reply(request));
        Stanza answer =
                alice.await("the answer", s -> s.isReply() && request.id().equals(s.id()));
        assertThat(ProxyScenarios.condition(answer)).isEqualTo("internal-server-error");
        assertThat(content(answer)).contains("<bad-reply xmlns='urn:clientproxy:errors:0'/>");
        assertThat(answer.from()).isEqualTo("proxy.localhost");
        assertThat(answer.octets()).isLessThan(1000);
        // All goes on: the stream, the worker, and the requester.
        Stanza next = ask(alice, worker);
        worker.send(Worker.reply(next, "<fine xmlns='urn:r'/>"));
        assertThat(content(alice.await("the answer", s -> next.id().equals(s.id()))))
                .contains("fine");
        assertThat(proxy.connections()).isOne();
    }

    @Test
    void aForgedReplyThatIsTooMuchEndsNoRequest() throws Exception {
        String resource = newResource();
        RawClient worker = client("worker", resource);
        RawClient alice = client("alice", "home");
        RawClient bob = client("bob", "phone");
        Stanza request = ask(alice, worker);
        String forged = TooMuch.TEXT.reply(request);
        send(bob, "bob@localhost/phone", forged);
        // Another of its sessions, a wrong id, a wrong token.
        RawClient other = client("worker", "other");
        send(other, "worker@localhost/other", forged);
        send(worker, "worker@localhost/" + resource, forged.replace("id='" + request.id() + '\'', "id='other'"));
        send(
                worker,
                "worker@localhost/" + resource,
                forged.replace("to='" + request.from() + '\'', "to='proxy.localhost/x'"));
        // What came before has been handled when this comes.
        for (RawClient sender : List.of(bob, other, worker)) {
            sender.send("<iq type='set' id='after' to='proxy.localhost'/>");
            sender.await("the refusal of a malformed request", s -> "after".equals(s.id()));
        }
        assertThat(alice.unseen()).noneMatch(s -> request.id().equals(s.id()));
        worker.send(Worker.reply(request, "<true xmlns='urn:r'/>"));
        assertThat(content(alice.await("the answer", s -> request.id().equals(s.id()))))
                .contains("true");
    }

    @Test
    void aFloodOfSuchRepliesIsOneLineOfTheLog() throws Exception {
        String resource = newResource();
        RawClient worker = client("worker", resource);
        RawClient alice = client("alice", "home");
        Stanza request = ask(alice, worker);
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            for (int i = 0; i < 20; i++) {
                send(worker, "worker@localhost/" + resource, TooMuch.TEXT.reply(request));
            }
            alice.await("the answer", s -> request.id().equals(s.id()));
            worker.send("<iq type='set' id='after' to='proxy.localhost'/>");
            worker.await("the refusal of a malformed request", s -> "after".equals(s.id()));
            // There may be none of its own in the minute after that of another test.
            assertThat(log.events()).hasSizeLessThanOrEqualTo(1);
        }
    }
}
