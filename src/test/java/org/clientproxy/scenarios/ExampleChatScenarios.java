package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Stanza;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smackx.message_correct.element.MessageCorrectExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat services of {@code examples/chat}, with the configuration there, and users of two libraries. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ExampleChatScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String HOST = "proxy.localhost";
    /** Where a service answers presence: that of the bare proxy host is the proxy's. */
    private static final String SHOP = "shop@proxy.localhost";
    /** As many answers as one user gets in a minute. */
    private static final int MOST_ANSWERS = 20;

    @TempDir
    Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private XmppServer server;
    private RunningProxy proxy;
    private PoolSize pool;
    private int programs;

    abstract XmppServer server() throws Exception;

    @BeforeAll
    void startServer() throws Exception {
        ExampleProgram.requireSlixmpp();
        server = server();
        server.start();
    }

    @AfterAll
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @AfterEach
    void end() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        opened.clear();
    }

    private <T extends AutoCloseable> T open(T made) {
        opened.add(made);
        return made;
    }

    /** The proxy with the keys of the example. */
    private void startProxy() throws Exception {
        Properties file = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("examples/chat/application.properties"))) {
            file.load(reader);
        }
        Map<String, String> keys = new HashMap<>(Map.of("proxy.confirm-timeout", "1s", "xmpp.reconnect-max", "1s"));
        file.forEach((key, value) -> keys.put("" + key, "" + value));
        keys.put("xmpp.secret", server.componentSecret());
        keys.put("proxy.drain-timeout", "100ms");
        pool = new PoolSize();
        proxy = open(RunningProxy.start(server, keys, Map.of("camel.main.jmxEnabled", "true"), pool));
        proxy.awaitReady();
    }

    private ExampleProgram worker(String kind, String resource) throws Exception {
        return open(ExampleProgram.start(
                server,
                directory.resolve(resource + programs++),
                "worker@localhost/" + resource,
                kind.equals("python") ? "chat/chat.py" : "chat/ChatWorker.java"));
    }

    /** So many of their sessions are known to have shown themselves to a worker. */
    private void awaitUsers(int sessions) {
        Awaitility.await(sessions + " sessions are there").atMost(LIMIT).until(() -> proxy.attribute("RelayedPresences")
                .equals(sessions));
    }

    private ChatUser user(String name, String resource, String service) throws Exception {
        return open(ChatUser.login(server, name, resource, service));
    }

    private static void awaitOutput(ExampleProgram program, String text) {
        Awaitility.await(text).atMost(LIMIT).until(() -> program.output().contains(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "java"})
    void talksWithEachUserAndWithNobodyElse(String kind) throws Exception {
        startProxy();
        ExampleProgram worker = worker(kind, "a");
        pool.await(1);
        // Past the proxy, and an error through it.
        RawClient carol = open(RawClient.login(server, "carol", "pw", "home"));
        carol.send("<message type='chat' id='past' to='worker@localhost/a'><body>past</body></message>"
                + "<presence to='worker@localhost/a'/>"
                + "<message type='error' id='error' to='" + HOST + "'><body>error</body>"
                + "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
                + "<message type='headline' id='news' to='" + HOST + "'><body>news</body></message>");

        ChatUser alice = user("alice", "home", HOST);
        assertThat(alice.say("Hello & <b>").getBody()).isEqualTo("a, message 1: Hello & <b>");
        Message second = alice.say("teh end");
        assertThat(second.getBody()).isEqualTo("a, message 2: teh end");
        Message corrected = alice.correct("the end");
        assertThat(corrected.getBody()).isEqualTo("a, message 2: the end");
        assertThat(MessageCorrectExtension.from(corrected).getIdInitialMessage())
                .isEqualTo(second.getStanzaId());
        assertThat(MessageCorrectExtension.from(second)).isNull();

        ExampleProgram bob =
                open(ExampleProgram.start(server, directory.resolve("bob"), "bob@localhost", "chat/say.py"));
        bob.type("Good day");
        awaitOutput(bob, "received\na, message 1: Good day\n");
        bob.type("^Good morning");
        awaitOutput(bob, "received\ncorrected: a, message 1: Good morning\n");
        assertThat(alice.say("!").getBody()).isEqualTo("a, message 3: !");

        carol.send("<message type='chat' id='last' to='" + HOST + "'><body>last</body></message>");
        Stanza answer = carol.await("an answer", stanza -> HOST.equals(stanza.from()));
        assertThat(answer.toXml()).contains("a, message 1: last");
        assertThat(carol.unseen())
                .noneMatch(stanza -> HOST.equals(stanza.from())
                        || stanza.from() != null && stanza.from().startsWith("worker@localhost/"));
        assertThat(worker.isAlive()).as(worker.output()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "java"})
    void asksTheProgramOfAUserAtTheAddressThatWrote(String kind) throws Exception {
        startProxy();
        ExampleProgram worker = worker(kind, "a");
        pool.await(1);
        ExampleProgram bob =
                open(ExampleProgram.start(server, directory.resolve("bob"), "bob@localhost", "chat/say.py"));
        bob.type("client?");
        awaitOutput(bob, "a, message 1: you write with say.py\n");
        ChatUser alice = user("alice", "home", SHOP);
        alice.isCalled("Alice's <client>");
        // Smack adds its own name.
        assertThat(alice.say("client?").getBody()).startsWith("a, message 1: you write with Alice's <client>");

        // Others refuse, or answer with something else.
        RawClient carol = open(RawClient.login(server, "carol", "pw", "home"));
        String[] answers = {
            "type='error'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
            "type='result'>",
            "type='result'><query xmlns='jabber:iq:version'/>",
            "type='result'><other xmlns='urn:other'/>"
        };
        for (String answer : answers) {
            carol.send("<message type='chat' id='who' to='" + SHOP + "'><body>client?</body></message>");
            Stanza question = carol.await("a question", Stanza::isRequest);
            assertThat(question.from()).isEqualTo(SHOP);
            carol.send("<iq to='" + SHOP + "' id='" + question.id() + "' " + answer + "</iq>");
            assertThat(body(carol.await("an answer", ExampleChatScenarios::isMessage)))
                    .endsWith("your client does not say what it is");
        }
        assertThat(worker.output()).doesNotContain("trying again");
        assertThat(alice.say("Well").getBody()).isEqualTo("a, message 2: Well");
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "java"})
    void whatALibraryCannotReadHarmsNobody(String kind) throws Exception {
        startProxy();
        ExampleProgram worker = worker(kind, "a");
        pool.await(1);
        RawClient carol = open(RawClient.login(server, "carol", "pw", "home"));
        // Of each of these Smack makes an exception when it reads it.
        carol.send("<iq type='get' id='odd' to='" + HOST + "'><query xmlns='jabber:iq:version'><os>x</os></query></iq>"
                + "<message type='chat' id='late' to='" + HOST + "'><body>x</body>"
                + "<delay xmlns='urn:xmpp:delay' stamp='yesterday'/></message>");
        ChatUser alice = user("alice", "home", HOST);
        assertThat(alice.say("Well").getBody()).isEqualTo("a, message 1: Well");
        assertThat(worker.output()).doesNotContain("trying again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "java"})
    void forgetsAUserOfWhomNoSessionIsLeft(String kind) throws Exception {
        startProxy();
        worker(kind, "a");
        pool.await(1);
        ChatUser home = user("alice", "home", SHOP);
        assertThat(home.awaitPresence()).isEqualTo(Presence.Type.available);
        assertThat(home.say("One").getBody()).isEqualTo("a, message 1: One");
        ChatUser phone = user("alice", "phone", SHOP);
        assertThat(phone.say("Two").getBody()).isEqualTo("a, message 2: Two");
        home.close();
        awaitUsers(1);
        assertThat(phone.say("Three").getBody()).isEqualTo("a, message 3: Three");
        phone.cut();
        awaitUsers(0);
        ChatUser again = user("alice", "home", SHOP);
        assertThat(again.say("Four").getBody()).isEqualTo("a, message 1: Four");
    }

    @Test
    void aConversationStaysAtItsWorkerUntilThatGoes() throws Exception {
        startProxy();
        Map<String, ExampleProgram> workers =
                Map.of("python", worker("python", "python"), "java", worker("java", "java"));
        pool.await(2);
        Map<ChatUser, String> holders = new HashMap<>();
        for (String name : List.of("alice", "bob", "carol")) {
            for (String service : List.of(HOST, SHOP)) {
                ChatUser user = user(name, "at " + service, service);
                String answer = user.say("x").getBody();
                holders.put(user, answer.substring(0, answer.indexOf(',')));
            }
        }
        for (int i = 2; i <= 4; i++) {
            for (Map.Entry<ChatUser, String> each : holders.entrySet()) {
                assertThat(each.getKey().say("x").getBody()).isEqualTo(each.getValue() + ", message " + i + ": x");
            }
        }
        String gone = holders.values().iterator().next();
        workers.get(gone).close();
        pool.await(1);
        String left = gone.equals("java") ? "python" : "java";
        for (Map.Entry<ChatUser, String> each : holders.entrySet()) {
            int number = each.getValue().equals(left) ? 5 : 1;
            assertThat(each.getKey().say("x").getBody()).isEqualTo(left + ", message " + number + ": x");
        }
    }

    @Test
    void aUserHearsThatItsWorkerHasGone() throws Exception {
        startProxy();
        ExampleProgram worker = worker("python", "a");
        pool.await(1);
        ChatUser alice = user("alice", "home", SHOP);
        assertThat(alice.awaitPresence()).isEqualTo(Presence.Type.available);
        worker.close();
        assertThat(alice.awaitPresence()).isEqualTo(Presence.Type.unavailable);
    }

    @Test
    void bothComeBackWhenTheServerIsThereAgain() throws Exception {
        startProxy();
        List<ExampleProgram> workers = List.of(worker("python", "python"), worker("java", "java"));
        pool.await(2);
        server.kill();
        for (ExampleProgram each : workers) {
            awaitOutput(each, "trying again");
        }
        server.start();
        pool.await(2);
        ChatUser alice = user("alice", "home", HOST);
        String answer = alice.say("again").getBody();
        assertThat(answer).endsWith(", message 1: again");
        workers.get(answer.startsWith("python") ? 0 : 1).close();
        pool.await(1);
        assertThat(alice.say("once more").getBody()).endsWith(", message 1: once more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "java"})
    void twoProgramsThatAnswerEachOtherComeToAnEnd(String kind) throws Exception {
        startProxy();
        worker(kind, "a");
        pool.await(1);
        RawClient alice = open(RawClient.login(server, "alice", "pw", "bot"));
        alice.send("<message type='chat' id='begin' to='" + HOST + "'><body>Hello</body></message>");
        // An echo of the text, as libraries make it.
        String text = "";
        for (int i = 0; i < MOST_ANSWERS; i++) {
            text = body(alice.await("an answer", ExampleChatScenarios::isMessage));
            alice.send("<message type='chat' id='e" + i + "' to='" + HOST + "'><body>" + text + "</body></message>");
        }
        assertThat(text).contains("I am silent now");
        // One that leaves the rest of the message as it is. It comes to an end with the first answer.
        RawClient bob = open(RawClient.login(server, "bob", "pw", "bot"));
        bob.send("<message type='chat' id='begin' to='" + HOST + "'><body>Hello</body></message>");
        Stanza answer = bob.await("an answer", ExampleChatScenarios::isMessage);
        bob.send(answer.toXml().replaceFirst("<message [^>]*>", "<message type='chat' id='echo' to='" + HOST + "'>"));
        bob.send("<message type='chat' id='human' to='" + HOST + "'><body>A human word</body></message>");
        assertThat(bob.await("an answer", ExampleChatScenarios::isMessage).toXml())
                .contains("a, message 2: A human word");
        // Others are answered as ever.
        ChatUser carol = user("carol", "home", HOST);
        for (int i = 1; i < 5; i++) {
            assertThat(carol.say("x").getBody()).isEqualTo("a, message " + i + ": x");
        }
        assertThat(alice.unseen()).noneMatch(ExampleChatScenarios::isMessage);
        assertThat(bob.unseen()).noneMatch(ExampleChatScenarios::isMessage);
    }

    private static boolean isMessage(Stanza stanza) {
        return stanza.kind() == Stanza.Kind.MESSAGE;
    }

    private static String body(Stanza message) {
        String xml = message.toXml();
        return xml.substring(xml.indexOf("<body>") + 6, xml.indexOf("</body>"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "java"})
    void oneThatIsReplacedByAnotherProgramSaysSoAndEnds(String kind) throws Exception {
        startProxy();
        ExampleProgram first = worker(kind, "a");
        pool.await(1);
        ExampleProgram second = worker(kind, "a");
        Awaitility.await("the first one ends").atMost(LIMIT).until(() -> !first.isAlive());
        assertThat(first.output()).contains("another program has logged in as worker@localhost/a");
        ChatUser alice = user("alice", "home", HOST);
        assertThat(alice.say("x").getBody()).isEqualTo("a, message 1: x");
        assertThat(second.isAlive()).isTrue();
    }
}
