package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.clientproxy.check.CheckCommand;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.RawComponent;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --check} says of a server and an account in each state that an operator meets, and that it changes nothing there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CheckScenarios {
    private static final String SUBSCRIBE = "<presence type='subscribe' from='proxy.localhost' to='%s@localhost'/>";

    @TempDir
    Path directory;

    private XmppServer server;

    abstract XmppServer server() throws Exception;

    /** Whether the server takes several connections of one component. */
    abstract boolean takesSeveral();

    @BeforeAll
    void prepare() throws Exception {
        server = server();
        server.start();
    }

    @AfterAll
    void end() {
        if (server != null) {
            server.close();
        }
    }

    /** What was printed, and the exit code behind it. */
    private String check(Map<String, String> more) throws Exception {
        Map<String, String> keys = new TreeMap<>(Map.of(
                "xmpp.host", "127.0.0.1",
                "xmpp.port", "" + server.componentPort(),
                "xmpp.secret", server.componentSecret(),
                "proxy.domain", "proxy.localhost",
                "proxy.data-dir", directory.resolve("data").toString()));
        keys.putAll(more);
        Path file = Files.writeString(
                directory.resolve("application.properties"),
                keys.entrySet().stream()
                        .map(each -> each.getKey() + '=' + each.getValue())
                        .collect(Collectors.joining("\n")));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        int code = CheckCommand.run(file, Map.of(), new PrintStream(printed, true, StandardCharsets.UTF_8));
        String report = printed.toString(StandardCharsets.UTF_8);
        assertThat(report).doesNotContain(keys.get("xmpp.secret"));
        // Not even the directory of data was made.
        assertThat(directory.resolve("data")).doesNotExist();
        return report + "exit code " + code;
    }

    /** Lets the proxy host see the sessions of an account. */
    private void accept(String user) throws Exception {
        try (RawClient component = RawComponent.connect(server);
                RawClient owner = RawClient.login(server, user, "pw", "owner")) {
            owner.send("<presence/>");
            component.send(SUBSCRIBE.formatted(user));
            owner.await("the request to subscribe", s -> "subscribe".equals(s.type()));
            owner.send("<presence type='subscribed' to='proxy.localhost'/>");
            component.await("its acceptance", s -> "subscribed".equals(s.type()));
        }
    }

    @Test
    void allIsWell() throws Exception {
        accept("worker");
        assertThat(check(Map.of("proxy.target", "worker@localhost")))
                .contains("ok       roster entry: worker@localhost lets proxy.localhost see who is there")
                .contains("wrong    sessions: no session of worker@localhost is available")
                .endsWith("exit code 1");
        try (Worker first = Worker.join(server, "a");
                Worker second = Worker.join(server, "b")) {
            String report = check(Map.of("proxy.target", "worker@localhost"));
            assertThat(report)
                    .contains("ok       configuration: proxy.localhost for worker@localhost")
                    .contains("ok       data directory: ")
                    .contains("ok       running instance: there is none")
                    .contains("ok       name look-up: 127.0.0.1 is 127.0.0.1")
                    .contains("ok       connection: 127.0.0.1:" + server.componentPort() + " took it")
                    .contains("skipped  TLS: xmpp.tls=off")
                    .contains("ok       domain: the server has the component proxy.localhost")
                    .contains("ok       secret: the server took it")
                    .contains("ok       roster entry: ")
                    .contains("ok       sessions: 2: a, b")
                    .contains("ok       clock: it agrees with the server's")
                    .doesNotContain("wrong", "warning")
                    .endsWith("exit code 0");
            assertThat(check(Map.of("proxy.target", "worker@localhost", "proxy.resources", "b*")))
                    .contains("ok       sessions: 1 (of 2; the others do not match proxy.resources): b")
                    .endsWith("exit code 0");
            assertThat(check(Map.of("proxy.target", "worker@localhost", "proxy.resources", "c*")))
                    .contains("wrong    sessions: none of the sessions of worker@localhost matches proxy.resources (c*): a, b")
                    .endsWith("exit code 1");
            assertThat(first.answered.get() + second.answered.get()).isZero();
        }
    }

    @Test
    void theAccountHasNotAccepted() throws Exception {
        assertThat(check(Map.of("proxy.target", "alice@localhost")))
                .contains("ok       secret: ")
                .contains("wrong    roster entry: alice@localhost does not let proxy.localhost see who is there")
                .contains("skipped  sessions: ")
                .endsWith("exit code 1");
        // A request that waits for the account waits on.
        try (RawClient component = RawComponent.connect(server)) {
            component.send(SUBSCRIBE.formatted("alice"));
            component.send("<iq type='get' id='1' from='proxy.localhost' to='localhost'>"
                    + "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
            component.await("the server has read the request", s -> "1".equals(s.id()));
        }
        assertThat(check(Map.of("proxy.target", "alice@localhost"))).contains("wrong    roster entry: ");
        try (RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
            alice.send("<presence/>");
            assertThat(alice.await("the request to subscribe", s -> "subscribe".equals(s.type()))
                            .from())
                    .isEqualTo("proxy.localhost");
        }
    }

    @Test
    void thereIsNoSuchAccountOrDomain() throws Exception {
        assertThat(check(Map.of("proxy.target", "nobody@localhost")))
                .contains("wrong    roster entry: nobody@localhost does not let")
                .endsWith("exit code 1");
        assertThat(check(Map.of("proxy.target", "worker@elsewhere.invalid")))
                // Prosody that has no connections to other servers at all says so in other words.
                .containsPattern("wrong    roster entry: .*elsewhere\\.invalid")
                .endsWith("exit code 1");
    }

    @Test
    void nobodyIsAskedWhereSessionsRegisterThemselves() throws Exception {
        assertThat(check(Map.of("proxy.target", "worker@localhost", "proxy.subscribe", "off")))
                .contains("skipped  roster entry: proxy.subscribe=off")
                .contains("skipped  sessions: proxy.subscribe=off")
                .endsWith("exit code 0");
    }

    @Test
    void theSecretIsWrong() throws Exception {
        assertThat(check(Map.of("proxy.target", "worker@localhost", "xmpp.secret", "wr0ng")))
                .contains("wrong    secret: the server refuses the secret: not-authorized")
                .contains("skipped  sessions: the server did not take the component")
                .endsWith("exit code 1");
    }

    @Test
    void theDomainIsWrong() throws Exception {
        assertThat(check(Map.of("proxy.target", "worker@localhost", "proxy.domain", "other.localhost")))
                // ejabberd does not say which of both it is.
                .contains(
                        takesSeveral()
                                ? "ejabberd says the same where it has no such component"
                                : "wrong    domain: the server has no component other.localhost: host-unknown")
                .endsWith("exit code 1");
    }

    @Test
    void anotherConnectionOfTheDomainGoesOn() throws Exception {
        try (RawClient component = RawComponent.connect(server);
                RawClient bob = RawClient.login(server, "bob", "pw", "home")) {
            String report = check(Map.of("proxy.target", "bob@localhost"));
            if (takesSeveral()) {
                assertThat(report).contains("ok       domain: ");
            } else {
                assertThat(report)
                        .contains("wrong    domain: another connection for proxy.localhost is alive at the server")
                        .contains("ok       secret: the server took it");
            }
            bob.send("<iq type='get' id='after' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            component.await("a request after the check", Stanza::isRequest);
        }
    }
}
