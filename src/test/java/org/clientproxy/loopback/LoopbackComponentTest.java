package org.clientproxy.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a component sees of the loopback server (XEP-0114), and of the presence of accounts. */
class LoopbackComponentTest extends LoopbackFixture {
    private static final String WORKER = "worker@localhost";

    @Test
    void refusesAnotherDomainWithoutAnId() throws Exception {
        RawClient component = keep(RawComponent.open(server, "other.localhost"));
        assertThat(component.awaitStreamError()).isEqualTo("host-unknown");
        assertThat(component.streamId()).isEmpty();
        component.awaitEnd();
    }

    @Test
    void refusesAWrongSecret() throws Exception {
        RawClient component = keep(RawComponent.open(server, "proxy.localhost"));
        RawComponent.shakeHands(component, "wrong");
        assertThat(component.awaitStreamError()).isEqualTo("not-authorized");
        component.awaitEnd();
    }

    @Test
    void refusesASecondConnectionUntilTheFirstIsGone() throws Exception {
        RawClient first = component();
        RawClient second = keep(RawComponent.open(server, "proxy.localhost"));
        RawComponent.shakeHands(second, server.componentSecret());
        assertThat(second.awaitStreamError()).isEqualTo("conflict");
        assertThat(allOfComponent(first)).isEmpty();
        first.send("</stream:stream>");
        first.awaitEnd();
        assertThat(allOfComponent(component())).isEmpty();
    }

