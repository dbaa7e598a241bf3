package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.ProsodyServer;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The workers of {@code examples/}, as people copy and start them: safe among strangers, and there again after a restart. */
class ExampleWorkersIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String GREETING = "<greeting xmlns='urn:example:greeting'/>";

    @TempDir
    Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private int count;

    @AfterEach
    void end() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private XmppServer server() throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "Prosody");
        ExampleProgram.requireSlixmpp();
        XmppServer server = new ProsodyServer(ProxyScenarios.ACCOUNTS);
        opened.add(server);
        server.start();
        opened.add(RunningProxy.startReady(server, Map.of("xmpp.reconnect-max", "1s", "proxy.reply-timeout", "3s")));
        return server;
    }

    private ExampleProgram worker(XmppServer server, String kind, String name) throws Exception {
        ExampleProgram worker = ExampleProgram.start(
                server,
                directory.resolve(name),
                "worker@localhost/" + kind,
                kind.equals("python") ? "greeting.py" : "GreetingWorker.java");
        opened.add(worker);
        return worker;
    }

    private Stanza ask(RawClient requester, String to, String payload) throws Exception {
        String id = "ask" + count++;
        requester.send("<iq type='get' id='" + id + "' to='" + to + "'>" + payload + "</iq>");
        return requester.await("the answer", s -> id.equals(s.id()));
    }

    private void awaitGreeting(RawClient requester, String resource, ExampleProgram worker) {
        Awaitility.await("an answer").atMost(LIMIT).untilAsserted(() -> {
            Stanza answer = ask(requester, "proxy.localhost", GREETING);
            assertThat(new String(answer.content(), StandardCharsets.UTF_8))
                    .as(worker.output())
                    .contains("Hello from " + resource);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "java"})
    void isSafeToCopyAndSurvivesARestartOfTheServer(String kind) throws Exception {
        XmppServer server = server();
        ExampleProgram worker = worker(server, kind, "first");
        RawClient alice = RawClient.login(server, "alice", "pw", "home");
        opened.add(alice);
        // It has let the proxy host see its presence.
        awaitGreeting(alice, kind, worker);
        assertThat(ask(alice, "proxy.localhost", "<q xmlns='urn:q'/>").type())
                .as("another namespace")
                .isEqualTo("error");

        // Of this Smack makes an exception when it reads it, and ends the connection where nothing is said of that.
        ask(alice, "proxy.localhost", "<query xmlns='jabber:iq:version'><os>x</os></query>");
        assertThat(new String(ask(alice, "proxy.localhost", GREETING).content(), StandardCharsets.UTF_8))
                .contains("Hello from " + kind);
        assertThat(worker.output()).doesNotContain("trying again");

        RawClient bob = RawClient.login(server, "bob", "pw", "phone");
        opened.add(bob);
        bob.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
        bob.send("<presence/>");
        bob.send("<presence to='worker@localhost' type='subscribe'/>");
        bob.await("the denial", s -> "unsubscribed".equals(s.type()));
        assertThat(bob.unseen()).noneMatch(s -> s.from() != null && s.from().startsWith("worker@localhost/"));
        Stanza direct = ask(bob, "worker@localhost/" + kind, GREETING);
        assertThat(direct.type()).isEqualTo("error");
        assertThat(new String(direct.content(), StandardCharsets.UTF_8)).contains("forbidden");

        server.kill();
        Awaitility.await("it says so").atMost(LIMIT).until(() -> worker.output().contains("trying again"));
        server.start();
        RawClient again = RawClient.login(server, "alice", "pw", "work");
        opened.add(again);
        awaitGreeting(again, kind, worker);
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "java"})
    void oneThatIsReplacedByAnotherProgramSaysSoAndEnds(String kind) throws Exception {
        XmppServer server = server();
        ExampleProgram first = worker(server, kind, "first");
        RawClient alice = RawClient.login(server, "alice", "pw", "home");
        opened.add(alice);
        awaitGreeting(alice, kind, first);
        ExampleProgram second = worker(server, kind, "second");
        Awaitility.await("the first one ends").atMost(LIMIT).until(() -> !first.isAlive());
        assertThat(first.output()).contains("another program has logged in as worker@localhost/" + kind);
        awaitGreeting(alice, kind, second);
        assertThat(second.isAlive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"greeting.py", "ask.py", "chat/chat.py", "chat/say.py"})
    void whoMayNotLogInWithoutEncryptionSaysSo(String program) throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "Prosody");
        ExampleProgram.requireSlixmpp();
        XmppServer server = ProsodyServer.demandingEncryption(ProxyScenarios.ACCOUNTS);
        opened.add(server);
        server.start();
        ExampleProgram started = ExampleProgram.start(server, directory.resolve("log"), "worker@localhost/a", program);
        opened.add(started);
        Awaitility.await("it says so").atMost(LIMIT).until(() -> started.output()
                .contains("the server lets nobody log in without TLS"));
        server.close();
        Awaitility.await("it says that nobody is there, or has ended")
                .atMost(LIMIT)
                .until(() -> !started.isAlive() || started.output().contains("no connection"));
    }
}
