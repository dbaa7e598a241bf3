package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stop takes no longer than what is pending: Camel, where it finds something, looks again after a whole second. */
class StopTest {
    private static final Map<String, String> KEYS = Map.of("proxy.drain-timeout", "100ms", "proxy.pending", "memory");
    private static final int ROUNDS = 5;

    private LoopbackServer server;
    private RunningProxy proxy;
    private RawClient worker;
    private RawClient alice;
    private int asked;

    @BeforeEach
    void start() throws Exception {
        server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "component-secret");
        server.start();
        proxy = RunningProxy.startReady(server, KEYS);
        ProxyScenarios.accept(server);
        worker = RawClient.login(server, "worker", "pw", "a");
        worker.send("<presence/>");
        alice = RawClient.login(server, "alice", "pw", "home");
    }

    @AfterEach
    void end() {
        alice.close();
        worker.close();
        proxy.close();
        server.close();
    }

    /** More than once, for it depends on who is first: Camel, which asks, or the loop, which begins to drain. */
    @Test
    void camelNeedNotLookTwiceWhereNothingIsPending() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Stanza request = ask();
            worker.send(request.result("").toXml());
            assertThat(answer().type()).isEqualTo("result");
            Awaitility.await("nothing is on its way")
                    .until(() -> proxy.context().getInflightRepository().size() == 0);
            assertThat(looksTwice()).isFalse();
            proxy = RunningProxy.startReady(server, KEYS);
        }
    }

    /** Once is enough, for a machine may be so slow that what is pending takes a second. */
    @Test
    void norWhereWhatIsPendingEndsInTime() throws Exception {
        boolean twice = true;
        for (int round = 0; round < ROUNDS && twice; round++) {
            ask();
            twice = looksTwice();
            assertThat(answer().type()).isEqualTo("error");
            proxy = RunningProxy.startReady(server, KEYS);
        }
        assertThat(twice).isFalse();
    }

    /** What the worker gets. */
    private Stanza ask() throws Exception {
        asked++;
        alice.send("<iq type='get' id='" + asked + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        return worker.await("the request", Stanza::isRequest);
    }

    private Stanza answer() throws Exception {
        return alice.await("the answer", each -> ("" + asked).equals(each.id()));
    }

    /** Stops the proxy. */
    private boolean looksTwice() {
        try (CapturedLog log = CapturedLog.ofCamelsStop()) {
            proxy.close();
            String said = String.join("\n", log.events());
            assertThat(said).contains("complete");
            return said.contains("Waiting as there are still");
        }
    }
}