    @Test
    void letsTheNewestConnectionIn() throws Exception {
        server.secondComponent(SecondComponent.KICKS_THE_OLD);
        RawClient alice = login("alice", "home");
        RawClient first = component();
        RawClient second = component();
        assertThat(first.awaitStreamError()).isEqualTo("conflict");
        first.awaitEnd();
        assertThat(server.componentConnections())
                .as("the end of the old one is not the new one's")
                .isOne();
        alice.send("<iq type='get' id='1' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        assertThat(byId(second, "1").to()).isEqualTo("proxy.localhost");
        assertThat(server.componentConnections()).isOne();
    }

    @Test
    void spreadsOverAllConnectionsAtRandom() throws Exception {
        server.secondComponent(SecondComponent.SHARES);
        RawClient alice = login("alice", "home");
        RawClient first = component();
        RawClient second = component();
        for (int i = 0; i < 100; i++) {
            alice.send("<message to='proxy.localhost' id='" + i + "'/>");
        }
        List<Stanza> atFirst = new ArrayList<>();
        List<Stanza> atSecond = new ArrayList<>();
        await().until(() -> {
            atFirst.addAll(first.unseen());
            atSecond.addAll(second.unseen());
            return atFirst.size() + atSecond.size() == 100;
        });
        // That all of them go one way happens once in 10^29 runs.
        assertThat(atFirst).isNotEmpty();
        assertThat(atSecond).isNotEmpty();
    }

    @Test
    void givesEverythingToTheConnectionThatIsLeft() throws Exception {
        server.secondComponent(SecondComponent.SHARES);
        RawClient alice = login("alice", "home");
        RawClient first = component();
        RawClient second = component();
        second.cut();
        await().until(() -> server.componentConnections() == 1);
        for (int i = 0; i < 20; i++) {
            alice.send("<iq type='get' id='" + i + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            assertThat(byId(first, "" + i).from()).isEqualTo("alice@localhost/home");
        }
        first.cut();
        await().until(() -> server.componentConnections() == 0);
        alice.send("<iq type='get' id='none' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        assertThat(byId(alice, "none").type()).isEqualTo("error");
    }

    @ParameterizedTest
    @CsvSource({
        "<message to='alice@localhost'/>,invalid-from",
        "<message from='alice@localhost' to='alice@localhost'/>,invalid-from",
        "<message from='x.proxy.localhost' to='alice@localhost'/>,invalid-from",
        "<message from='proxy.localhost'/>,improper-addressing",
        "<message from='proxy.localhost' to='@'/>,improper-addressing",
        "<other from='proxy.localhost' to='localhost'/>,unsupported-stanza-type",
        "<message from='proxy.localhost' to='localhost'></iq>,not-well-formed"
    })
    void endsTheStreamForWhatAComponentMustNotSend(String xml, String condition) throws Exception {
        RawClient component = component();
        component.send(xml);
        assertThat(component.awaitStreamError()).isEqualTo(condition);
        component.awaitEnd();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.localhost",
                "node@proxy.localhost",
                "proxy.localhost/res",
                "node@proxy.localhost/r/s",
                "PROXY.localhost"
            })
    void reachesTheComponentUnderEachOfItsAddressesAsTyped(String address) throws Exception {
        RawClient component = component();
        RawClient alice = login("alice", "home");
        alice.send("<iq type='get' id='1' to='" + address + "'><q xmlns='urn:q'/></iq>");
        Stanza request = byId(component, "1");
        assertThat(request.to()).isEqualTo(address);
        component.send("<iq xmlns='jabber:component:accept' type='result' id='1' from='node@proxy.localhost/x' to='"
                + request.from() + "'><r xmlns='urn:r'/></iq>");
        Stanza answer = byId(alice, "1");
        assertThat(answer.from()).isEqualTo("node@proxy.localhost/x");
        assertThat(answer.attribute("xmlns")).isNull();
        assertThat(content(answer)).isEqualTo("<r xmlns='urn:r'/>");
    }

    @Test
    void bouncesFromTheAbsentResourceToTheComponent() throws Exception {
        RawClient component = component();
        component.send("<iq type='set' id='1' from='proxy.localhost/t' to='worker@localhost/gone'><q xmlns='q'/></iq>");
        Stanza bounce = byId(component, "1");
        assertError(bounce, "worker@localhost/gone", "service-unavailable");
        assertThat(bounce.to()).isEqualTo("proxy.localhost/t");
    }

    @Test
    void keepsARequestToSubscribeUntilTheAccountLogsIn() throws Exception {
        RawClient component = component();
        subscribe(component);
        presence(component, "unavailable", WORKER);
        RawClient worker = available("worker", "a");
        presence(worker, "subscribe", "proxy.localhost");
        subscribe(component);
        presence(component, "unavailable", WORKER);
        assertThat(all(worker)).as("the request is not repeated").isEmpty();
        worker.send("<presence type='subscribed' to='proxy.localhost'/>");
        presence(component, "subscribed", WORKER);
        presence(component, null, "worker@localhost/a");
        assertThat(allOfComponent(component)).isEmpty();
    }

    @Test
    void answersARepeatedSubscribeWithThePresences() throws Exception {
        RawClient component = component();
        RawClient worker = accepted(component);
        subscribe(component);
        presence(component, "subscribed", WORKER);
        presence(component, null, "worker@localhost/a");
        worker.send("</stream:stream>");
        presence(component, "unavailable", "worker@localhost/a");
        subscribe(component);
        presence(component, "subscribed", WORKER);
        presence(component, "unavailable", WORKER);
    }

    @Test
    void answersProbesByTheSubscription() throws Exception {
        RawClient component = component();
        RawClient worker = accepted(component);
        component.send("<presence type='probe' from='proxy.localhost' to='" + WORKER + "'/>");
        presence(component, null, "worker@localhost/a");
        worker.cut();
        presence(component, "unavailable", "worker@localhost/a");
        component.send("<presence type='probe' from='proxy.localhost' to='" + WORKER + "'/>");
        presence(component, "unavailable", WORKER);
    }

    @Test
    void forgetsTheRequestAtAProbeThatComesTooEarly() throws Exception {
        RawClient component = component();
        subscribe(component);
        component.send("<presence type='probe' from='proxy.localhost' to='" + WORKER + "'/>");
        presence(component, "unsubscribed", WORKER);
        assertThat(all(available("worker", "a"))).isEmpty();
    }

    @Test
    void ignoresAnApprovalThatNobodyAskedFor() throws Exception {
        RawClient component = component();
        RawClient worker = available("worker", "a");
        worker.send("<presence type='subscribed' to='proxy.localhost'/>");
        all(worker);
        assertThat(allOfComponent(component)).isEmpty();
    }

    @Test
    void tellsOfARevokedSubscriptionAndHidesTheSessions() throws Exception {
        RawClient component = component();
        RawClient worker = accepted(component);
        worker.send("<presence type='unsubscribed' to='proxy.localhost'/>");
        presence(component, "unsubscribed", WORKER);
        presence(component, "unavailable", "worker@localhost/a");
        worker.send("<presence><show>away</show></presence>");
        all(worker);
        assertThat(allOfComponent(component)).isEmpty();
    }

    @Test
    void withdrawsDirectedPresenceWhenTheConnectionBreaks() throws Exception {
        RawClient component = component();
        RawClient alice = login("alice", "home");
        alice.send("<presence to='proxy.localhost'/>");
        presence(component, null, "alice@localhost/home");
        alice.cut();
        presence(component, "unavailable", "alice@localhost/home");
        RawClient again = login("alice", "home");
        again.send("<presence to='proxy.localhost'/><presence type='unavailable' to='proxy.localhost'/>");
        presence(component, "unavailable", "alice@localhost/home");
        again.send("<presence/><presence type='unavailable'/>");
        all(again);
        assertThat(allOfComponent(component)).allMatch(s -> s.type() == null);
    }

    @Test
    void diesWithoutAWord() throws Exception {
        RawClient component = component();
        accepted(component);
        server.kill();
        component.awaitEnd();
        assertThat(component.unseen()).isEmpty();
    }

    @Test
    void showsWhatPassesTheComponentsLink() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        RawClient component = component();
        server.tap((direction, stanza) -> seen.add(direction + " " + stanza.id()));
        RawClient alice = login("alice", "home");
        alice.send("<iq type='get' id='1' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        byId(component, "1");
        component.send("<iq type='result' id='1' from='proxy.localhost' to='alice@localhost/home'/>");
        byId(alice, "1");
        assertThat(seen).containsExactly("TO_COMPONENT 1", "FROM_COMPONENT 1");
    }

    @Test
    void failsAsItIsTold() throws Exception {
        server.faults().streamId("");
        server.faults().refuse("resource-constraint");
        RawClient refused = keep(RawComponent.open(server, "proxy.localhost"));
        assertThat(refused.awaitStreamError()).isEqualTo("resource-constraint");
        assertThat(refused.streamId()).isEmpty();
        server.faults().refuse(null);
        server.faults().streamId(null);
        server.faults().headerExtra(" xmlns:p='urn:p'");
        server.faults().loseSubscribes(1);
        RawClient component = component();
        subscribe(component);
        assertThat(allOfComponent(component)).isEmpty();
        subscribe(component);
        presence(component, "unavailable", WORKER);
        server.inject("<iq id='injected' type='get'><p:q/></iq>");
        assertThat(content(byId(component, "injected"))).isEqualTo("<p:q/>");
        server.dropComponent("system-shutdown");
        assertThat(component.awaitStreamError()).isEqualTo("system-shutdown");
        component.awaitEnd();
        RawClient second = component();
        server.endComponentStream();
        second.awaitEnd();
        RawClient third = component();
        server.dropComponent(null);
        third.awaitEnd();
        assertThatThrownBy(() -> server.dropComponent(null)).hasMessage("no component is connected");
    }

    private static void subscribe(RawClient component) throws Exception {
        component.send("<presence type='subscribe' from='proxy.localhost' to='" + WORKER + "'/>");
    }

    /** A session of an account that has let the component see its presence. */
    private RawClient accepted(RawClient component) throws Exception {
        RawClient worker = available("worker", "a");
        subscribe(component);
        presence(worker, "subscribe", "proxy.localhost");
        worker.send("<presence type='subscribed' to='proxy.localhost'/>");
        presence(component, "unavailable", WORKER);
        presence(component, "subscribed", WORKER);
        presence(component, null, "worker@localhost/a");
        return worker;
    }
}
