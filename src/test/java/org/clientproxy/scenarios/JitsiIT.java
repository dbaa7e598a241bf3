package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.servers.JitsiServer;
import org.clientproxy.servers.ProsodyServer;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/**
 * In place of mod_client_proxy in a Jitsi installation: the packaged program beside Prosody, each with the configuration that
 * {@code docs/jitsi.md} shows, and the requests of Jitsi Meet.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JitsiIT {
    private static final Path JAR = Path.of("target/camel-client-proxy.jar").toAbsolutePath();
    private static final String STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";

    private JitsiServer server;
    private Process proxy;
    private Jicofo jicofo;
    private RawClient alice;
    private int asked;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "Prosody");
        assertThat(JAR).exists();
        server = new JitsiServer();
        server.start();
        Files.writeString(
                directory.resolve("application.properties"),
                server.sample("application.properties") + "xmpp.port=" + server.componentPort() + "\n");
        ProcessBuilder builder = new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-jar", "" + JAR);
        builder.environment().keySet().removeIf(name -> name.startsWith("PROXY") || name.startsWith("XMPP"));
        proxy = builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        jicofo = Jicofo.join(server);
        alice = RawClient.login(server.users(), "alice", "pw", "Hw3x QzRt");
        // The subscription that the roster has is enough: nobody accepts anything here.
        Awaitility.await("the focus is there").atMost(Duration.ofSeconds(60)).until(() -> "result"
                .equals(ask(
                                alice,
                                "get",
                                "<login-url xmlns='" + Jicofo.FOCUS + "' room='r@conference.meet.example.org'/>")
                        .type()));
    }

    @AfterAll
    void end() throws Exception {
        if (alice != null) {
            alice.close();
        }
        if (jicofo != null) {
            jicofo.close();
        }
        if (proxy != null) {
            proxy.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        if (server != null) {
            server.close();
        }
    }

    private Stanza ask(RawClient requester, String type, String query) throws Exception {
        String id = "q" + asked++;
        requester.send("<iq type='" + type + "' id='" + id + "' to='focus.meet.example.org'>" + query + "</iq>");
        Stanza answer = requester.await("the answer to " + query, s -> s.isReply() && id.equals(s.id()));
        assertThat(answer.from()).isEqualTo("focus.meet.example.org");
        return answer;
    }

    /** Prosody writes attributes in an order of its own. */
    private static void assertContent(Stanza answer, String xml) throws Exception {
        assertThat(document(content(answer)).isEqualNode(document(xml)))
                .as(content(answer))
                .isTrue();
    }

    private static Document document(String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static String content(Stanza stanza) {
        return new String(stanza.content(), StandardCharsets.UTF_8);
    }

    @Test
    void aConferenceIsAllocatedToWhoIsOfTheDomain() throws Exception {
        Stanza answer = ask(
                alice,
                "set",
                "<conference xmlns='" + Jicofo.FOCUS + "' room='r@conference.meet.example.org' machine-uid='m1'>"
                        + "<property name='rtcstatsEnabled' value='false'/></conference>");
        assertThat(answer.type()).isEqualTo("result");
        assertContent(
                answer,
                "<conference xmlns='" + Jicofo.FOCUS + "' room='r@conference.meet.example.org' ready='true'"
                        + " focusjid='focus@auth.meet.example.org'><property name='authentication' value='true'/>"
                        + "<property name='visitors-supported' value='false'/></conference>");
    }

    @Test
    void theFocusKnowsWhoLogsInAndOut() throws Exception {
        assertThat(content(ask(
                        alice,
                        "get",
                        "<login-url xmlns='" + Jicofo.FOCUS
                                + "' room='r@conference.meet.example.org' popup='true' machine-uid='m1'/>")))
                .contains("login%3Ffor%3Dalice'");
        assertThat(content(ask(alice, "set", "<logout xmlns='" + Jicofo.FOCUS + "' session-id='valid'/>")))
                .contains("logout-url='https%3A%2F%2Fmeet.example.org'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "conference|session-id='old'|modify|not-acceptable|<session-invalid xmlns='http://jitsi.org/protocol/focus'/>",
                "logout|session-id='old'|modify|not-acceptable|<session-invalid xmlns='http://jitsi.org/protocol/focus'/>",
                "conference|room='reserved@conference.meet.example.org'|cancel|service-unavailable|"
                        + "<reservation-error xmlns='http://jitsi.org/protocol/focus' error-code='409'/>"
            })
    void errorsArriveWithTheirPayload(String element, String attribute, String type, String condition, String payload)
            throws Exception {
        Stanza answer = ask(alice, "set", "<" + element + " xmlns='" + Jicofo.FOCUS + "' " + attribute + "/>");
        assertThat(answer.type()).isEqualTo("error");
        assertContent(
                answer,
                "<error type='" + type + "'><" + condition + " xmlns='" + STANZAS + "'/>" + payload + "</error>");
    }

    @Test
    void theFocusRefusesOtherDomainsByTheirName() throws Exception {
        try (RawClient stranger = RawClient.login(server, "alice", "pw", "x")) {
            Stanza answer = ask(stranger, "set", "<conference xmlns='" + Jicofo.FOCUS + "' room='r@c'/>");
            assertThat(content(answer)).contains("<not-authorized").contains("not authorized user domain");
        }
    }
}
