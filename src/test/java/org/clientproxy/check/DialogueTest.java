package org.clientproxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamSettings;
import org.clientproxy.stream.TrialStream;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a check asks and hears while it is connected, on the loopback server. */
class DialogueTest {
    private static final ProxySettings SETTINGS =
            ProxySettings.of("proxy", Jid.parse("proxy.localhost"), Jid.parse("worker@localhost"));

    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
    private final LoopbackServer server =
            new LoopbackServer(Map.of("worker", "pw", "alice", "pw"), "proxy.localhost", "t0p-s3cret");
    private TrialStream stream;
    private Dialogue dialogue;

    @BeforeEach
    void connect() throws Exception {
        server.start();
        stream = new TrialStream(
                StreamSettings.of("127.0.0.1", server.componentPort(), "proxy.localhost", "t0p-s3cret"), loops.next());
        dialogue = new Dialogue(Jid.parse("proxy.localhost"), stream);
        assertThat(stream.open(Duration.ofSeconds(20), dialogue).get(20, TimeUnit.SECONDS).ready())
                .isTrue();
    }

    @AfterEach
    void end() throws Exception {
        stream.close().get(20, TimeUnit.SECONDS);
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void aRequestThatComesMeanwhileIsAnsweredAndCounted() throws Exception {
        try (RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
            alice.send("<iq type='set' id='1' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            Stanza answer = alice.await("the answer", s -> "1".equals(s.id()));
            assertThat(StanzaXml.errorOf(answer))
                    .returns(StanzaError.Condition.RECIPIENT_UNAVAILABLE, StanzaError::condition)
                    .returns(StanzaError.Type.WAIT, StanzaError::type);
        }
        assertThat(dialogue.refused()).isOne();
    }

    @Test
    void aClockThatDiffersIsAWarning() throws Exception {
        assertThat(ServerClock.check(dialogue, SETTINGS, Limits.USUAL).level()).isEqualTo(Level.OK);
        server.faults().clockAhead(Duration.ofMinutes(10));
        Finding behind = ServerClock.check(dialogue, SETTINGS, Limits.USUAL);
        assertThat(behind.level()).isEqualTo(Level.WARNING);
        assertThat(behind.text()).containsPattern("it is (59\\d|600) s behind the server's");
        server.faults().clockAhead(Duration.ofHours(-1));
        assertThat(ServerClock.check(dialogue, SETTINGS, Limits.USUAL).text()).contains(" s ahead of the server's");
    }

    @Test
    void whoNeverAnswersIsNotAwaitedForEver() throws Exception {
        // A client that reads and does not answer.
        try (RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
            assertThat(dialogue.ask(Jid.parse("alice@localhost/home"), "<q xmlns='urn:q'/>", Duration.ofMillis(100)))
                    .isNull();
            assertThat(alice.await("the question", Stanza::isRequest).from()).isEqualTo("proxy.localhost");
        }
    }

    @Test
    void theStreamIsClosedInOrder() throws Exception {
        stream.close().get(20, TimeUnit.SECONDS);
        TrialStream second = new TrialStream(
                StreamSettings.of("127.0.0.1", server.componentPort(), "proxy.localhost", "t0p-s3cret"), loops.next());
        // The server would refuse it with a conflict while the first one is there.
        assertThat(second.open(Duration.ofSeconds(20), stanza -> {})
                        .get(20, TimeUnit.SECONDS)
                        .ready())
                .isTrue();
        second.close().get(20, TimeUnit.SECONDS);
    }
}
