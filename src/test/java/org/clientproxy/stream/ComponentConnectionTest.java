package org.clientproxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of a stream against a scripted server over a real socket. */
class ComponentConnectionTest {
    private static final String FROM = " from='a@some.example/x' ";

    private final NioEventLoopGroup group = new NioEventLoopGroup(1);
    private final Queue<Stanza> received = new ConcurrentLinkedQueue<>();
    private final Queue<StreamState> states = new ConcurrentLinkedQueue<>();
    private final Queue<String> reasons = new ConcurrentLinkedQueue<>();
    private final Queue<Long> announcedWrites = new ConcurrentLinkedQueue<>();
    private ScriptedServer server;
    private ComponentConnection connection;
    private ConnectPermit permit = ConnectPermit.ALWAYS;
    private StanzaRelay relay;
    private WriteBarrier barrier = opened -> announcedWrites.add(connection.outbox.octets());

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws Exception {
        if (connection != null) {
            connection.stop();
        }
        server.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private void connect(int keepAliveMillis) {
        connect(keepAliveMillis, KeepAlive.LIMIT);
    }

    private void connect(int keepAliveMillis, Duration pingLimit) {
        connect(keepAliveMillis, pingLimit, Duration.ofMillis(20), Duration.ofMillis(100));
    }

    /** With delays between attempts that no test waits for. */
    private void connectPatiently() {
        connect(60_000, KeepAlive.LIMIT, Duration.ofHours(1), Duration.ofHours(1));
    }

    private void connect(int keepAliveMillis, Duration pingLimit, Duration reconnectMin, Duration reconnectMax) {
        StreamSettings settings = new StreamSettings(
                "127.0.0.1",
                server.port(),
                "proxy.example",
                "s3cret",
                null,
                true,
                Duration.ofSeconds(5),
                reconnectMin,
                reconnectMax,
                2,
                Duration.ofMillis(keepAliveMillis),
                20_000,
                false);
        connection = new ComponentConnection(settings, group.next(), () -> 0.5);
        connection.pingLimit = pingLimit;
        connection.onStanza(received::add);
        connection.beforeWrites(barrier);
        connection.permittedBy(permit);
        if (relay != null) {
            connection.relayedBy(relay);
        }
        connection.addStreamListener((before, now, reason) -> {
            states.add(now);
            if (now == StreamState.DISCONNECTED || reason != null) {
                reasons.add(now + ": " + reason);
            }
        });
        connection.start();
    }

    private void connect() {
        connect(60_000);
    }

    private void awaitState(StreamState state) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> connection.state() == state);
    }

    private void ready() throws Exception {
        connect();
        server.acceptReady();
        awaitState(StreamState.READY);
    }

    /** Sends on the loop; gives the reason where it was not taken. */
    private StanzaNotSentException.Reason send(Stanza stanza) throws Exception {
        StanzaNotSentException.Reason[] reason = new StanzaNotSentException.Reason[1];
        try {
            group.next()
                    .submit(() -> {
                        try {
                            connection.send(stanza);
                        } catch (StanzaNotSentException e) {
                            reason[0] = e.reason();
                        }
                    })
                    .get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
        return reason[0];
    }

    private static Stanza result(String id) {
        return Stanza.of(Stanza.Kind.IQ, "result", id, "proxy.example", "a@some.example/x", "");
    }

    @Test
    void shakesHandsAsTheProtocolSays() throws Exception {
        connect();
        server.accept();
        assertThat(server.read("'>"))
                .contains("xmlns='jabber:component:accept'")
                .contains("to='proxy.example'")
                .doesNotContain("version='1.0'>");
        server.write(ScriptedServer.HEADER);
        // SHA-1 of "3BF96D32s3cret".
        assertThat(server.read("</handshake>"))
                .isEqualTo("<handshake>" + Handshake.digest("3BF96D32", "s3cret") + "</handshake>");
        assertThat(Handshake.digest("3BF96D32", "test")).isEqualTo("aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e");
        server.write("<handshake/><message" + FROM + "to='proxy.example'><body>x</body></message>");
        awaitState(StreamState.READY);
        Awaitility.await().until(() -> received.size() == 1);
        assertThat(states)
                .containsExactly(
                        StreamState.CONNECTING, StreamState.OPENING, StreamState.HANDSHAKING, StreamState.READY);
    }

    @Test
    void saysBeforeEachWriteThatStanzasAreWrittenNow() throws Exception {
        connect();
        server.accept();
        send(result("1"));
        send(result("2"));
        // Nothing is written yet.
        assertThat(announcedWrites).isEmpty();
        server.read("<stream:stream");
        server.read(">");
        server.write(ScriptedServer.HEADER);
        server.read("</handshake>");
        assertThat(announcedWrites).isEmpty();
        server.write("<handshake/>");
        server.read("id='2'");
        assertThat(announcedWrites)
                .containsExactly((long) result("1").octets() + result("2").octets());
        send(result("3"));
        server.read("id='3'");
        assertThat(announcedWrites).hasSize(2);
    }

    /** The barrier opens when the test says so; gives how. */
    private Queue<Runnable> closedBarrier() {
        Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
        barrier = opened -> {
            asked.add(opened);
            return false;
        };
        return asked;
    }

    private static Runnable awaitAsked(Queue<Runnable> asked) {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).until(asked::poll, Objects::nonNull);
    }

    @Test
    void nothingIsWrittenBeforeTheBarrierOpens() throws Exception {
        Queue<Runnable> asked = closedBarrier();
        ready();
        send(result("1"));
        Runnable first = awaitAsked(asked);
        send(result("2"));
        Runnable second = awaitAsked(asked);
        assertThat(connection.counters().octetsOut.sum()).isZero();
        group.next().execute(first);
        assertThat(server.read("id='1'")).doesNotContain("id='2'");
        assertThat(connection.counters().octetsOut.sum()).isEqualTo(result("1").octets());
        group.next().execute(second);
        server.read("id='2'");
        assertThat(asked).isEmpty();
    }

    @Test
    void whatTheBarrierOpensForBetweenTwoConnectionsGoesOutInTheNext() throws Exception {
        Queue<Runnable> asked = closedBarrier();
        ready();
        send(result("1"));
        Runnable first = awaitAsked(asked);
        server.reset();
        server.acceptReady();
        awaitState(StreamState.READY);
        group.next().execute(first);
        server.read("id='1'");
        assertThat(asked).as("the barrier is asked once").isEmpty();
    }

    @Test
    void theStopAwaitsTheBarrier() throws Exception {
        Queue<Runnable> asked = closedBarrier();
        ready();
        send(result("1"));
        Runnable first = awaitAsked(asked);
        CompletableFuture<Void> stopped = connection.stop().toCompletableFuture();
        group.next().submit(() -> assertThat(stopped).isNotDone()).get(10, TimeUnit.SECONDS);
        group.next().execute(first);
        assertThat(server.read("</stream:stream>")).contains("id='1'");
        server.write("</stream:stream>");
        stopped.get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatIsAbandonedIsNeverWritten() throws Exception {
        Queue<Runnable> asked = closedBarrier();
        ready();
        send(result("1"));
        Runnable first = awaitAsked(asked);
        send(result("2"));
        group.next().submit(connection::abandon).get(10, TimeUnit.SECONDS);
        assertThat(server.readAll()).doesNotContain("id='1'").doesNotContain("id='2'");
        asked.clear();
        server.acceptReady();
        awaitState(StreamState.READY);
        group.next().execute(first);
        send(result("3"));
        group.next().execute(awaitAsked(asked));
        assertThat(server.read("id='3'")).doesNotContain("id='1'").doesNotContain("id='2'");
    }

    @Test
    void connectsWhenItIsPermittedTo() throws Exception {
        Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
        permit = asked::add;
        connect();
        Runnable granted = awaitAsked(asked);
        assertThat(connection.state()).isEqualTo(StreamState.DISCONNECTED);
        group.next().execute(granted);
        server.acceptReady();
        awaitState(StreamState.READY);
        server.reset();
        Runnable again = awaitAsked(asked);
        group.next().submit(granted).get(10, TimeUnit.SECONDS);
        assertThat(connection.state()).as("what was granted once counts once").isEqualTo(StreamState.DISCONNECTED);
        group.next().execute(again);
        server.acceptReady();
        awaitState(StreamState.READY);
    }

    @Test
    void whatIsWithdrawnIsClosedInOrderAndAsksAgain() throws Exception {
        Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
        permit = asked::add;
        connectPatiently();
        group.next().execute(awaitAsked(asked));
        server.acceptReady();
        awaitState(StreamState.READY);
        group.next().execute(connection::withdraw);
        server.read("</stream:stream>");
        server.write("</stream:stream>");
        awaitAsked(asked);
        assertThat(connection.state()).isEqualTo(StreamState.DISCONNECTED);
        assertThat(reasons).containsOnly("DISCONNECTED: null");
    }

    /** Takes what is for others, by its id, and what comes late. */
    private static final class TakesOthers implements StanzaRelay {
        final Queue<String> taken = new ConcurrentLinkedQueue<>();

        @Override
        public boolean isHere(Stanza stanza) {
            boolean here = !"other".equals(stanza.id());
            if (!here) {
                taken.add("other");
            }
            return here;
        }

        @Override
        public void late(Stanza stanza) {
            taken.add("late " + stanza.id());
        }

        @Override
        public String pingId() {
            return "ping-of-mine";
        }
    }

    @Test
    void theRelayIsAskedFirstAndGetsWhatComesBehindTheEndOfTheStream() throws Exception {
        TakesOthers takes = new TakesOthers();
        relay = takes;
        ready();
        server.write(
                "<message" + FROM + "to='proxy.example' id='other'/><message" + FROM + "to='proxy.example' id='own'/>");
        Awaitility.await().until(() -> received.size() == 1);
        assertThat(received.element().id()).isEqualTo("own");
        group.next().execute(connection::withdraw);
        server.read("</stream:stream>");
        server.write("<message" + FROM + "to='proxy.example' id='behind'/></stream:stream>");
        Awaitility.await().until(() -> takes.taken.size() == 2);
        assertThat(takes.taken).containsExactly("other", "late behind");
        assertThat(received).hasSize(1);
    }

    @Test
    void theAnswerToAPingIsALifeSignWhoeverReadsIt() throws Exception {
        relay = new TakesOthers();
        connect(50, Duration.ofSeconds(30));
        server.acceptReady();
        assertThat(server.read("ping'/></iq>")).contains("id='ping-of-mine'");
        Stanza answer = Stanza.of(Stanza.Kind.IQ, "result", "ping-of-mine", "some.example", "proxy.example", "");
        group.next().submit(() -> connection.readElsewhere(answer)).get(10, TimeUnit.SECONDS);
        // Were it not taken for the answer, there would be no second ping.
        server.read("ping'/></iq>");
        assertThat(received).isEmpty();
    }

    @Test
    void anEarlyAnswerDoesNotWaitForTheEndOfItsBatch() throws Exception {
        ready();
        CountDownLatch answered = new CountDownLatch(1);
        AtomicBoolean inTime = new AtomicBoolean();
        StanzaListener slow = stanza -> {
            try {
                if ("3".equals(stanza.id())) {
                    inTime.set(answered.await(10, TimeUnit.SECONDS));
                } else {
                    connection.send(result(stanza.id()));
                    // The next one comes later by more than anything waits.
                    for (long begin = System.nanoTime(); System.nanoTime() - begin < 1_000_000; ) {
                        Thread.onSpinWait();
                    }
                }
            } catch (StanzaNotSentException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        group.next().submit(() -> connection.onStanza(slow)).get(10, TimeUnit.SECONDS);
        String request = "<iq type='get' id='%s'" + FROM + "to='proxy.example'><query xmlns='urn:example:q'/></iq>";
        server.write(request.formatted("1") + request.formatted("2") + request.formatted("3"));
        server.read("id='1'");
        answered.countDown();
        Awaitility.await().untilTrue(inTime);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id=''|host-unknown|proxy.domain",
                "id='1'|not-authorized|xmpp.secret",
                "id='1'|invalid-namespace|xmpp.port",
                "id='1'|conflict|another connection",
                "id='1'|system-shutdown|the server ended the stream"
            })
    void saysWhyTheServerRefuses(String id, String condition, String words) throws Exception {
        connect();
        server.accept();
        server.read("'>");
        server.write(ScriptedServer.HEADER.replace("id='3BF96D32'", id));
        if (id.equals("id='1'")) {
            server.read("</handshake>");
        }
        server.write("<stream:error><" + condition + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text "
                + "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>because</text></stream:error></stream:stream>");
        assertThat(server.readAll()).doesNotContain("<handshake>");
        Awaitility.await().until(() -> connection.lastFailure() != null);
        assertThat(connection.lastFailure())
                .contains(words)
                .contains(condition)
                .contains("because")
                .doesNotContain("s3cret");
    }

    @Test
    void saysThatThePortIsOneForClients() throws Exception {
        connect();
        server.accept();
        server.read("'>");
        server.write("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1'>");
        Awaitility.await().until(() -> connection.lastFailure() != null);
        assertThat(connection.lastFailure()).contains("xmpp.port");
    }

    @Test
    void comesBackAfterAResetAndAfterAServerThatSaysGoodbye() throws Exception {
        ready();
        server.reset();
        server.acceptReady();
        awaitState(StreamState.READY);
        server.write("</stream:stream>");
        assertThat(server.readAll()).isEqualTo("</stream:stream>");
        server.acceptReady();
        awaitState(StreamState.READY);
        assertThat(connection.counters().connections()).isEqualTo(3);
    }

    @Test
    void repliesWaitForTheNextStreamAndNothingElseDoes() throws Exception {
        ready();
        server.hangUp();
        Awaitility.await().until(() -> connection.state() != StreamState.READY);
        List<StanzaNotSentException.Reason> reasons = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            reasons.add(send(result("r" + i)));
        }
        assertThat(reasons).containsOnlyNulls();
        if (connection.state() != StreamState.READY) {
            assertThat(send(Stanza.of(Stanza.Kind.IQ, "get", "g", "proxy.example", "a@b", "<q xmlns='u'/>")))
                    .isEqualTo(StanzaNotSentException.Reason.NOT_READY);
        }
        server.acceptReady();
        assertThat(server.read("id='r2'")).containsSubsequence("id='r0'", "id='r1'", "id='r2'");
    }

    @Test
    void takesNothingForWhichTheServerWouldEndTheStream() throws Exception {
        ready();
        Stanza[] wrong = {
            Stanza.of(Stanza.Kind.IQ, "result", "1", "other.example", "a@b", ""),
            Stanza.of(Stanza.Kind.IQ, "result", "1", null, "a@b", ""),
            Stanza.of(Stanza.Kind.IQ, "result", "1", "proxy.example", null, ""),
            Stanza.of(Stanza.Kind.IQ, "result", "1", "proxy.example", "a b@c", "")
        };
        for (Stanza stanza : wrong) {
            assertThat(send(stanza)).isEqualTo(StanzaNotSentException.Reason.INVALID);
        }
        assertThat(send(Stanza.of(
                        Stanza.Kind.IQ, "result", "1", "proxy.example", "a@b", "<q>" + "x".repeat(20_000) + "</q>")))
                .isEqualTo(StanzaNotSentException.Reason.TOO_LARGE);
        assertThat(send(Stanza.of(Stanza.Kind.IQ, "result", "last", "x@proxy.example/y", "a@b", "")))
                .isNull();
        assertThat(server.read("/>")).isEqualTo("<iq type='result' id='last' from='x@proxy.example/y' to='a@b'/>");
    }

    @Test
    void dropsWhatIsNotForUsAndAnswersNothingOfIt() throws Exception {
        ready();
        server.write("<iq type='get' id='1'" + FROM + "to='other.example'><q xmlns='u'/></iq>"
                + "<iq type='get' id='2'" + FROM + "><q xmlns='u'/></iq>"
                + "<iq type='get' id='3' to='proxy.example'><q xmlns='u'/></iq>"
                + "<iq type='get' id='4' from='@' to='proxy.example'><q xmlns='u'/></iq>"
                + "<iq type='get' id='5' from='x@proxy.example/y' to='proxy.example'><q xmlns='u'/></iq>"
                + "<iq xmlns='jabber:client' type='get' id='6'" + FROM + "to='proxy.example'><q xmlns='u'/></iq>"
                + "<other/>"
                + "<iq type='get' id='7'" + FROM + "to='N@PROXY.example/r'><q xmlns='u'/></iq>");
        Awaitility.await().until(() -> !received.isEmpty());
        assertThat(received).singleElement().extracting(Stanza::id).isEqualTo("7");
        assertThat(connection.counters().drops(StreamCounters.Drop.NOT_TO_US)).isEqualTo(2);
        assertThat(connection.counters().drops(StreamCounters.Drop.BAD_FROM)).isEqualTo(3);
        assertThat(connection.counters().drops(StreamCounters.Drop.NOT_A_STANZA))
                .isEqualTo(2);
        assertThat(send(result("only"))).isNull();
        assertThat(server.read("/>")).contains("id='only'");
    }

    @Test
    void answersARequestThatIsTooMuchAndLivesOn() throws Exception {
        ready();
        server.write("<iq type='set' id='big'" + FROM + "to='n@proxy.example/r'><q xmlns='u'>" + "x".repeat(50_000)
                + "</q></iq>");
        Stanza answer = StanzaXml.parse(server.read("</iq>"));
        assertThat(answer.from()).isEqualTo("n@proxy.example/r");
        assertThat(answer.to()).isEqualTo("a@some.example/x");
        assertThat(answer.id()).isEqualTo("big");
        assertThat(StanzaXml.errorOf(answer).condition()).isEqualTo(StanzaError.Condition.POLICY_VIOLATION);
        server.write("<iq type='get' id='ns'" + FROM + "to='proxy.example'><q:q/></iq>");
        assertThat(StanzaXml.errorOf(StanzaXml.parse(server.read("</iq>"))).condition())
                .isEqualTo(StanzaError.Condition.BAD_REQUEST);
        server.write("<message id='m'" + FROM + "to='proxy.example'><body>" + "x".repeat(50_000)
                + "</body></message><message" + FROM + "to='proxy.example'/>");
        Awaitility.await().until(() -> received.size() == 1);
        assertThat(connection.counters().drops(StreamCounters.Drop.SKIPPED)).isOne();
        assertThat(connection.state()).isEqualTo(StreamState.READY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<iq type='get' id='r' FROM x='LONG'><q xmlns='u'/></iq>",
                "<iq x='LONG' FROM type='get' id='r'><q xmlns='u'/></iq>",
                "<iq type='set' MANY id='r' FROM><q xmlns='u'/></iq>",
                "<iq type='set' id='r' FROM><q xmlns='u' MANY/></iq>",
                "<iq type='set' id='r' FROM><q xmlns='u' x='LONG'/></iq>"
            })
    void answersARequestWhateverIsTooMuchOfIt(String request) throws Exception {
        ready();
        server.write(tooMuch(request));
        Stanza answer = StanzaXml.parse(server.read("</iq>"));
        assertThat(answer.id()).isEqualTo("r");
        assertThat(answer.to()).isEqualTo("a@some.example/x");
        assertThat(StanzaXml.errorOf(answer).condition()).isEqualTo(StanzaError.Condition.POLICY_VIOLATION);
        assertThat(received).isEmpty();
    }

    private static String tooMuch(String xml) {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            many.append(" a").append(i).append("='1'");
        }
        return xml.replace("FROM", FROM + "to='proxy.example'")
                .replace("LONG", "&quot;".repeat(20_000))
                .replace("MANY", many)
                .replace("DEEP", "<d>".repeat(2000) + "</d>".repeat(2000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<iq type='result' id='r' FROM><q xmlns='u'>LONG</q></iq>",
                "<iq type='result' id='r' FROM><q xmlns='u' x='LONG'/></iq>",
                "<iq type='result' id='r' FROM x='LONG'/>",
                "<iq x='LONG' type='result' FROM id='r'/>",
                "<iq type='result' id='r' FROM><q xmlns='u'>DEEP</q></iq>",
                "<iq type='result' id='r' FROM><q xmlns='u' MANY/></iq>",
                "<iq MANY type='result' id='r' FROM/>",
                "<iq type='result' id='r' FROM><n:q/></iq>",
                "<iq type='result' id='r' n:a='1' FROM/>",
                "<iq type='error' id='r' FROM><q xmlns='u'>LONG</q><error type='cancel'/></iq>",
                "<iq type='error' id='r' FROM><error type='cancel'><x xmlns='u'>DEEP</x></error></iq>",
                "<iq type='error' id='r' FROM><error type='cancel'><n:x/></error></iq>",
                "<iq type='error' id='r' FROM><error type='cancel' MANY/></iq>"
            })
    void handsAnErrorOnForAReplyThatIsTooMuch(String reply) throws Exception {
        ready();
        server.write(tooMuch(reply) + "<message" + FROM + "to='proxy.example'/>");
        Awaitility.await().until(() -> received.size() == 2);
        Stanza standIn = received.remove();
        assertThat(standIn.isTruncated()).isTrue();
        assertThat(standIn.type()).isEqualTo("error");
        assertThat(standIn.id()).isEqualTo("r");
        assertThat(standIn.from()).isEqualTo("a@some.example/x");
        assertThat(standIn.to()).isEqualTo("proxy.example");
        assertThat(StanzaXml.errorOf(standIn).application().name()).isEqualTo("bad-reply");
        assertThat(connection.state()).isEqualTo(StreamState.READY);
    }

    @Test
    void dropsRepliesBeyondTheLimitsThatAreNotForUsOrNameNothing() throws Exception {
        ready();
        for (String reply : List.of(
                "<iq type='result' id='1' from='a@b/c' to='other.example'>",
                "<iq type='result' id='2' from='proxy.example' to='proxy.example'>",
                "<iq type='result' id='3' to='proxy.example'>",
                "<iq type='result' " + FROM + "to='proxy.example'>",
                "<iq xmlns='jabber:client' type='result' id='5' " + FROM + "to='proxy.example'>",
                "<iq type='result' id='" + "x".repeat(30_000) + "' " + FROM + "to='proxy.example'>")) {
            server.write(tooMuch(reply + "<q>LONG</q></iq>"));
        }
        server.write("<message" + FROM + "to='proxy.example'/>");
        Awaitility.await().until(() -> !received.isEmpty());
        assertThat(received).singleElement().extracting(Stanza::kind).isEqualTo(Stanza.Kind.MESSAGE);
        assertThat(connection.counters().drops(StreamCounters.Drop.NOT_TO_US)).isOne();
        assertThat(connection.counters().drops(StreamCounters.Drop.BAD_FROM)).isEqualTo(2);
        assertThat(connection.counters().drops(StreamCounters.Drop.SKIPPED)).isEqualTo(3);
    }

    @Test
    void takesAnAnswerToItsPingThatIsTooMuch() throws Exception {
        connect(200);
        server.acceptReady();
        Stanza ping = StanzaXml.parse(server.read("</iq>"));
        server.write(tooMuch(
                "<iq type='error' id='" + ping.id() + "' from='some.example' to='proxy.example'><q>LONG</q></iq>"));
        assertThat(StanzaXml.parse(server.read("</iq>")).id()).isNotEqualTo(ping.id());
        assertThat(received).isEmpty();
    }

    @Test
    void refusesARequestWhoseIdLeavesNoRoomForAnAnswerWhileOneFits() throws Exception {
        ready();
        String request = "<iq type='get' id='%s'" + FROM + "to='proxy.example'><q xmlns='u'/></iq>";
        String refusal = "<message" + FROM + "to='proxy.example' id='%s'><body>x</body></message>";
        for (int octets = 18_500; octets < 20_050; octets += 50) {
            server.write(request.formatted("i".repeat(octets)) + refusal.formatted("m".repeat(octets)));
        }
        server.write(request.formatted("last"));
        int longest = 0;
        for (String answer = server.read("</iq>"); ; answer = server.read("</iq>")) {
            Stanza refused = StanzaXml.parse(answer);
            assertThat(refused.octets()).isLessThanOrEqualTo(20_000);
            assertThat(StanzaXml.errorOf(refused).condition()).isEqualTo(StanzaError.Condition.POLICY_VIOLATION);
            assertThat(refused.id().length()).isGreaterThan(longest);
            longest = refused.id().length();
            if (longest >= 19_800) {
                break;
            }
        }
        Awaitility.await().until(() -> received.stream().anyMatch(stanza -> "last".equals(stanza.id())));
        // What was taken leaves room for any error, and what was dropped was said to be.
        assertThat(received)
                .allMatch(stanza -> stanza.id().length() + SkippedStanzas.ERROR_ROOM < 20_000)
                .anyMatch(stanza -> stanza.id().length() >= 18_500);
        assertThat(connection.counters().drops(StreamCounters.Drop.SKIPPED)).isPositive();
        assertThat(connection.state()).isEqualTo(StreamState.READY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"<!-- x -->|restricted-xml", "<iq></x>|not-well-formed", "text|bad-format"})
    void endsTheStreamAtWhatIsNoXmppAndComesBack(String xml, String condition) throws Exception {
        ready();
        server.write(xml);
        assertThat(server.readAll())
                .startsWith("<stream:error><" + condition + " ")
                .endsWith("</stream:stream>");
        server.acceptReady();
        awaitState(StreamState.READY);
    }

    @Test
    void pingsASilentServerAndSwallowsTheAnswer() throws Exception {
        connect(200);
        server.acceptReady();
        Stanza ping = StanzaXml.parse(server.read("</iq>"));
        assertThat(ping.content()).asString().isEqualTo("<ping xmlns='urn:xmpp:ping'/>");
        assertThat(ping.to()).isEqualTo("proxy.example");
        server.write("<iq type='error' id='" + ping.id() + "' from='some.example' to='proxy.example'/>");
        Stanza second = StanzaXml.parse(server.read("</iq>"));
        assertThat(second.id()).isNotEqualTo(ping.id());
        assertThat(received).isEmpty();
        assertThat(connection.state()).isEqualTo(StreamState.READY);
    }

    @Test
    void understandsARefusalUnderAnyPrefix() throws Exception {
        connect();
        server.accept();
        server.read("'>");
        server.write("<s:stream xmlns='jabber:component:accept' xmlns:s='http://etherx.jabber.org/streams' "
                + "xmlns:e='urn:ietf:params:xml:ns:xmpp-streams' id='1'>");
        server.read("</handshake>");
        server.write("<s:error><e:not-authorized/></s:error></s:stream>");
        Awaitility.await().until(() -> connection.lastFailure() != null);
        assertThat(connection.lastFailure()).contains("not-authorized").contains("xmpp.secret");
    }

    @Test
    void tellsWhyTheStreamWentDownUnlessThatWasWishedFor() throws Exception {
        ready();
        server.hangUp();
        server.acceptReady();
        awaitState(StreamState.READY);
        connection.reconnect();
        server.read("</stream:stream>");
        server.hangUp();
        server.acceptReady();
        awaitState(StreamState.READY);
        CompletableFuture<Void> stopped = connection.stop().toCompletableFuture();
        server.read("</stream:stream>");
        server.hangUp();
        stopped.get(10, TimeUnit.SECONDS);
        assertThat(reasons)
                .containsExactly(
                        "DISCONNECTED: the connection was closed by the server",
                        "DISCONNECTED: null",
                        "DISCONNECTED: null");
    }

    @Test
    void aReconnectThatIsWishedForIsInOrderAndAtOnce() throws Exception {
        connectPatiently();
        server.acceptReady();
        awaitState(StreamState.READY);
        connection.reconnect();
        // A second wish changes nothing.
        connection.reconnect();
        server.read("</stream:stream>");
        server.write("</stream:stream>");
        server.hangUp();
        server.acceptReady();
        awaitState(StreamState.READY);
        assertThat(states)
                .containsSubsequence(
                        StreamState.READY, StreamState.CLOSING, StreamState.DISCONNECTED, StreamState.READY);
        assertThat(connection.counters().connections()).isEqualTo(2);
        assertThat(connection.counters().failures()).isZero();
    }

    @Test
    void aWishToReconnectEndsADelay() throws Exception {
        connectPatiently();
        server.acceptReady();
        awaitState(StreamState.READY);
        server.hangUp();
        awaitState(StreamState.DISCONNECTED);
        connection.reconnect();
        server.acceptReady();
        awaitState(StreamState.READY);
    }

    @Test
    void aWishToReconnectChangesNothingWhileItConnects() throws Exception {
        connectPatiently();
        connection.reconnect();
        server.accept();
        server.read("'>");
        assertThat(connection.state()).isEqualTo(StreamState.OPENING);
        connection.reconnect();
        // It has been done when this is.
        group.next().submit(() -> {}).get(10, TimeUnit.SECONDS);
        assertThat(states).containsExactly(StreamState.CONNECTING, StreamState.OPENING);
    }

    @Test
    void aWishToReconnectWhileAFailedStreamClosesHidesNoReason() throws Exception {
        connectPatiently();
        server.acceptReady();
        awaitState(StreamState.READY);
        group.next().submit(connection::reconnect).get(10, TimeUnit.SECONDS);
        server.read("</stream:stream>");
        server.write(streamError("conflict"));
        server.hangUp();
        server.acceptReady();
        awaitState(StreamState.READY);
        server.write(streamError("reset"));
        Awaitility.await().until(() -> connection.lastFailure() != null);
        connection.reconnect();
        server.hangUp();
        server.acceptReady();
        awaitState(StreamState.READY);
        assertThat(reasons).hasSize(2).first().isEqualTo("DISCONNECTED: null");
        assertThat(reasons).element(1).asString().contains("reset");
    }

    private static String streamError(String condition) {
        return "<stream:error><" + condition
                + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>";
    }

    @Test
    void aWishToReconnectChangesNothingBeforeTheStartAndAfterTheStop() throws Exception {
        ready();
        CompletableFuture<Void> stopped = connection.stop().toCompletableFuture();
        connection.reconnect();
        server.read("</stream:stream>");
        server.hangUp();
        stopped.get(10, TimeUnit.SECONDS);
        connection.reconnect();
        group.next().submit(() -> {}).get(10, TimeUnit.SECONDS);
        assertThat(connection.state()).isEqualTo(StreamState.DISCONNECTED);
    }

    @Test
    void aListenerThatThrowsDoesNotEndTheStream() throws Exception {
        ready();
        connection.onStanza(stanza -> {
            received.add(stanza);
            throw new StackOverflowError();
        });
        for (int i = 1; i <= 2; i++) {
            int count = i;
            server.write("<message" + FROM + "to='proxy.example'/>");
            Awaitility.await().until(() -> received.size() == count);
        }
        assertThat(connection.counters().connections()).isOne();
        assertThat(connection.state()).isEqualTo(StreamState.READY);
    }

    @Test
    void givesUpAServerThatNeitherReadsNorWrites() throws Exception {
        connect(200, Duration.ofMillis(300));
        server.acceptReady();
        awaitState(StreamState.READY);
        String child = "<q xmlns='u'>" + "x".repeat(15_000) + "</q>";
        for (int i = 0; i < 1500; i++) {
            send(Stanza.of(Stanza.Kind.IQ, "result", "b" + i, "proxy.example", "a@b", child));
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> connection.lastFailure() != null);
        assertThat(connection.lastFailure()).contains("no sign of life");
    }

    @Test
    void takesItForASignOfLifeThatTheServerReadsWhatHadToWait() throws Exception {
        ready();
        String child = "<q xmlns='u'>" + "x".repeat(15_000) + "</q>";
        for (int i = 0; i < 1500; i++) {
            send(Stanza.of(Stanza.Kind.IQ, "result", "b" + i, "proxy.example", "a@b", child));
        }
        long[] before = new long[] {lastSign()};
        Awaitility.await("nothing more is taken")
                .during(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(20))
                .until(() -> before[0] == (before[0] = lastSign()));
        server.skip(8 << 20);
        Awaitility.await().until(() -> lastSign() - before[0] > 0);
        assertThat(connection.outbox.isIdle()).isFalse();
    }

    private long lastSign() throws Exception {
        return group.next().submit(() -> connection.link.keepAlive.lastSign()).get(10, TimeUnit.SECONDS);
    }

    @Test
    void countsWhatItWrote() throws Exception {
        ready();
        send(result("1"));
        send(result("2"));
        server.read("id='2'");
        Awaitility.await().until(() -> connection.counters().stanzasOut() == 2);
    }

    @Test
    void declaresAgainWhatTheServersHeaderDeclares() throws Exception {
        connect();
        server.accept();
        server.read("'>");
        server.write(ScriptedServer.HEADER.replace(" id=", " xmlns:p='urn:p' xmlns:unused='urn:n' id="));
        server.read("</handshake>");
        server.write("<handshake/><iq type='get' id='1'" + FROM + "to='proxy.example'><p:q p:a='1'/></iq>");
        Awaitility.await().until(() -> !received.isEmpty());
        Stanza stanza = received.remove();
        assertThat(stanza.attribute("xmlns:p")).isEqualTo("urn:p");
        assertThat(stanza.attribute("xmlns:unused")).isNull();
        assertThat(stanza.content()).asString().isEqualTo("<p:q p:a='1'/>");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        stanza.writeTo(out);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("xmlns:p='urn:p'");
        assertThat(StanzaXml.toDocument(stanza)
                        .getDocumentElement()
                        .getFirstChild()
                        .getNamespaceURI())
                .isEqualTo("urn:p");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<iq  type=\"get\" id='1' from='a@b.example/&#99;' to='proxy.example' >\n<q/></iq>",
                "<iq id='1' from='a@b.example' to='proxy.example' type='result'/>",
                "<iq id='1' from='a@b.example' to='proxy.example' type='result'></iq>",
                "<iq id='1' from='a@b.example' to='proxy.example' type='result'></iq >",
                "<iq id='/' from='a@b.example' to='proxy.example' type='result'\n/>"
            })
    void writesAgainWhatCameAsItCame(String element) throws Exception {
        ready();
        server.write(" \n" + element + '\n');
        Awaitility.await().until(() -> !received.isEmpty());
        Stanza stanza = received.remove();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        stanza.writeTo(out);
        assertThat(out.size()).isEqualTo(stanza.octets());
        assertThat(StanzaXml.parse(out.toByteArray()).attributes()).isEqualTo(stanza.attributes());
        assertThat(StanzaXml.parse(out.toByteArray()).toBytes()).isEqualTo(stanza.toBytes());
        if (element.endsWith("</iq>") && stanza.children() > 0 || element.endsWith("/>")) {
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(element);
        }
        ByteArrayOutputStream compact = new ByteArrayOutputStream();
        stanza.compact(Jid.parse("proxy.example")).writeTo(compact);
        assertThat(StanzaXml.parse(compact.toByteArray()).toBytes()).isEqualTo(stanza.toBytes());
    }

    @Test
    void stopsGracefullyWhateverItsState() throws Exception {
        ready();
        assertThat(send(result("last"))).isNull();
        var stopped = connection.stop().toCompletableFuture();
        assertThat(server.read("</stream:stream>")).contains("id='last'");
        server.write("</stream:stream>");
        // Sooner than the time that a server has which does not answer.
        stopped.get(1500, TimeUnit.MILLISECONDS);
        assertThat(connection.state()).isEqualTo(StreamState.DISCONNECTED);
        connection.stop().toCompletableFuture().get(1, TimeUnit.SECONDS);
        ComponentConnection never =
                new ComponentConnection(StreamSettings.of("127.0.0.1", 1, "proxy.example", "x"), group.next());
        never.stop().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource(StreamState.class)
    void everyStateLeadsBackToTheBeginning(StreamState state) {
        assertThat(state.mayBecome(state)).isFalse();
        assertThat(state == StreamState.DISCONNECTED || state.mayBecome(StreamState.DISCONNECTED))
                .isTrue();
        assertThat(state.mayBecome(StreamState.READY)).isEqualTo(state == StreamState.HANDSHAKING);
    }

    @Test
    void aSlowLookupOfTheServersNameHoldsUpNobody() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        connection = new ComponentConnection(
                StreamSettings.of("127.0.0.1", server.port(), "proxy.example", "secret"), group.next(), () -> 0.5);
        connection.addresses.lookup = host -> {
            try {
                answered.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return InetAddress.getAllByName(host);
        };
        connection.start();
        awaitState(StreamState.CONNECTING);
        CompletableFuture<Void> served = new CompletableFuture<>();
        connection.loop().execute(() -> served.complete(null));
        served.get(20, TimeUnit.SECONDS);
        answered.countDown();
        awaitState(StreamState.OPENING);
    }
}
