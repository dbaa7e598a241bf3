package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The component's stream breaks while requests are pending. */
class LoopbackFaultsTest {
    private static final int REQUESTS = 200;

    /** @param condition of the stream error; null: the connection is reset */
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"system-shutdown", "reset", "not-well-formed"})
    void everyPendingRequestIsAnsweredOnceAfterABreak(String condition) throws Exception {
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret")) {
            server.start();
            try (RunningProxy proxy = RunningProxy.startReady(server, Map.of("proxy.drain-timeout", "1s"))) {
                ProxyScenarios.accept(server);
                RawClient worker = RawClient.login(server, "worker", "pw", "a");
                worker.send("<presence/>");
                RawClient alice = RawClient.login(server, "alice", "pw", "home");
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                    alice.send("<iq type='get' id='warm' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                    return worker.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
                });
                for (int i = 0; i < REQUESTS; i++) {
                    alice.send("<iq type='set' id='p" + i + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                }
                List<Stanza> forwarded = new ArrayList<>();
                for (int i = 0; i < REQUESTS; i++) {
                    String id = "p" + i;
                    forwarded.add(worker.await("request " + id, s -> id.equals(s.id())));
                }
                int streams = proxy.connections();
                server.dropComponent(condition);
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> proxy.connections() > streams);
                for (Stanza request : forwarded) {
                    worker.send(Worker.reply(request, "<r xmlns='urn:r'/>"));
                }
                for (int i = 0; i < REQUESTS; i++) {
                    String id = "p" + i;
                    assertThat(alice.await("the answer to " + id, s -> id.equals(s.id()))
                                    .type())
                            .isEqualTo("result");
                }
                assertThat(alice.unseen()).noneMatch(s -> s.id() != null && s.id().startsWith("p"));
                worker.close();
                alice.close();
            }
        }
    }
}
