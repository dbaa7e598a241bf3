package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.AdviceWith;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Messages in the set-up of {@code docs/messages.md}: implementing clients that send presence to the proxy host alone, and a server
 * without offline storage. Whom a conversation reaches, and what becomes of a message to a session that has just gone.
 */
abstract class MessageScenarios extends SharedServerScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String HOST = "proxy.localhost";
    private static final Map<String, String> KEYS = Map.of(
            "proxy.subscribe", "off", "proxy.messages", "on", "proxy.confirm-timeout", "1s", "proxy.message-rate", "0");

    private static final List<String> ADDRESSES = List.of(HOST, HOST + "/x", "shop@" + HOST, "shop@" + HOST + "/x");
    private static final List<String> ANSWERED = List.of("chat", "normal", "", "groupchat");
    private static final List<String> TYPES = List.of("chat", "normal", "", "groupchat", "headline", "error");

    private final Map<String, RawClient> workers = new HashMap<>();
    private RunningProxy proxy;
    private PoolSize pool;

    @AfterEach
    void forgetWorkers() {
        workers.clear();
    }

    private void start() throws Exception {
        start(Map.of());
    }

    private void start(Map<String, String> more) throws Exception {
        Map<String, String> keys = new HashMap<>(KEYS);
        keys.putAll(more);
        pool = new PoolSize();
        proxy = open(RunningProxy.start(server, keys, Map.of("camel.main.jmxEnabled", "true"), pool));
        proxy.awaitReady();
    }

    private RawClient worker(String resource) throws Exception {
        RawClient worker = open(RawClient.login(server, "worker", "pw", resource));
        worker.send("<presence to='" + HOST + "'/>");
        workers.put(resource, worker);
        return worker;
    }

    private void awaitPool(int resources) {
        pool.await(resources);
    }

    private RawClient alice(String resource) throws Exception {
        return open(RawClient.login(server, "alice", "pw", resource));
    }

    private static void write(RawClient from, String to, String type, String id) throws Exception {
        from.send("<message type='" + type + "' id='" + id + "' to='" + to + "'><body>" + id + "</body></message>");
    }

    private static Stanza awaited(RawClient by, String id) throws Exception {
        return by.await("the message " + id, stanza -> id.equals(stanza.id()));
    }

    /** Who of the target has this message. */
    private Map.Entry<String, Stanza> taken(String id) {
        List<Map.Entry<String, Stanza>> found = new ArrayList<>();
        Awaitility.await("somebody has " + id).atMost(LIMIT).until(() -> {
            for (Map.Entry<String, RawClient> each : workers.entrySet()) {
                Stanza stanza = each.getValue().poll(message -> id.equals(message.id()), Duration.ZERO);
                if (stanza != null) {
                    found.add(Map.entry(each.getKey(), stanza));
                }
            }
            return !found.isEmpty();
        });
        return found.get(0);
    }

    @Test
    void aConversationStaysWhereItIsWhenOthersComeAndMovesWhenItsResourceLeaves() throws Exception {
        start();
        for (int i = 0; i < 5; i++) {
            worker("w" + i);
        }
        awaitPool(5);
        RawClient alice = alice("home");
        Map<String, String> before = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            write(alice, "service" + i + "@" + HOST, "chat", "first" + i);
            before.put("service" + i, taken("first" + i).getKey());
        }
        for (int i = 5; i < 10; i++) {
            worker("w" + i);
        }
        awaitPool(10);
        String leaving = before.get("service0");
        workers.remove(leaving).close();
        awaitPool(9);
        for (int i = 0; i < 20; i++) {
            write(alice, "service" + i + "@" + HOST, "chat", "again" + i);
            String holder = before.get("service" + i);
            String now = taken("again" + i).getKey();
            if (holder.equals(leaving)) {
                assertThat(now).isNotEqualTo(leaving);
            } else {
                assertThat(now).isEqualTo(holder);
            }
        }
    }

    @Test
    void whatAnswersAMessageThatAResourceBeganReachesThatOneAmongTen() throws Exception {
        start();
        for (int i = 0; i < 10; i++) {
            worker("w" + i);
        }
        awaitPool(10);
        RawClient home = alice("home");
        write(home, HOST, "chat", "hello");
        String token = taken("hello").getValue().from();
        RawClient phone = alice("phone");
        for (int i = 0; i < 10; i++) {
            write(workers.get("w" + i), token, "chat", "begun" + i);
            Stanza begun = awaited(home, "begun" + i);
            assertThat(begun.from()).isEqualTo(HOST);
            write(i % 2 == 0 ? home : phone, HOST, "chat", "answer" + i);
            assertThat(taken("answer" + i).getKey()).isEqualTo("w" + i);
        }
    }

    @Test
    void theOrderOfAConversationIsKept() throws Exception {
        start();
        worker("a");
        worker("b");
        awaitPool(2);
        RawClient alice = alice("home");
        StringBuilder batch = new StringBuilder();
        int many = 10_000;
        for (int i = 0; i < many; i++) {
            batch.append("<message type='chat' id='m").append(i).append("' to='" + HOST + "'><body>x</body></message>");
            if (i % 100 == 99) {
                alice.send(batch.toString());
                batch.setLength(0);
            }
        }
        RawClient holder = workers.get(taken("m" + (many - 1)).getKey());
        List<Stanza> came = holder.unseen().stream()
                .filter(stanza -> stanza.kind() == Stanza.Kind.MESSAGE)
                .toList();
        assertThat(came.size()).isEqualTo(many - 1);
        for (int i = 0; i < came.size(); i++) {
            assertThat(came.get(i).id()).isEqualTo("m" + i);
        }
    }

    @Test
    void twoThatReplyToEachMessageDoNotTalkToEachOther() throws Exception {
        start();
        RawClient a = worker("a");
        RawClient b = worker("b");
        awaitPool(2);
        write(a, HOST, "chat", "begin");
        // Both echo whatever is no error, as libraries do, until nothing comes any more.
        int echoes = 0;
        for (RawClient each : List.of(a, b, a, b)) {
            Stanza message = each.poll(
                    stanza -> stanza.kind() == Stanza.Kind.MESSAGE, Duration.ofMillis(each == a ? 5000 : 200));
            while (message != null) {
                echoes++;
                if (!"error".equals(message.type())) {
                    write(each, message.from(), "chat", "echo" + echoes);
                }
                message = each.poll(stanza -> stanza.kind() == Stanza.Kind.MESSAGE, Duration.ofMillis(200));
            }
        }
        // The one error for the first.
        assertThat(echoes).isEqualTo(1);
    }

    @Test
    void aMessageToASessionThatHasJustGoneComesBackAndNobodyElseHasACopy() throws Exception {
        start();
        RawClient a = worker("a");
        worker("b");
        awaitPool(2);
        RawClient alice = alice("home");
        write(alice, HOST, "chat", "hello");
        String token = taken("hello").getValue().from();
        write(a, token, "chat", "mine");
        awaited(alice, "mine");
        // The session ends after it is chosen, and before the server has the message.
        CountDownLatch chosen = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        AdviceWith.adviceWith(proxy.context(), "proxy-stanzas", advice -> advice.weaveById("proxy-send-message")
                .before()
                .process(exchange -> {
                    chosen.countDown();
                    gone.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
                }));
        awaitPool(2);
        write(alice, HOST, "chat", "lost");
        assertThat(chosen.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        workers.remove("a").cut();
        Awaitility.await("the server knows that it is gone").atMost(LIMIT).until(() -> {
            String id = "gone" + System.nanoTime();
            alice.send("<iq type='get' id='" + id + "' to='worker@localhost/a'><ping xmlns='urn:xmpp:ping'/></iq>");
            return alice.await("the answer to " + id, stanza -> id.equals(stanza.id()))
                    .toXml()
                    .contains("service-unavailable");
        });
        gone.countDown();
        Stanza bounce = awaited(alice, "lost");
        assertThat(bounce.type()).isEqualTo("error");
        assertThat(bounce.from()).isEqualTo(HOST);
        assertThat(bounce.toXml()).contains("service-unavailable");
        // What comes next goes to the other one, which had no copy before.
        write(alice, HOST, "chat", "next");
        awaited(workers.get("b"), "next");
        assertThat(workers.get("b").unseen())
                .filteredOn(stanza -> stanza.kind() == Stanza.Kind.MESSAGE)
                .isEmpty();
    }

    /** Sends a message of each type to each address, and hears this of those types to which an error is sent. */
    private static void assertRefused(RawClient sender, String condition) throws Exception {
        for (String address : ADDRESSES) {
            for (String type : TYPES) {
                String id = condition + ' ' + type + ' ' + address;
                writeOfType(sender, address, type, id);
                if (ANSWERED.contains(type)) {
                    Stanza error = awaited(sender, id);
                    assertThat(error.type()).as(id).isEqualTo("error");
                    assertThat(error.from()).as(id).isEqualTo(address);
                    assertThat(error.toXml())
                            .as(id)
                            .contains("<" + condition + " ")
                            .contains("urn:clientproxy:errors:0")
                            .doesNotContain("<body");
                }
            }
        }
        write(sender, HOST, "chat", "after " + condition);
        awaited(sender, "after " + condition);
        assertThat(sender.unseen())
                .as("headlines and errors")
                .noneMatch(stanza -> stanza.kind() == Stanza.Kind.MESSAGE);
    }

    private static void writeOfType(RawClient from, String to, String type, String id) throws Exception {
        from.send(
                "<message" + (type.isEmpty() ? "" : " type='" + type + "'") + " id='" + id + "' to='" + to + "'><body>"
                        + id + "</body>"
                        + (type.equals("error")
                                ? "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
                                : "")
                        + "</message>");
    }

    @Test
    void eachTypeAtEachAddressHasItsOutcomeInEachState() throws Exception {
        start(Map.of("proxy.deny", "bob@localhost", "proxy.drain-timeout", "20s"));
        RawClient a = worker("a");
        awaitPool(1);
        RawClient alice = alice("home");
        for (String address : ADDRESSES) {
            for (String type : TYPES) {
                String id = type + ' ' + address;
                writeOfType(alice, address, type, id);
                // The first of a conversation is no error: so there is somebody who holds it.
                Stanza passed = awaited(a, id);
                String came = passed.type() == null ? "normal" : passed.type();
                assertThat(came).as(id).isEqualTo(type.isEmpty() ? "normal" : type);
                write(a, passed.from(), "chat", "to " + id);
                assertThat(awaited(alice, "to " + id).from()).isEqualTo(address);
            }
        }
        assertRefused(open(RawClient.login(server, "bob", "pw", "home")), "forbidden");
        proxy.operate("pause");
        assertRefused(alice, "paused");
        proxy.operate("resume");
        a.close();
        awaitPool(0);
        assertRefused(alice, "no-resource");
        RawClient b = worker("b");
        awaitPool(1);
        alice.send("<iq type='get' id='long' to='" + HOST + "'><q xmlns='urn:q'/></iq>");
        Stanza request = b.await("the request", Stanza::isRequest);
        Thread stop = new Thread(proxy::close, "stop");
        stop.start();
        Awaitility.await("it stops").atMost(LIMIT).until(() -> {
            String id = "now" + System.nanoTime();
            write(alice, HOST, "chat", id);
            Stanza error = alice.poll(stanza -> id.equals(stanza.id()), Duration.ofMillis(200));
            return error != null && error.toXml().contains("<stopping");
        });
        assertRefused(alice, "stopping");
        b.send(Worker.reply(request, ""));
        alice.await("the reply", stanza -> "long".equals(stanza.id()));
        stop.join();
    }

    @Test
    void whereAServerMayGiveAMessageToAnotherSessionTheLogWarns() throws Exception {
        try (CapturedLog log = CapturedLog.ofUs(Level.WARN)) {
            start(Map.of("proxy.subscribe", "on"));
            ProxyScenarios.accept(server);
            for (String resource : List.of("a", "b", "c")) {
                open(RawClient.login(server, "worker", "pw", resource)).send("<presence/>");
            }
            awaitPool(3);
            assertThat(log.events())
                    .filteredOn(event -> event.contains("have a priority of 0 or more"))
                    .hasSize(1);
        }
    }
}
