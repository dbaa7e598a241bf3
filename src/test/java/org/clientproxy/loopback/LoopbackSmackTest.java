package org.clientproxy.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.disco.ServiceDiscoveryManager;
import org.jivesoftware.smackx.ping.PingManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jxmpp.jid.BareJid;
import org.jxmpp.jid.impl.JidCreate;

/** The loopback server serves a client library that this project did not write. */
class LoopbackSmackTest extends LoopbackFixture {
    private final List<XMPPTCPConnection> connections = new ArrayList<>();

    @AfterEach
    void disconnect() {
        connections.forEach(XMPPTCPConnection::instantShutdown);
    }

    private XMPPTCPConnection smack(String user, String password, String resource, String mechanism) throws Exception {
        XMPPTCPConnection connection = new XMPPTCPConnection(XMPPTCPConnectionConfiguration.builder()
                .setHost("127.0.0.1")
                .setPort(server.clientPort())
                .setXmppDomain("localhost")
                .setUsernameAndPassword(user, password)
                .setResource(resource)
                .addEnabledSaslMechanism(mechanism)
                .setSecurityMode(SecurityMode.disabled)
                .build());
        connections.add(connection);
        Roster.getInstanceFor(connection).setSubscriptionMode(Roster.SubscriptionMode.accept_all);
        connection.connect().login();
        return connection;
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-1"})
    void logsIn(String mechanism) throws Exception {
        XMPPTCPConnection connection = smack("worker", "pw", "a b", mechanism);
        assertThat(connection.getUser().toString()).isEqualTo("worker@localhost/a b");
        assertThat(connection.getUsedSaslMechansism()).isEqualTo(mechanism);
        assertThat(PingManager.getInstanceFor(connection).pingMyServer()).isTrue();
        assertThat(ServiceDiscoveryManager.getInstanceFor(connection)
                        .discoverItems(connection.getXMPPServiceDomain())
                        .getItems())
                .singleElement()
                .hasFieldOrPropertyWithValue("entityID", JidCreate.from("proxy.localhost"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-1"})
    void refusesAWrongPassword(String mechanism) {
        assertThatThrownBy(() -> smack("worker", "wrong", "a", mechanism))
                .isInstanceOf(SASLErrorException.class)
                .hasMessageContaining("not-authorized");
    }

    @Test
    void showsContactsToEachOther() throws Exception {
        XMPPTCPConnection worker = smack("worker", "pw", "a", "PLAIN");
        XMPPTCPConnection alice = smack("alice", "pw", "home", "PLAIN");
        BareJid address = JidCreate.bareFrom("worker@localhost");
        Roster roster = Roster.getInstanceFor(alice);
        roster.createEntry(address, "Worker", new String[] {"Work"});
        Awaitility.await().until(() -> roster.getPresence(address).isAvailable());
        assertThat(roster.getEntry(address).getName()).isEqualTo("Worker");
        assertThat(roster.getEntry(address).canSeeHisPresence()).isTrue();
        worker.disconnect();
        Awaitility.await().until(() -> !roster.getPresence(address).isAvailable());
    }

    @Test
    void exchangesRequestAndAnswerWithTheComponent() throws Exception {
        RawClient component = component();
        XMPPTCPConnection alice = smack("alice", "pw", "home", "SCRAM-SHA-1");
        Thread answering = new Thread(() -> {
            try {
                var request = component.await("the ping", s -> s.isRequest());
                component.send("<iq type='result' id='" + request.id() + "' from='proxy.localhost' to='"
                        + request.from() + "'/>");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        answering.start();
        Stanza answer = alice.createStanzaCollectorAndSend(
                        new org.jivesoftware.smackx.ping.packet.Ping(JidCreate.from("proxy.localhost")))
                .nextResultOrThrow();
        answering.join();
        assertThat(answer.getFrom().toString()).isEqualTo("proxy.localhost");
    }
}
