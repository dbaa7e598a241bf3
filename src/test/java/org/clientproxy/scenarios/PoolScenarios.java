package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who is in the pool and who is not, as presence, bounces and lost answers say, beside a server and over real sockets. */
abstract class PoolScenarios extends SharedServerScenarios {
    static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String QUERY = "<q xmlns='urn:q'/>";
    private static final Map<String, String> QUICK = Map.of("proxy.confirm-timeout", "1s", "proxy.reply-timeout", "5s");
    // The form of a token for a@b.c, with a tag that nobody made.
    private static final String FOREIGN_TOKEN = Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(("\1\0\5a@b.c" + "x".repeat(16)).getBytes(StandardCharsets.US_ASCII));

    private int serial;

    @BeforeAll
    void start() throws Exception {
        try (RunningProxy first = RunningProxy.startReady(server, QUICK)) {
            ProxyScenarios.accept(server);
        }
    }

    RunningProxy proxy(Map<String, String> more) throws Exception {
        Map<String, String> keys = new HashMap<>(QUICK);
        keys.putAll(more);
        return open(RunningProxy.startReady(server, keys));
    }

    Stanza ask(RawClient requester) throws Exception {
        return ask(requester, "proxy.localhost");
    }

    private Stanza ask(RawClient from, String to) throws Exception {
        String id = "i" + serial++;
        from.send("<iq type='get' id='" + id + "' to='" + to + "'>" + QUERY + "</iq>");
        return from.await("the answer to " + id, s -> s.isReply() && id.equals(s.id()));
    }

    void awaitServed(RawClient requester) {
        Awaitility.await("a request is served").atMost(LIMIT).until(() -> "result"
                .equals(ask(requester).type()));
    }

    /** Sends until this session has got a request, and gives that. */
    private Stanza awaitAsked(RawClient requester, RawClient worker) {
        Stanza[] asked = new Stanza[1];
        Awaitility.await("a request for the session").atMost(LIMIT).until(() -> {
            requester.send("<iq type='get' id='a" + serial++ + "' to='proxy.localhost'>" + QUERY + "</iq>");
            asked[0] = worker.poll(Stanza::isRequest, Duration.ofMillis(300));
            return asked[0] != null;
        });
        return asked[0];
    }

    private static String text(Stanza stanza) {
        return new String(stanza.content(), StandardCharsets.UTF_8);
    }

    @Test
    void presenceToTheAddressOfARequesterSaysNothingOfThePool() throws Exception {
        proxy(Map.of());
        RawClient worker = client("worker", "a");
        worker.send("<presence/>");
        RawClient alice = client("alice", "home");
        String token = awaitAsked(alice, worker).from();
        RawClient stray = client("worker", "stray");
        stray.send("<presence to='" + token + "'/>");
        stray.send("<message to='proxy.localhost' id='m'><body>x</body></message>");
        stray.await("the refusal", s -> s.kind() == Stanza.Kind.MESSAGE);
        String error = "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
        for (String presence : List.of(
                "<presence to='%s'/>",
                "<presence type='unavailable' to='%s'/>",
                "<presence type='error' to='%s'>" + error + "</presence>",
                "<presence to='bob\\40localhost@proxy.localhost'/>",
                "<presence type='unavailable' to='bob\\40localhost@proxy.localhost'/>")) {
            worker.send(String.format(presence, token));
            // The refusal comes after the presence was handled.
            worker.send("<message to='proxy.localhost' id='m'><body>x</body></message>");
            worker.await("the refusal", s -> s.kind() == Stanza.Kind.MESSAGE);
            for (int i = 0; i < 3; i++) {
                String id = "p" + serial++;
                alice.send("<iq type='get' id='" + id + "' to='proxy.localhost'>" + QUERY + "</iq>");
                worker.send(Worker.reply(worker.await(presence, s -> id.equals(s.id())), ""));
                assertThat(alice.await("the answer", s -> id.equals(s.id())).type())
                        .isEqualTo("result");
            }
        }
        assertThat(stray.unseen()).noneMatch(Stanza::isRequest);
    }

