package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jar, killed with SIGKILL under load and started again: every reply that is owed comes once, what nobody
 * replies to ends with the timeout, nothing comes twice.
 */
class KilledProxyIT {
    private static final Path JAR = Path.of("target/camel-client-proxy.jar").toAbsolutePath();
    private static final int REQUESTS_BEFORE_THE_KILL = 400;

    @TempDir
    Path directory;

    private Process process;

    @AfterEach
    void end() throws Exception {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    private void run(LoopbackServer server) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-jar", "" + JAR));
        builder.environment().keySet().removeIf(name -> name.startsWith("PROXY") || name.startsWith("XMPP"));
        builder.environment()
                .putAll(Map.of(
                        "XMPP_PORT",
                        "" + server.componentPort(),
                        "XMPP_SECRET",
                        "t0p-s3cret",
                        "PROXY_DOMAIN",
                        "proxy.localhost",
                        "PROXY_TARGET",
                        "worker@localhost",
                        "PROXY_REPLY_TIMEOUT",
                        "60s"));
        process = builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
    }

    private void awaitReady(int times) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(50))
                .until(() -> Files.readString(directory.resolve("log"), StandardCharsets.UTF_8)
                                .split("is ready", -1)
                                .length
                        > times);
    }

    private static void ask(RawClient requester, String id) throws Exception {
        requester.send("<iq type='get' id='" + id + "' to='proxy.localhost'><q xmlns='urn:q'>" + id + "</q></iq>");
    }

    @Test
    void answersWhatIsOwedOnceAfterItWasKilledUnderLoad() throws Exception {
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret")) {
            server.start();
            run(server);
            awaitReady(1);
            ProxyScenarios.accept(server);
            try (Worker quick = Worker.join(server, "quick");
                    RawClient slow = RawClient.login(server, "worker", "pw", "slow");
                    RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
                slow.send("<presence/>");
                // So many on their way to the resources at a time, however fast the machine is.
                Semaphore underWay = new Semaphore(200);
                CountDownLatch enough = new CountDownLatch(REQUESTS_BEFORE_THE_KILL);
                server.tap((direction, stanza) -> {
                    if (direction == LoopbackServer.Direction.FROM_COMPONENT
                            && stanza.id() != null
                            && stanza.id().startsWith("load")
                            && !"result".equals(stanza.type())) {
                        underWay.release();
                        if (stanza.isRequest() && stanza.to().endsWith("/slow")) {
                            enough.countDown();
                        }
                    }
                });
                Thread load = new Thread(() -> {
                    try {
                        for (int i = 0; ; i++) {
                            underWay.acquire();
                            ask(alice, "load" + i);
                        }
                    } catch (Exception e) {
                        // The test has interrupted it.
                    }
                });
                load.start();
                assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
                load.interrupt();
                load.join();
                // What came to the slow one by now is all that ever will.
                List<Stanza> forwarded = requests(slow);
                run(server);
                awaitReady(2);
                Set<String> owed = new HashSet<>();
                Set<String> silent = new HashSet<>();
                for (int i = 0; i < forwarded.size(); i++) {
                    Stanza request = forwarded.get(i);
                    if (i % 2 == 0) {
                        owed.add(request.id());
                        slow.send(Worker.reply(request, "<r xmlns='urn:r'/>"));
                        slow.send(Worker.reply(request, "<again xmlns='urn:r'/>"));
                    } else {
                        silent.add(request.id());
                    }
                }
                Stanza first = forwarded.get(0);
                slow.send(Worker.reply(first.readdressed(first.fromJid(), first.toJid(), "never"), ""));
                Map<String, List<Stanza>> answers = new HashMap<>();
                Awaitility.await().atMost(Duration.ofSeconds(120)).until(() -> {
                    for (Stanza answer = alice.poll(Stanza::isReply, Duration.ofMillis(100));
                            answer != null;
                            answer = alice.poll(Stanza::isReply, Duration.ofMillis(100))) {
                        answers.computeIfAbsent(answer.id(), id -> new ArrayList<>())
                                .add(answer);
                    }
                    return answers.keySet().containsAll(owed)
                            && answers.keySet().containsAll(silent);
                });
                assertThat(answers.values()).allSatisfy(all -> assertThat(all).hasSize(1));
                assertThat(answers).doesNotContainKey("never");
                assertThat(owed)
                        .allSatisfy(
                                id -> assertThat(answers.get(id).get(0).toXml()).contains("<r xmlns='urn:r'/>"));
                assertThat(silent)
                        .allSatisfy(
                                id -> assertThat(answers.get(id).get(0).toXml()).contains("<remote-server-timeout"));
                assertThat(quick.answered.get()).isPositive();
            }
        }
    }

    private static List<Stanza> requests(RawClient client) {
        return client.unseen().stream()
                .filter(stanza -> stanza.isRequest() && stanza.id().startsWith("load"))
                .toList();
    }
}
