package org.clientproxy.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients see of the loopback server. */
class LoopbackClientsTest extends LoopbackFixture {
    @ParameterizedTest
    @ValueSource(strings = {"\0worker\0wrong", "\0nobody\0pw", "\0worker\0", "worker"})
    void refusesWrongCredentials(String plain) throws Exception {
        RawClient client = keep(RawClient.open(server));
        String encoded = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        client.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + encoded + "</auth>");
        client.awaitOther("failure");
    }

    @Test
    void knowsNoOtherDomain() throws Exception {
        RawClient client = keep(RawClient.open(
                server.clientPort(),
                "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='other'>"));
        assertThat(client.awaitStreamError()).isEqualTo("host-unknown");
        client.awaitEnd();
    }

    @ParameterizedTest
    @CsvSource({"<iq></message>,not-well-formed", "<!-- -->,restricted-xml", "<other/>,unsupported-stanza-type"})
    void endsTheStreamForWhatIsNoXmpp(String xml, String condition) throws Exception {
        RawClient client = login("worker", "a");
        client.send(xml + "<presence/>");
        assertThat(client.awaitStreamError()).isEqualTo(condition);
        client.awaitEnd();
        assertThat(client.unseen()).isEmpty();
    }

    @Test
    void endsTheSessionThatHadTheResource() throws Exception {
        RawClient other = available("worker", "other");
        RawClient old = available("worker", "a");
        presence(other, null, "worker@localhost/a");
        RawClient replacement = login("worker", "a");
        assertThat(old.awaitStreamError()).isEqualTo("conflict");
        old.awaitEnd();
        presence(other, "unavailable", "worker@localhost/a");
        other.send("<message id='m' to='worker@localhost/a'><body>x</body></message>");
        assertThat(byId(replacement, "m").from()).isEqualTo("worker@localhost/other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"it's <a> & \"b\"", "a/b@c", "\u05d0\ud83d\udc2b"})
    void bindsTheResourceThatIsWanted(String resource) throws Exception {
        assertThat(available("worker", resource).unseen()).isEmpty();
    }

    @Test
    void makesAResourceForWhoWantsNone() throws Exception {
        RawClient client = login("worker", "");
        client.send("<presence/>");
        assertThat(client.await("its own presence", s -> true).from()).matches("worker@localhost/.+");
    }

    @Test
    void passesStanzasOnToTheOctet() throws Exception {
        RawClient alice = login("alice", "home");
        RawClient worker = login("worker", "a");
        String payload = "<q xmlns='urn:q' b=\"1\"  a='&#x27;'><![CDATA[<x>]]>&#x1F42B;<p:r xmlns:p='urn:p'/></q>";
        alice.send("<iq xmlns='jabber:client' to='worker@localhost/a' id='1' from='forged@x' type='get' xml:lang='de'>"
                + payload + "</iq>");
        Stanza request = byId(worker, "1");
        assertThat(content(request)).isEqualTo(payload);
        assertThat(request.from()).isEqualTo("alice@localhost/home");
        assertThat(request.attribute("xml:lang")).isEqualTo("de");
        assertThat(request.attribute("xmlns")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "worker@localhost/absent,service-unavailable",
        "worker@localhost,service-unavailable",
        "nobody@localhost/a,service-unavailable",
        "proxy.localhost,remote-server-timeout",
        "other.example,remote-server-not-found"
    })
    void bouncesRequestsToWhoeverIsAbsentWithoutTheirPayload(String to, String condition) throws Exception {
        RawClient alice = login("alice", "home");
        alice.send("<iq type='get' id='1' to='" + to + "'><q xmlns='urn:q'/></iq>");
        Stanza bounce = byId(alice, "1");
        assertError(bounce, to, condition);
        assertThat(content(bounce)).doesNotContain("urn:q");
    }

    @Test
    void bouncesAnAddressThatIsNone() throws Exception {
        RawClient alice = login("alice", "home");
        alice.send("<iq type='get' id='1' to='@'><q xmlns='urn:q'/></iq>");
        assertError(byId(alice, "1"), "@", "jid-malformed");
    }

    @Test
    void bouncesNeitherRepliesNorErrors() throws Exception {
        RawClient alice = login("alice", "home");
        for (String type : List.of("result", "error")) {
            alice.send("<iq type='" + type + "' id='1' to='worker@localhost/absent'/>");
        }
        alice.send("<message type='error' to='worker@localhost/absent'/><presence to='worker@localhost/absent'/>");
        assertThat(all(alice)).isEmpty();
    }

    @Test
    void deliversMessagesToAvailableSessions() throws Exception {
        RawClient alice = login("alice", "home");
        alice.send("<message id='1' to='worker@localhost'><body>x</body></message>");
        assertError(byId(alice, "1"), "worker@localhost", "service-unavailable");
        RawClient a = available("worker", "a");
        RawClient hidden = login("worker", "hidden");
        alice.send("<message id='2' to='worker@localhost'><body>x</body></message>");
        assertThat(content(byId(a, "2"))).isEqualTo("<body>x</body>");
        assertThat(all(hidden)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<ping xmlns='urn:xmpp:ping'/>",
                "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>",
                "<query xmlns='http://jabber.org/protocol/disco#info'/>",
                "<query xmlns='http://jabber.org/protocol/disco#items'/>"
            })
    void answersWhatClientsAskAServer(String payload) throws Exception {
        RawClient alice = login("alice", "home");
        alice.send("<iq type='set' id='1' to='localhost'>" + payload + "</iq>");
        Stanza answer = byId(alice, "1");
        assertThat(answer.type()).isEqualTo("result");
        assertThat(answer.from()).isEqualTo("localhost");
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        RawClient alice = login("alice", "home");
        alice.send("<iq type='get' id='1' to='localhost'><q xmlns='urn:q'>jabber:iq:roster</q></iq>");
        assertError(byId(alice, "1"), "localhost", "service-unavailable");
    }

    @Test
    void keepsTheRosterAndTellsEverySessionOfChanges() throws Exception {
        RawClient one = available("alice", "one");
        RawClient two = available("alice", "two");
        one.send("<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='worker@localhost' name='W &amp; V'>"
                + "<group>Work</group></item></query></iq>");
        assertThat(byId(one, "s").type()).isEqualTo("result");
        String item =
                "<item jid='worker@localhost' name='W &amp; V' subscription='none'><group>Work</group></item></query>";
        assertThat(content(two.await("the push", s -> "set".equals(s.type())))).endsWith(item);
        two.send("<iq type='get' id='g' to='alice@localhost'><query xmlns='jabber:iq:roster'/></iq>");
        assertThat(content(byId(two, "g"))).endsWith(item);
        two.send("<iq type='set' id='r'><query xmlns='jabber:iq:roster'>"
                + "<item jid='worker@localhost' subscription='remove'/></query></iq>");
        one.await("the push", s -> content(s).contains("subscription='remove'"));
        two.send("<iq type='get' id='empty'><query xmlns='jabber:iq:roster'/></iq>");
        assertThat(content(byId(two, "empty"))).isEqualTo("<query xmlns='jabber:iq:roster'></query>");
    }

    @Test
    void showsContactsToEachOther() throws Exception {
        RawClient worker = available("worker", "a");
        RawClient alice = available("alice", "home");
        alice.send("<presence type='subscribe' to='worker@localhost'/>");
        presence(worker, "subscribe", "alice@localhost");
        worker.send("<presence type='subscribed' to='alice@localhost'/>");
        presence(alice, "subscribed", "worker@localhost");
        presence(alice, null, "worker@localhost/a");
        worker.send("<presence><show>away</show></presence>");
        assertThat(content(presence(alice, null, "worker@localhost/a"))).isEqualTo("<show>away</show>");
        RawClient later = login("alice", "later");
        later.send("<presence/>");
        presence(later, null, "worker@localhost/a");
        worker.cut();
        presence(alice, "unavailable", "worker@localhost/a");
        presence(later, "unavailable", "worker@localhost/a");
    }

    @Test
    void startsAgainOnTheSamePortsWithTheSubscriptionsOfBefore() throws Exception {
        RawClient worker = available("worker", "a");
        RawClient alice = available("alice", "home");
        alice.send("<presence type='subscribe' to='worker@localhost'/>");
        presence(worker, "subscribe", "alice@localhost");
        worker.send("<presence type='subscribed' to='alice@localhost'/>");
        presence(alice, null, "worker@localhost/a");
        int port = server.clientPort();
        server.kill();
        alice.awaitEnd();
        worker.awaitEnd();
        assertThat(alice.unseen()).noneMatch(s -> "worker@localhost/a".equals(s.from()));
        server.start();
        assertThat(server.clientPort()).isEqualTo(port);
        available("worker", "b");
        RawClient again = login("alice", "home");
        again.send("<presence/>");
        presence(again, null, "worker@localhost/b");
    }
}