    @Test
    void whatTheTargetSendsToSomebodyElseReachesNoOtherSession() throws Exception {
        proxy(Map.of("proxy.reverse", "off"));
        RawClient asking = client("worker", "a");
        asking.send("<presence/>");
        RawClient other = client("worker", "b");
        other.send("<presence/>");
        RawClient alice = client("alice", "home");
        String token = awaitAsked(alice, asking).from();
        awaitAsked(alice, other);
        Map<String, String> refusals = Map.of(
                token,
                "no-reverse-requests",
                "proxy.localhost/" + FOREIGN_TOKEN,
                "unknown-token",
                "alice\\40localhost@proxy.localhost",
                "not-reachable",
                "alice\\40localhost@proxy.localhost/home",
                "not-reachable");
        Map<String, String> conditions = Map.of(
                "no-reverse-requests", "feature-not-implemented",
                "unknown-token", "item-not-found",
                "not-reachable", "forbidden");
        for (Map.Entry<String, String> refusal : refusals.entrySet()) {
            for (String type : List.of("get", "set")) {
                String id = "r" + serial++;
                asking.send("<iq type='" + type + "' id='" + id + "' to='" + refusal.getKey()
                        + "'><mine xmlns='urn:m'/></iq>");
                Stanza answer = asking.await("the answer", s -> id.equals(s.id()) && s.isReply());
                assertThat(ProxyScenarios.condition(answer)).isEqualTo(conditions.get(refusal.getValue()));
                assertThat(text(answer)).contains("<" + refusal.getValue() + " ");
                assertThat(answer.from()).isEqualTo(refusal.getKey());
            }
        }
        assertThat(other.unseen()).noneMatch(s -> text(s).contains("mine"));
        // Of anybody else the same addresses are forms of the proxy host.
        String id = "s" + serial++;
        alice.send("<iq type='get' id='" + id + "' to='proxy.localhost/" + FOREIGN_TOKEN
                + "'><alices xmlns='urn:m'/></iq>");
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> asking.poll(s -> text(s).contains("alices"), Duration.ofMillis(100)) != null
                        || other.poll(s -> text(s).contains("alices"), Duration.ofMillis(100)) != null);
    }

    @Test
    void aSessionWhoseEndNobodyReportsLeavesWithItsFirstBounce() throws Exception {
        proxy(Map.of("proxy.selection", "round-robin"));
        open(Worker.join(server, "healthy"));
        RawClient alice = client("alice", "home");
        awaitServed(alice);
        RawClient ghost = client("worker", "ghost");
        ghost.send("<presence to='proxy.localhost'/>");
        awaitAsked(alice, ghost);
        ghost.cut();
        int failures = 0;
        int served = 0;
        while (served < 40) {
            // In turn, so that every second one would go to the ghost.
            if ("result".equals(ask(alice).type())) {
                served++;
            } else {
                failures++;
                served = 0;
            }
            assertThat(failures).as("failures").isLessThanOrEqualTo(2);
        }
    }

    @Test
    void aSessionThatRefusesByItselfStays() throws Exception {
        proxy(Map.of());
        RawClient refuser = client("worker", "refuser");
        refuser.send("<presence/>");
        RawClient alice = client("alice", "home");
        awaitAsked(alice, refuser);
        for (int i = 0; i < 5; i++) {
            String id = "n" + serial++;
            alice.send("<iq type='get' id='" + id + "' to='proxy.localhost'>" + QUERY + "</iq>");
            Stanza request = refuser.await("request " + i, s -> id.equals(s.id()));
            refuser.send("<iq type='error' id='" + id + "' to='" + request.from()
                    + "'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                    + "</error></iq>");
            Stanza answer = alice.await("the answer", s -> id.equals(s.id()));
            assertThat(ProxyScenarios.condition(answer)).isEqualTo("service-unavailable");
            assertThat(text(answer)).doesNotContain("no-resource");
        }
    }

    @Test
    void servesSoonAfterARestartWhileTheOldConnectionLivesOn() throws Exception {
        open(Worker.join(server, "a"));
        RawClient alice = client("alice", "home");
        try (Forwarder forwarder = new Forwarder(server.componentPort())) {
            for (int round = 0; round < 3; round++) {
                RunningProxy old = RunningProxy.startReady(server, with(QUICK, "xmpp.port", "" + forwarder.port()));
                awaitServed(alice);
                forwarder.resetComponentOnly();
                old.close();
                long restarted = System.nanoTime();
                try (RunningProxy next = RunningProxy.start(server, QUICK)) {
                    // The old connection ends some time after the new process has come.
                    Awaitility.await().atMost(LIMIT).until(() -> System.nanoTime() - restarted > 2_000_000_000L);
                    forwarder.reset();
                    next.awaitReady();
                    Awaitility.await("a request is served")
                            .atMost(Duration.ofSeconds(20))
                            .until(() -> isServed(alice));
                }
            }
        }
    }

    /** Whether an answer comes soon; some requests were given to a connection that is dead. */
    boolean isServed(RawClient requester) throws Exception {
        String id = "l" + serial++;
        requester.send("<iq type='get' id='" + id + "' to='proxy.localhost'>" + QUERY + "</iq>");
        Stanza answer = requester.poll(s -> s.isReply() && id.equals(s.id()), Duration.ofMillis(500));
        return answer != null && "result".equals(answer.type());
    }

    static Map<String, String> with(Map<String, String> keys, String key, String value) {
        Map<String, String> more = new HashMap<>(keys);
        more.put(key, value);
        return more;
    }

    @Test
    void nobodyIsRefusedWhileASessionIsReplaced() throws Exception {
        proxy(Map.of("proxy.attempts", "9", "proxy.reply-timeout", "20s", "proxy.leave-grace", "500ms"));
        RawClient alice = client("alice", "home");
        // A leave long after the session came is no doubt: so all goes on quickly from here on.
        open(Worker.join(server, "one"));
        awaitServed(alice);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger sent = new AtomicInteger();
        ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
        Callable<Void> send = () -> {
            if (!over.get()) {
                alice.send("<iq type='get' id='load" + sent.getAndIncrement() + "' to='proxy.localhost'>" + QUERY
                        + "</iq>");
            }
            return null;
        };
        List<Integer> slow = new ArrayList<>();
        open(Worker.join(server, "one"));
        load.scheduleAtFixedRate(
                () -> {
                    try {
                        send.call();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                0,
                5,
                TimeUnit.MILLISECONDS);
        try {
            long joined = System.nanoTime();
            for (int i = 0; i < 8; i++) {
                int before = sent.get();
                long at = joined;
                Awaitility.await().atMost(LIMIT).until(() -> System.nanoTime() - at > 500_000_000L);
                open(Worker.join(server, "one"));
                joined = System.nanoTime();
                if (joined - at > 1_300_000_000L) {
                    // A machine that is this slow makes it a session that left in earnest.
                    slow.add(before);
                }
            }
            awaitServed(client("bob", "phone"));
        } finally {
            over.set(true);
            load.shutdown();
            assertThat(load.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        for (int i = 0; i < sent.get(); i++) {
            String id = "load" + i;
            Stanza answer = alice.await("the answer to " + id, s -> id.equals(s.id()));
            if (slow.isEmpty()) {
                assertThat(answer.type()).as(answer.toXml()).isEqualTo("result");
            }
        }
    }

    @Test
    void onlySessionsThatAreListedGetRequests() throws Exception {
        try (CapturedLog log = CapturedLog.ofUs(ch.qos.logback.classic.Level.INFO)) {
            proxy(Map.of("proxy.resources", "worker-*, j?cofo"));
            RawClient phone = client("worker", "phone");
            phone.send("<presence/>");
            RawClient alice = client("alice", "home");
            Awaitility.await().atMost(LIMIT).until(() -> text(ask(alice)).contains("no-resource"));
            open(Worker.join(server, "worker-1"));
            open(Worker.join(server, "jicofo"));
            awaitServed(alice);
            for (int i = 0; i < 20; i++) {
                assertThat(ask(alice).type()).isEqualTo("result");
            }
            phone.send("<presence><show>away</show></presence>");
            awaitServed(alice);
            assertThat(phone.unseen()).noneMatch(Stanza::isRequest);
            assertThat(log.events().stream()
                            .filter(event -> event.contains("proxy.resources") && event.contains("/phone")))
                    .hasSize(1);
        }
    }
}
