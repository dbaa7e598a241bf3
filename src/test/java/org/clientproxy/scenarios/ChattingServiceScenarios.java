package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Properties;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.clientproxy.component.XmppComponentEndpoint;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The component alone, with messages and presences both ways through a server. */
abstract class ChattingServiceScenarios {
    private final DefaultCamelContext context = new DefaultCamelContext();
    private XmppServer server;
    private RawClient alice;

    abstract XmppServer server() throws Exception;

    @BeforeEach
    void start() throws Exception {
        server = server();
        server.start();
        Properties keys = new Properties();
        keys.put(
                "service",
                "xmpp-component:" + server.componentDomain() + "?host=127.0.0.1&port=" + server.componentPort()
                        + "&secret=RAW(" + server.componentSecret() + ")");
        context.getPropertiesComponent().setInitialProperties(keys);
        context.getShutdownStrategy().setTimeout(5);
        context.addRoutes(new Service());
        context.start();
        XmppComponentEndpoint endpoint = context.getEndpoint("{{service}}", XmppComponentEndpoint.class);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> endpoint.stream().state() == StreamState.READY);
        alice = RawClient.login(server, "alice", "pw", "home");
    }

    @AfterEach
    void end() {
        context.stop();
        if (alice != null) {
            alice.close();
        }
        server.close();
    }

    /** Echoes chat messages, lets everybody see that it is there, and refuses all other messages. */
    private static final class Service extends RouteBuilder {
        @Override
        public void configure() {
            errorHandler(noErrorHandler());
            from("{{service}}")
                    .setProperty("me", header("CamelXmppComponentTo"))
                    .setHeader("CamelXmppComponentTo", header("CamelXmppComponentFrom"))
                    .setHeader("CamelXmppComponentFrom", exchangeProperty("me"))
                    .choice()
                    .when(header("CamelXmppComponentType").isEqualTo("chat"))
                    .setBody(constant(""))
                    .to("{{service}}")
                    .when(header("CamelXmppComponentType").isEqualTo("subscribe"))
                    .setHeader("CamelXmppComponentType", constant("subscribed"))
                    .setBody(constant(""))
                    .to("{{service}}")
                    .removeHeader("CamelXmppComponentType")
                    .setHeader("CamelXmppComponentStatus", constant("here & now"))
                    .to("{{service}}")
                    .when(simple("${header.CamelXmppComponentKind} == 'message' &&"
                            + " ${header.CamelXmppComponentType} != 'error'"))
                    .throwException(new StanzaErrorException(
                            StanzaError.of(StanzaError.Condition.NOT_ACCEPTABLE, "This service chats.")));
        }
    }

    private static String content(Stanza stanza) {
        return stanza.toXml();
    }

    @Test
    void messagesGoBothWays() throws Exception {
        String domain = server.componentDomain();
        alice.send("<message type='chat' id='m1' to='bot@" + domain + "'><body>1 &lt; 2</body></message>");
        Stanza echo = alice.await("the echo", stanza -> "m1".equals(stanza.id()));
        assertThat(echo.type()).isEqualTo("chat");
        assertThat(echo.from()).isEqualTo("bot@" + domain);
        assertThat(content(echo)).contains("<body>1 &lt; 2</body>");
        alice.send("<message type='normal' id='m2' to='" + domain + "'><body>letter</body></message>");
        Stanza refused = alice.await("the refusal", stanza -> "m2".equals(stanza.id()));
        assertThat(refused.type()).isEqualTo("error");
        assertThat(content(refused)).contains("not-acceptable");
    }

    @Test
    void aSubscriberSeesThatItIsThere() throws Exception {
        String domain = server.componentDomain();
        alice.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
        alice.await("the contacts", stanza -> "roster".equals(stanza.id()));
        alice.send("<presence/>");
        alice.send("<presence type='subscribe' to='" + domain + "'/>");
        alice.await("subscribed", stanza -> "subscribed".equals(stanza.type()));
        Stanza available = alice.await(
                "its presence",
                stanza ->
                        stanza.kind() == Stanza.Kind.PRESENCE && stanza.type() == null && domain.equals(stanza.from()));
        assertThat(content(available)).contains("<status>here &amp; now</status>");
    }
}
