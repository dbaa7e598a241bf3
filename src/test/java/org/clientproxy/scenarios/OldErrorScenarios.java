package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Whatever an old library sends as an error reaches the requester as it would without a proxy: the same reply to a request
 * that went straight to the session is what it is compared with, for servers may write a stanza in another way.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OldErrorScenarios {
    private static final String NS = " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private RawClient worker;
    private RawClient alice;
    private int ids;

    abstract XmppServer server() throws Exception;

    @BeforeAll
    void start() throws Exception {
        XmppServer server = server();
        opened.add(server);
        server.start();
        opened.add(RunningProxy.startReady(server, Map.of("proxy.drain-timeout", "1s")));
        ProxyScenarios.accept(server);
        worker = RawClient.login(server, "worker", "pw", "a");
        opened.add(worker);
        worker.send("<presence/>");
        alice = RawClient.login(server, "alice", "pw", "home");
        opened.add(alice);
        Awaitility.await("the session is in the pool").atMost(LIMIT).until(() -> {
            alice.send("<iq type='get' id='pool' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            return worker.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
    }

    @AfterAll
    void stop() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    /** The error that Alice gets who asked this address, when the session replies with this content. */
    private Stanza answer(String to, String content) throws Exception {
        String id = "e" + ids++;
        alice.send("<iq type='get' id='" + id + "' to='" + to + "'><q xmlns='urn:q'/></iq>");
        Stanza request = worker.await("the request", s -> s.isRequest() && id.equals(s.id()));
        StringBuilder reply = new StringBuilder("<iq type='error' id='" + id + "' to='");
        XmlText.escape(request.from(), reply);
        worker.send(reply.append("'>").append(content).append("</iq>").toString());
        Stanza answer = alice.await("the answer to " + id, s -> s.isReply() && id.equals(s.id()));
        assertThat(answer.from()).isEqualTo(to);
        return answer;
    }

    private static String text(Stanza answer) {
        return new String(answer.content(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<error type='cancel' code='404'>Not Found<item-not-found@/></error>",
                "<error code='404'>Not Found</error>",
                "<error code='503' type='cancel'/>",
                "<error/>",
                "text<error type='cancel'><item-not-found@/></error>more text",
                "<error type='nonsense'><nonsense@/></error>",
                "<error type='cancel'><condition xmlns='urn:unknown'><deep/></condition></error>",
                "<error type='cancel'><a xmlns='u'/><item-not-found@/><b xmlns='u'/><conflict@/></error>",
                "<q xmlns='urn:q'/><error type='cancel'><item-not-found@/></error>",
                "<error type='cancel'><item-not-found@/></error><q xmlns='urn:q'/><more xmlns='u'/>",
                "<error type='modify'><![CDATA[a < b]]><bad-request@/><text@>&lt;&#233;&quot;</text></error>",
                "<error type='cancel'><gone@>xmpp:a@b</gone><text@>one <b xmlns='u'>two</b></text></error>"
            })
    void reachesTheRequesterAsWithoutAProxy(String form) throws Exception {
        String content = form.replace("@", NS);
        String straight = text(answer("worker@localhost/a", content));
        String proxied = text(answer("proxy.localhost", content));
        assertThat(shape(proxied)).isEqualTo(shape(straight));
        assertThat(proxied).doesNotContain("urn:clientproxy:errors:0");
    }

    @Test
    void isReplacedOnlyWhereThereIsNoErrorAtAll() throws Exception {
        Stanza answer = answer("proxy.localhost", "<q xmlns='urn:q'/>");
        assertThat(ProxyScenarios.condition(answer)).isEqualTo("internal-server-error");
        assertThat(text(answer)).contains("<bad-reply ");
    }

    /** Elements, attributes and text in order; an element of the stream's own namespace in whatever that is called here. */
    private static String shape(String content) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        factory.setCoalescing(true);
        StringBuilder shape = new StringBuilder();
        append(
                factory.newDocumentBuilder()
                        .parse(new ByteArrayInputStream(
                                ("<x xmlns='jabber:client'>" + content + "</x>").getBytes(StandardCharsets.UTF_8)))
                        .getDocumentElement(),
                shape);
        return shape.toString();
    }

    private static void append(Node node, StringBuilder shape) {
        if (!(node instanceof Element)) {
            shape.append(node.getNodeValue());
            return;
        }
        String namespace = node.getNamespaceURI();
        shape.append('<')
                .append(node.getLocalName())
                .append(" {")
                .append(namespace)
                .append('}');
        for (int i = 0; i < node.getAttributes().getLength(); i++) {
            Node attribute = node.getAttributes().item(i);
            if (!attribute.getNodeName().startsWith("xmlns")) {
                shape.append(' ').append(attribute);
            }
        }
        shape.append('>');
        for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
            append(child, shape);
        }
        shape.append("</>");
    }
}
