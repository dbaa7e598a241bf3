package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy that is killed and started again: with more in flight than the next process holds, or with what became larger. */
class LargeCrashIT {
    private static final int REQUESTS = 720;
    private static final int PAYLOAD = 150_000;

    /** So many requests may be on their way to the session. */
    private static final int UNDERWAY = 40;

    private static final Duration LIMIT = Duration.ofSeconds(100);

    @TempDir
    Path data;

    private final LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret");
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void end() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        server.close();
    }

    private ProxyProcess proxy(String heap) throws Exception {
        ProxyProcess proxy = new ProxyProcess(
                server,
                server.componentPort(),
                heap,
                Map.of(
                        "PROXY_DATA_DIR", "" + data,
                        "PROXY_MAX_PENDING_SIZE", heap.equals("128m") ? "32MiB" : "400MiB",
                        "PROXY_REPLY_TIMEOUT", "80s",
                        "XMPP_RECONNECT_MAX", "1s",
                        "PROXY_PENDING", "file",
                        // Two accounts may hold it all.
                        "PROXY_MAX_PENDING_PER_REQUESTER", "100000"));
        opened.add(proxy);
        proxy.start();
        proxy.awaitReady();
        return proxy;
    }

    private RawClient client(String user, String resource) throws Exception {
        RawClient client = RawClient.login(server, user, "pw", resource);
        opened.add(client);
        return client;
    }

    @Test
    void answersEachRequestOnceAfterACrashWithMoreInFlightThanTheNextProcessHolds() throws Exception {
        ProxyProcess first = proxy("768m");
        ProxyScenarios.accept(server);
        RawClient owner = client("worker", "silent");
        owner.send("<presence/>");
        List<RawClient> requesters = List.of(client("alice", "home"), client("bob", "home"));
        Awaitility.await("the proxy knows the session").atMost(LIMIT).until(() -> {
            requesters.get(0).send("<iq type='get' id='w' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            return owner.poll(request -> "w".equals(request.id()), Duration.ofMillis(300)) != null;
        });
        String payload = "<q xmlns='urn:q'>" + "x".repeat(PAYLOAD) + "</q></iq>";
        List<Stanza> forwarded = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            requesters.get(i % 2).send("<iq type='set' id='r" + i + "' to='proxy.localhost'>" + payload);
            // A server that reads slowly would have the proxy refuse what it cannot write.
            awaitForwarded(owner, forwarded, i + 1 - UNDERWAY);
        }
        awaitForwarded(owner, forwarded, REQUESTS);
        assertThat((long) REQUESTS * PAYLOAD).isGreaterThan(100_000_000);
        first.kill();
        ProxyProcess next = proxy("128m");
        for (Stanza request : forwarded) {
            owner.send(Worker.reply(request, "<r xmlns='urn:r'/>"));
        }
        Map<String, Stanza> answers = new HashMap<>();
        Awaitility.await("each is answered").atMost(LIMIT).until(() -> {
            for (RawClient requester : requesters) {
                for (Stanza answer = next(requester); answer != null; answer = next(requester)) {
                    assertThat(answers.put(answer.id(), answer)).isNull();
                }
            }
            return answers.size() >= REQUESTS;
        });
        assertThat(next.isAlive()).isTrue();
        assertThat(answers.values()).anyMatch(answer -> answer.toXml().contains("<r xmlns='urn:r'/>"));
        assertThat(answers.values()).anyMatch(answer -> answer.toXml().contains("<not-taken-up"));
    }

    private static void awaitForwarded(RawClient owner, List<Stanza> forwarded, int count) {
        Awaitility.await("all are in flight").atMost(LIMIT).until(() -> {
            while (forwarded.size() < count) {
                Stanza request = next(owner);
                if (request == null) {
                    return false;
                }
                forwarded.add(
                        Stanza.of(request.kind(), request.type(), request.id(), request.from(), request.to(), ""));
            }
            return true;
        });
    }

    private static Stanza next(RawClient client) throws InterruptedException {
        return client.poll(stanza -> stanza.id() != null && stanza.id().matches("r\\d+"), Duration.ofMillis(50));
    }
}
