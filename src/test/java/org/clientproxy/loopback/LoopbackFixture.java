package org.clientproxy.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A loopback server for each test, and who talks to it. */
abstract class LoopbackFixture {
    final LoopbackServer server =
            new LoopbackServer(Map.of("worker", "pw", "alice", "pw"), "proxy.localhost", "component-secret");
    private final List<RawClient> opened = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() {
        opened.forEach(RawClient::close);
        server.close();
    }

    /** Keeps it to be closed after the test. */
    RawClient keep(RawClient client) {
        opened.add(client);
        return client;
    }

    RawClient login(String user, String resource) throws Exception {
        return keep(RawClient.login(server, user, "pw", resource));
    }

    /** Logged in, interested in the roster, and available. */
    RawClient available(String user, String resource) throws Exception {
        RawClient client = login(user, resource);
        client.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq><presence/>");
        client.await("the roster", s -> "roster".equals(s.id()));
        client.await("its own presence", s -> (user + "@localhost/" + resource).equals(s.from()));
        return client;
    }

    RawClient component() throws Exception {
        return keep(RawComponent.connect(server));
    }

    /** Whatever the server had to say to a client before this has arrived after it; gives what nobody has asked for. */
    static List<Stanza> all(RawClient client) throws Exception {
        String id = UUID.randomUUID().toString();
        client.send("<iq type='get' id='" + id + "' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
        client.await("the pong", s -> id.equals(s.id()));
        return client.unseen();
    }

    /** The same for a component. */
    static List<Stanza> allOfComponent(RawClient component) throws Exception {
        String id = UUID.randomUUID().toString();
        component.send("<iq type='get' id='" + id + "' from='proxy.localhost' to='localhost'>"
                + "<ping xmlns='urn:xmpp:ping'/></iq>");
        component.await("the pong", s -> id.equals(s.id()));
        return component.unseen();
    }

    static Stanza presence(RawClient client, String type, String from) throws Exception {
        return client.await(
                "presence of type " + type + " from " + from,
                s -> s.kind() == Stanza.Kind.PRESENCE
                        && from.equals(s.from())
                        && (type == null ? s.type() == null : type.equals(s.type())));
    }

    static Stanza byId(RawClient client, String id) throws Exception {
        return client.await("the stanza with id " + id, s -> id.equals(s.id()));
    }

    static String content(Stanza stanza) {
        return new String(stanza.content(), StandardCharsets.UTF_8);
    }

    static void assertError(Stanza stanza, String from, String condition) {
        assertThat(stanza.type()).isEqualTo("error");
        assertThat(stanza.from()).isEqualTo(from);
        assertThat(content(stanza)).startsWith("<error ").contains("<" + condition + " ");
    }
}
