package org.clientproxy.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.clientproxy.xml.StanzaXml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetPresenceTest {
    private static TargetPresence of(String content) {
        return TargetPresence.of(StanzaXml.parse(
                "<presence from='worker@some.example/a' to='proxy.example'>" + content + "</presence>"));
    }

    @Test
    void readsShowPriorityAndCaps() {
        TargetPresence presence = of("<show>dnd</show><status>busy</status><priority>-5</priority>"
                + "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:n' ver='v='/>");
        assertThat(presence.type()).isEmpty();
        assertThat(presence.show()).isEqualTo("dnd");
        assertThat(presence.priority()).isEqualTo(-5);
        assertThat(presence.caps()).isEqualTo(new Caps("urn:n", "v=", "sha-1"));
    }

    @Test
    void throwsAwayWhatNoPresenceHas() {
        TargetPresence presence = of("<show>" + "x".repeat(1000) + "</show><priority>1000</priority>"
                + "<c xmlns='http://jabber.org/protocol/caps' node='" + "n".repeat(300) + "' ver='v'/>");
        assertThat(presence).isEqualTo(new TargetPresence("", presence.from(), null, 0, null));
    }

    @Test
    void readsOnlyItsOwnElements() {
        TargetPresence presence =
                of("<x xmlns='urn:x'><show>dnd</show><priority>3</priority></x><show xmlns='urn:y'>xa</show>");
        assertThat(presence).isEqualTo(new TargetPresence("", presence.from(), null, 0, null));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "' 7 ', 7", "0, 0", "-3, 0", "99999999999, 0", "two, 0", "'', 0"})
    void readsHowManyRequestsTheSessionWants(String max, int capacity) {
        TargetPresence presence = of("<capacity xmlns='urn:clientproxy:pool:0' max='" + max + "'/><show>away</show>");
        assertThat(presence.capacity()).isEqualTo(capacity);
        assertThat(presence.show()).isEqualTo("away");
    }

    @Test
    void aCapacityOfAnotherNamespaceOrDeeperDownSaysNothing() {
        TargetPresence presence = of("<capacity xmlns='urn:other' max='1'/><x xmlns='urn:clientproxy:pool:0'>"
                + "<capacity max='2'/></x><capacity xmlns='urn:clientproxy:pool:0'/>");
        assertThat(presence.capacity()).isZero();
    }
}
