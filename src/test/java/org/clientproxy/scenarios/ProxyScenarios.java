package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.awaitility.Awaitility;
import org.clientproxy.demo.GreetingService;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.clientproxy.xmpp.XmlText;
import org.jivesoftware.smack.ConnectionConfiguration;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.SimpleIQ;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jxmpp.jid.impl.JidCreate;
import org.w3c.dom.Document;

/** What requesters and implementing clients see of a proxy that runs beside a server, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ProxyScenarios {
    public static final Map<String, String> ACCOUNTS =
            Map.of("worker", "pw", "alice", "pw", "bob", "pw", "carol", "pw", "dave", "pw");

    private XmppServer server;
    private RunningProxy proxy;
    private final List<AutoCloseable> opened = new ArrayList<>();

    abstract XmppServer server() throws Exception;

    /** Whether the server passes payloads on to the octet; others write what they understood anew. */
    boolean isTransparent() {
        return false;
    }

    @BeforeAll
    void start() throws Exception {
        server = server();
        server.start();
        proxy = RunningProxy.startReady(server, Map.of("proxy.reply-timeout", "4s", "proxy.leave-grace", "500ms"));
        accept(server);
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
        RawClient bob = RawClient.login(server, "bob", "pw", "probe");
        // The next test begins with an empty pool.
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            bob.send("<iq type='get' id='empty' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            return "service-unavailable".equals(condition(bob.await("an answer", s -> "empty".equals(s.id()))));
        });
        bob.close();
    }

    /** The target accepts the subscription of the proxy. */
    public static void accept(XmppServer server) throws Exception {
        RawClient owner = RawClient.login(server, "worker", "pw", "owner");
        owner.send("<presence/>");
        owner.await("the proxy's request to subscribe", s -> "subscribe".equals(s.type()));
        owner.send("<presence type='subscribed' to='proxy.localhost'/>");
        RawClient bob = RawClient.login(server, "bob", "pw", "setup");
        Awaitility.await("the proxy knows the session")
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    bob.send(get("setup", "proxy.localhost", "<q xmlns='urn:q'/>"));
                    return owner.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
                });
        bob.close();
        owner.close();
    }

    private Worker worker(String resource) throws Exception {
        Worker worker = Worker.join(server, resource);
        opened.add(worker);
        return worker;
    }

    private RawClient client(String user, String resource) throws Exception {
        RawClient client = RawClient.login(server, user, "pw", resource);
        opened.add(client);
        return client;
    }

    /** A session of the target that answers nothing by itself. */
    private RawClient silent(String resource) throws Exception {
        RawClient client = client("worker", resource);
        client.send("<presence/>");
        return client;
    }

    private static String get(String id, String to, String payload) {
        return iq("get", id, to, payload);
    }

    private static String iq(String type, String id, String to, String payload) {
        return "<iq type='" + type + "' id='" + id + "' to='" + to + "'>" + payload + "</iq>";
    }

    private static Stanza answer(RawClient requester, String id) throws InterruptedException {
        return requester.await("the answer to " + id, s -> s.isReply() && id.equals(s.id()));
    }

    static String condition(Stanza answer) {
        if (!"error".equals(answer.type())) {
            return "";
        }
        for (Condition condition : Condition.values()) {
            if (new String(answer.content(), StandardCharsets.UTF_8).contains("<" + condition.xmlName() + " ")) {
                return condition.xmlName();
            }
        }
        return "?";
    }

    /** Sends until a resource of the pool has answered, for its presence takes its time. */
    private void awaitPool(RawClient requester) {
        int[] tries = new int[1];
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            String id = "pool" + tries[0]++;
            requester.send(get(id, "proxy.localhost", "<q xmlns='urn:q'/>"));
            return !"service-unavailable".equals(condition(answer(requester, id)));
        });
    }

    private void assertSamePayload(byte[] content, String payload) throws Exception {
        if (isTransparent()) {
            assertThat(new String(content, StandardCharsets.UTF_8)).isEqualTo(payload);
        }
        assertThat(document(new String(content, StandardCharsets.UTF_8)).isEqualNode(document(payload)))
                .as("%s is %s", new String(content, StandardCharsets.UTF_8), payload)
                .isTrue();
    }

    private static Document document(String payload) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        factory.setCoalescing(true);
        Document document = factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(("<x>" + payload + "</x>").getBytes(StandardCharsets.UTF_8)));
        document.normalizeDocument();
        return strip(document);
    }

    /** Which prefix or declaration a server chose says nothing. */
    private static Document strip(Document document) {
        var all = document.getElementsByTagNameNS("*", "*");
        for (int i = 0; i < all.getLength(); i++) {
            var attributes = all.item(i).getAttributes();
            for (int j = attributes.getLength() - 1; j >= 0; j--) {
                if (attributes.item(j).getNodeName().startsWith("xmlns")) {
                    attributes.removeNamedItem(attributes.item(j).getNodeName());
                }
            }
        }
        return document;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<q xmlns='urn:q'/>",
                "<q xmlns='urn:q'>text &amp; &lt;more&gt; &#x1F42B;</q>",
                "<q xmlns='urn:q'><a xmlns='urn:a'><b xmlns='urn:q'/></a><c d='1&quot;&apos;2'/></q>",
                "<q xmlns='urn:q'><![CDATA[<not> & markup]]></q>",
                "<q xmlns='urn:q'>\u05d0\u05d1 \ud83d\udc2b \u00e9</q>"
            })
    void passesPayloadsOnUnchangedBothWays(String payload) throws Exception {
        RawClient worker = silent("a");
        // A requester of its own, for ids that were closed without a reply are not used again for a while.
        RawClient alice = client("alice", "payload" + payload.hashCode());
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            alice.send(get("warm", "proxy.localhost", "<q xmlns='urn:q'/>"));
            return worker.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        alice.send(iq("set", "1", "proxy.localhost", payload));
        Stanza forwarded = worker.await("the request", s -> "1".equals(s.id()));
        assertThat(forwarded.id()).isEqualTo("1");
        assertThat(forwarded.type()).isEqualTo("set");
        assertThat(forwarded.from()).startsWith("proxy.localhost/").doesNotContain("alice");
        assertSamePayload(forwarded.content(), payload);
        worker.send(Worker.reply(forwarded, payload));
        Stanza answer = answer(alice, "1");
        assertThat(answer.type()).isEqualTo("result");
        assertThat(answer.from()).isEqualTo("proxy.localhost");
        assertSamePayload(answer.content(), payload);
    }

    @Test
    void servesClientsOfSmackThroughClientsOfSmack() throws Exception {
        for (String resource : List.of("one", "two")) {
            opened.add(
                    new GreetingService("127.0.0.1", server.clientPort(), server.domain(), "worker", "pw", resource));
        }
        XMPPTCPConnection requester = new XMPPTCPConnection(XMPPTCPConnectionConfiguration.builder()
                .setHost("127.0.0.1")
                .setPort(server.clientPort())
                .setXmppDomain(server.domain())
                .setUsernameAndPassword("bob", "pw")
                .setResource("smack")
                .setSecurityMode(ConnectionConfiguration.SecurityMode.disabled)
                .build());
        opened.add(requester::disconnect);
        requester.connect().login();
        Set<String> greetings = new HashSet<>();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .ignoreException(XMPPErrorException.class)
                .until(() -> {
                    IQ request = new SimpleIQ("greeting", GreetingService.NAMESPACE) {};
                    request.setType(IQ.Type.get);
                    request.setTo(JidCreate.from("proxy.localhost"));
                    IQ answer = requester.createStanzaCollectorAndSend(request).nextResultOrThrow();
                    assertThat(answer.getFrom().toString()).isEqualTo("proxy.localhost");
                    greetings.add(answer.getChildElementXML().toString());
                    return greetings.size() == 2;
                });
        assertThat(greetings).anyMatch(text -> text.contains("Hello from one"));
        assertThat(greetings).anyMatch(text -> text.contains("Hello from two"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<a xmlns='u'/><b xmlns='u'/>"})
    void refusesRequestsWithoutExactlyOneChild(String content) throws Exception {
        worker("a");
        RawClient alice = client("alice", "home");
        awaitPool(alice);
        alice.send(iq("set", "malformed", "proxy.localhost", content));
        assertThat(condition(answer(alice, "malformed"))).isEqualTo("bad-request");
    }

    @Test
    void restoresAnEmptyIdAndTheSpellingOfTheDomain() throws Exception {
        worker("a");
        RawClient alice = client("alice", "home");
        awaitPool(alice);
        alice.send(get("", "PROXY.localhost", "<q xmlns='urn:q'/>"));
        Stanza answer = answer(alice, "");
        assertThat(answer.type()).isEqualTo("result");
        assertThat(answer.from()).isIn("PROXY.localhost", "proxy.localhost");
    }

    @Test
    void noRequesterBreaksTheStreamForTheOthers() throws Exception {
        worker("a");
        RawClient alice = client("alice", "home");
        awaitPool(alice);
        int streams = proxy.connections();
        String[] hostile = {
            get("1", "proxy.localhost", "<q:q/>"),
            get("1", "proxy.localhost", "<q xmlns='urn:q' a:b='1'/>"),
            get("1", "proxy.localhost", "<q xmlns='urn:q' xmlns:a='u' xmlns:b='u' a:x='1' b:x='2'/>"),
            get("1", "proxy.localhost", "<q xmlns='urn:q'><!-- comment --></q>"),
            get("1", "proxy.localhost", "<q xmlns='urn:q'>&undeclared;</q>"),
            get("1", "proxy.localhost", "<q xmlns='urn:q'>" + "<a>".repeat(400) + "</a>".repeat(400) + "</q>"),
            get("1", "proxy.localhost", "<q xmlns='urn:q'" + attributes(300) + "/>"),
            get("1", "proxy.localhost", "<q xmlns='urn:q'>" + "x".repeat(700_000) + "</q>"),
            get("1", "proxy.localhost", "<q xmlns='urn:q'>&#xFFFD; ]]&gt; &#x10FFFF;</q>"),
            get("1\n\t", "proxy.localhost/&#10;", "<q xmlns='urn:q'/>"),
            get("1", "proxy.localhost/" + "r".repeat(1023), "<q xmlns='urn:q'/>"),
            get("1", "&quot;@proxy.localhost", "<q xmlns='urn:q'/>")
        };
        for (int i = 0; i < hostile.length; i++) {
            RawClient bob = RawClient.login(server, "bob", "pw", "hostile" + i);
            bob.send(hostile[i]);
            // Its own server may end its stream for it; what matters is that ours lives.
            bob.poll(s -> true, Duration.ofMillis(300));
            bob.close();
            alice.send(get("after" + i, "proxy.localhost", "<q xmlns='urn:q'/>"));
            assertThat(answer(alice, "after" + i).type()).isEqualTo("result");
        }
        assertThat(proxy.connections()).isEqualTo(streams);
    }

    private static String attributes(int count) {
        StringBuilder attributes = new StringBuilder();
        for (int i = 0; i < count; i++) {
            attributes.append(" a").append(i).append("='1'");
        }
        return attributes.toString();
    }

    @Test
    void passesOnALargePayload() throws Exception {
        worker("a");
        RawClient alice = client("alice", "home");
        awaitPool(alice);
        String payload = "<q xmlns='urn:q'>" + "0123456789".repeat(20_000) + "</q>";
        alice.send(get("big", "proxy.localhost", payload));
        assertSamePayload(answer(alice, "big").content(), payload);
    }

    @Test
    void passesOnTheErrorOfAResource() throws Exception {
        RawClient worker = silent("a");
        RawClient alice = client("alice", "home");
        Awaitility.await().until(() -> {
            alice.send(get("1", "proxy.localhost", "<q xmlns='urn:q'/>"));
            return worker.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        alice.send(get("2", "proxy.localhost", "<q xmlns='urn:q'/>"));
        Stanza forwarded = worker.await("the request", s -> "2".equals(s.id()));
        worker.send("<iq type='error' id='2' to='" + forwarded.from()
                + "'><error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        assertThat(condition(answer(alice, "2"))).isEqualTo("not-acceptable");
    }

    @Test
    void balancesOverAllResources() throws Exception {
        List<Worker> workers = List.of(worker("a"), worker("b"), worker("c"));
        RawClient alice = client("alice", "home");
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            awaitPool(alice);
            return workers.stream().allMatch(worker -> worker.answered.get() > 0);
        });
        for (int i = 0; i < 300; i++) {
            alice.send(get("n" + i, "proxy.localhost", "<q xmlns='urn:q'/>"));
        }
        for (int i = 0; i < 300; i++) {
            assertThat(answer(alice, "n" + i).type()).isEqualTo("result");
        }
        // With 300 fair draws among three, fewer than 50 for one has a probability below one in a billion.
        assertThat(workers).allMatch(worker -> worker.answered.get() >= 50);
    }

    @Test
    void keepsEqualIdsApart() throws Exception {
        RawClient worker = silent("a");
        RawClient alice = client("alice", "home");
        RawClient bob = client("bob", "phone");
        Awaitility.await().until(() -> {
            bob.send(get("warm", "proxy.localhost", "<q xmlns='urn:q'/>"));
            return worker.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        alice.send(get("same", "proxy.localhost", "<q xmlns='urn:q'>1</q>"));
        alice.send(get("same", "proxy.localhost", "<q xmlns='urn:q'>2</q>"));
        bob.send(get("same", "proxy.localhost", "<q xmlns='urn:q'>3</q>"));
        List<Stanza> forwarded = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            String text = ">" + i + "<";
            forwarded.add(
                    worker.await("request " + i, s -> new String(s.content(), StandardCharsets.UTF_8).contains(text)));
        }
        for (int i = 2; i >= 0; i--) {
            worker.send(Worker.reply(forwarded.get(i), "<r xmlns='urn:r'>" + (i + 1) + "</r>"));
        }
        List<String> ofAlice = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ofAlice.add(new String(answer(alice, "same").content(), StandardCharsets.UTF_8));
        }
        assertThat(ofAlice).hasSize(2).anyMatch(c -> c.contains(">1<")).anyMatch(c -> c.contains(">2<"));
        assertThat(new String(answer(bob, "same").content(), StandardCharsets.UTF_8))
                .contains(">3<");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"proxy.localhost", "node@proxy.localhost", "proxy.localhost/res", "node@proxy.localhost/r/s"})
    void answersFromTheAddressThatWasUsed(String address) throws Exception {
        worker("a");
        RawClient alice = client("alice", "home");
        awaitPool(alice);
        alice.send(get("1", address, "<q xmlns='urn:q'/>"));
        Stanza answer = answer(alice, "1");
        assertThat(answer.type()).isEqualTo("result");
        assertThat(answer.from()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u05d0\u05d1\u05d2", "a/b/c", "it's \"q\" & <x>", "res ource", "LONG"})
    void servesRequestersWithAnyResource(String resource) throws Exception {
        worker("a");
        RawClient alice = client("alice", resource.equals("LONG") ? "x".repeat(1000) : resource);
        awaitPool(alice);
        alice.send(get("1", "proxy.localhost", "<q xmlns='urn:q'/>"));
        assertThat(answer(alice, "1").type()).isEqualTo("result");
    }

    @Test
    void deliversNoReplyThatIsNotTheRightOne() throws Exception {
        RawClient a = silent("a");
        RawClient alice = client("alice", "home");
        Awaitility.await().until(() -> {
            alice.send(get("warm", "proxy.localhost", "<q xmlns='urn:q'/>"));
            return a.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        RawClient b = client("worker", "b");
        RawClient bob = client("bob", "phone");
        alice.send(get("1", "proxy.localhost", "<q xmlns='urn:q'/>"));
        Stanza forwarded = a.await("the request", s -> "1".equals(s.id()));
        for (RawClient liar : List.of(b, bob)) {
            liar.send(Worker.reply(forwarded, "<forged xmlns='urn:f'/>"));
            liar.send("<iq type='error' id='1' to='" + forwarded.from()
                    + "'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        }
        a.send("<iq type='result' id='other' to='" + forwarded.from() + "'/>");
        a.send("<iq type='result' id='1' to='proxy.localhost'/>");
        a.send("<iq type='result' id='1' to='" + forwarded.from() + "x'/>");
        a.send("<iq type='result' id='1' to='alice@localhost/home2'/>");
        // What bob sends after his lies is handled after them.
        bob.send("<message to='proxy.localhost' id='m'><body>x</body></message>");
        bob.await("the refusal", s -> s.kind() == Stanza.Kind.MESSAGE);
        a.send(Worker.reply(forwarded, "<right xmlns='urn:r'/>"));
        assertThat(new String(answer(alice, "1").content(), StandardCharsets.UTF_8))
                .contains("right");
        a.send(Worker.reply(forwarded, "<again xmlns='urn:r'/>"));
        a.send("<message to='proxy.localhost' id='m'><body>x</body></message>");
        a.await("the refusal", s -> s.kind() == Stanza.Kind.MESSAGE);
        assertThat(alice.unseen()).noneMatch(s -> "1".equals(s.id()));
    }

    @Test
    void refusesWhatItDoesNotDoAndIsSilentWhereItMust() throws Exception {
        RawClient bob = client("bob", "phone");
        // Prosody tells sessions that asked for the contact list only.
        bob.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
        answer(bob, "roster");
        bob.send("<presence/>");
        bob.send("<presence to='proxy.localhost'/>");
        bob.send("<message type='groupchat' to='proxy.localhost' id='silent1'><body>x</body></message>");
        bob.send("<message type='headline' to='proxy.localhost' id='silent2'><body>x</body></message>");
        bob.send("<iq type='result' id='silent3' to='proxy.localhost'/>");
        bob.send("<presence type='subscribe' to='proxy.localhost'/>");
        bob.send("<message type='chat' to='proxy.localhost' id='m'><body>x</body></message>");
        Stanza refusal = bob.await("the refusal", s -> "m".equals(s.id()));
        assertThat(condition(refusal)).isEqualTo("feature-not-implemented");
        bob.await("the denial", s -> "unsubscribed".equals(s.type()));
        assertThat(bob.unseen()).noneMatch(s -> s.id() != null && s.id().startsWith("silent"));
    }

    @Test
    void tellsWhenNoAnswerComes() throws Exception {
        RawClient worker = silent("a");
        RawClient alice = client("alice", "home");
        Awaitility.await().until(() -> {
            alice.send(get("1", "proxy.localhost", "<q xmlns='urn:q'/>"));
            return worker.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        Stanza answer = alice.await("the time-out", s -> "remote-server-timeout".equals(condition(s)));
        assertThat(answer.from()).isEqualTo("proxy.localhost");
    }

    @Test
    void triesAnotherResourceWhenOneDiesWithARequest() throws Exception {
        RawClient dying = silent("dying");
        RawClient alice = client("alice", "home");
        Awaitility.await().until(() -> {
            alice.send(get("warm", "proxy.localhost", "<q xmlns='urn:q'/>"));
            return dying.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        alice.send(get("get", "proxy.localhost", "<q xmlns='urn:q'/>"));
        alice.send(iq("set", "set", "proxy.localhost", "<q xmlns='urn:q'/>"));
        dying.await("the get", s -> "get".equals(s.id()));
        dying.await("the set", s -> "set".equals(s.id()));
        worker("living");
        dying.cut();
        assertThat(condition(answer(alice, "set"))).isEqualTo("recipient-unavailable");
        assertThat(answer(alice, "get").type()).isEqualTo("result");
    }

    @Test
    void answersEveryRequestOnceWhileResourcesComeAndGo() throws Exception {
        worker("steady");
        RawClient alice = client("alice", "home");
        awaitPool(alice);
        Map<String, Integer> answers = new HashMap<>();
        int sent = 0;
        for (int round = 0; round < 100; round++) {
            Worker passing = Worker.join(server, "passing" + round % 7);
            for (int i = 0; i < 5; i++) {
                alice.send(get("c" + sent++, "proxy.localhost", "<q xmlns='urn:q'/>"));
            }
            if (round % 2 == 0) {
                passing.cut();
            } else {
                passing.close();
            }
        }
        for (int i = 0; i < sent; i++) {
            answers.merge(answer(alice, "c" + i).id(), 1, Integer::sum);
        }
        assertThat(answers).hasSize(sent);
        alice.send(get("last", "proxy.localhost", "<q xmlns='urn:q'/>"));
        answer(alice, "last");
        assertThat(alice.unseen()).noneMatch(s -> s.id() != null && s.id().startsWith("c"));
    }

    @Test
    void readsAndWritesEscapedAddresses() throws Exception {
        worker("it's \"a\" & <b>");
        RawClient alice = client("alice", "home");
        awaitPool(alice);
        StringBuilder address = new StringBuilder();
        XmlText.escape("proxy.localhost/it's <odd> & \"so\"", address);
        alice.send(get("1&amp;&lt;'".replace("'", "&apos;"), address.toString(), "<q xmlns='urn:q'/>"));
        Stanza answer = answer(alice, "1&<'");
        assertThat(answer.type()).isEqualTo("result");
        assertThat(answer.from()).isEqualTo("proxy.localhost/it's <odd> & \"so\"");
        assertThat(StanzaXml.errorOf(answer)).isNull();
    }
}
