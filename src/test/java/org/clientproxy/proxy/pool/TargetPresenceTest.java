package org.clientproxy.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.clientproxy.xml.StanzaXml;
import org.junit.jupiter.api.Test;

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
}
