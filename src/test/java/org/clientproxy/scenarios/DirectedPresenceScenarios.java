package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pool without a contact request: sessions of the target register by presence that they send to the proxy host. */
abstract class DirectedPresenceScenarios extends OwnServerScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Map<String, String> OFF =
            Map.of("proxy.subscribe", "off", "proxy.confirm-timeout", "2s", "proxy.reply-timeout", "5s");

    @TempDir
    Path data;

    private int serial;

    /** An implementing client that keeps to what {@code docs/servers.md} asks of it. */
    private final class Registered implements AutoCloseable {
        final RawClient client;
        private volatile boolean over;

        Registered(String resource) throws Exception {
            client = RawClient.login(server, "worker", "pw", resource);
            register();
            Thread thread = new Thread(this::serve, "worker " + resource);
            thread.setDaemon(true);
            thread.start();
        }

        private void register() throws IOException {
            client.send("<presence to='proxy.localhost'/>");
        }

        private void serve() {
            try {
                while (!over) {
                    Stanza stanza = client.poll(
                            each -> each.isRequest() || each.kind() == Stanza.Kind.PRESENCE && each.type() == null,
                            Duration.ofMillis(200));
                    if (stanza != null && stanza.isRequest()) {
                        client.send(Worker.reply(stanza, ""));
                    } else if (stanza != null && "proxy.localhost".equals(stanza.from())) {
                        register();
                    }
                }
            } catch (IOException | InterruptedException e) {
                over = true;
            }
        }

        @Override
        public void close() {
            over = true;
            client.close();
        }
    }

    private Stanza ask(RawClient requester) throws Exception {
        String id = "i" + serial++;
        requester.send("<iq type='get' id='" + id + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        return requester.await("the answer to " + id, stanza -> stanza.isReply() && id.equals(stanza.id()));
    }

    private void awaitServed(RawClient requester) {
        Awaitility.await("a request is served").atMost(LIMIT).until(() -> "result"
                .equals(ask(requester).type()));
    }

    private void awaitRefused(RawClient requester) {
        Awaitility.await("nobody is there")
                .atMost(LIMIT)
                .until(() -> ask(requester).toXml().contains("no-resource"));
    }

    @Test
    void whoSendsItsPresenceToTheProxyHostServesAndNobodyAcceptsAnything() throws Exception {
        open(RunningProxy.startReady(server, OFF));
        RawClient alice = open(RawClient.login(server, "alice", "pw", "home"));
        Registered a = open(new Registered("a"));
        awaitServed(alice);
        a.client.send("<presence type='unavailable' to='proxy.localhost'/>");
        awaitRefused(alice);
        a.client.send("<presence to='proxy.localhost'/>");
        awaitServed(alice);
        a.client.cut();
        awaitRefused(alice);
    }

    @Test
    void afterARestartTheSamePoolIsThereThoughNobodyBroadcasts() throws Exception {
        RunningProxy first = RunningProxy.startReady(server, OFF);
        RawClient alice = open(RawClient.login(server, "alice", "pw", "home"));
        open(new Registered("a"));
        open(new Registered("b"));
        awaitServed(alice);
        first.close();
        open(RunningProxy.startReady(server, OFF));
        // It waits until both have answered, and is not refused.
        assertThat(ask(alice).type()).isEqualTo("result");
    }

    @Test
    void afterAKillTheSamePoolIsThereAtOnceAndWhereItsFileIsLostWithTheNextPresence() throws Exception {
        ProxyProcess proxy = open(new ProxyProcess(
                server,
                server.componentPort(),
                "128m",
                Map.of("PROXY_SUBSCRIBE", "off", "PROXY_CONFIRM_TIMEOUT", "2s", "PROXY_DATA_DIR", "" + data)));
        proxy.start();
        proxy.awaitReady();
        RawClient alice = open(RawClient.login(server, "alice", "pw", "home"));
        Registered a = open(new Registered("a"));
        open(new Registered("b"));
        awaitServed(alice);
        proxy.kill();
        proxy.start();
        proxy.awaitReady();
        assertThat(ask(alice).type()).isEqualTo("result");

        proxy.kill();
        Files.delete(data.resolve("proxy.resources"));
        proxy.start();
        proxy.awaitReady();
        awaitRefused(alice);
        // What it does every minute.
        a.register();
        awaitServed(alice);
    }

    @Test
    void aSubscriptionFromBeforeIsGivenUpAndThenEachEndIsKnown() throws Exception {
        Map<String, String> on = new HashMap<>(OFF);
        on.put("proxy.subscribe", "on");
        try (RunningProxy subscribed = RunningProxy.startReady(server, on)) {
            ProxyScenarios.accept(server);
        }
        open(RunningProxy.startReady(server, OFF));
        RawClient alice = open(RawClient.login(server, "alice", "pw", "home"));
        Registered dying = open(new Registered("dying"));
        open(new Registered("healthy"));
        awaitServed(alice);
        dying.client.cut();
        Awaitility.await("only the healthy one is asked").atMost(LIMIT).until(() -> {
            for (int i = 0; i < 20; i++) {
                if (!"result".equals(ask(alice).type())) {
                    return false;
                }
            }
            return true;
        });
    }
}
