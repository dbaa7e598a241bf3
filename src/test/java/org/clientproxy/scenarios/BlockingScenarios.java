package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** A user who has blocked the proxy host (XEP-0191), beside a server that knows how. */
abstract class BlockingScenarios extends OwnServerScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Whether the server sends an error for a message that it does not give to the user. */
    abstract boolean bouncesMessages();

    @Test
    void whatASessionAsksEndsWithAnErrorAndWhatItWritesAsTheServerDoes() throws Exception {
        open(RunningProxy.startReady(
                server, Map.of("proxy.subscribe", "off", "proxy.messages", "on", "proxy.confirm-timeout", "1s")));
        RawClient worker = client("worker", "a");
        worker.send("<presence to='proxy.localhost'/>");
        RawClient alice = client("alice", "home");
        Stanza[] request = new Stanza[1];
        Awaitility.await("a request").atMost(LIMIT).until(() -> {
            alice.send("<iq type='get' id='first' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            request[0] = worker.poll(Stanza::isRequest, Duration.ofMillis(300));
            return request[0] != null;
        });
        worker.send(Worker.reply(request[0], ""));
        alice.send(
                "<iq type='set' id='block'><block xmlns='urn:xmpp:blocking'><item jid='proxy.localhost'/></block></iq>");
        assertThat(alice.await("it is blocked", stanza -> "block".equals(stanza.id()) && stanza.isReply())
                        .type())
                .isEqualTo("result");

        String token = request[0].from();
        worker.send("<message type='chat' id='written' to='" + token + "'><body>Hello</body></message>"
                + "<iq type='get' id='asked' to='" + token + "'><mine xmlns='urn:m'/></iq>");
        Stanza answer = worker.await("the answer", stanza -> "asked".equals(stanza.id()));
        assertThat(answer.from()).isEqualTo(token);
        assertThat(ProxyScenarios.condition(answer)).isEqualTo("service-unavailable");
        if (bouncesMessages()) {
            Stanza error = worker.await("the error", stanza -> "written".equals(stanza.id()));
            assertThat(error.from()).isEqualTo(token);
            assertThat(error.toXml()).contains("service-unavailable");
        }
        assertThat(worker.unseen()).noneMatch(stanza -> stanza.kind() == Stanza.Kind.MESSAGE);
        assertThat(alice.unseen()).noneMatch(stanza -> stanza.toXml().contains("urn:m"));
    }
}
