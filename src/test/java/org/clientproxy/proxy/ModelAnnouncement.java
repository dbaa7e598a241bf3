package org.clientproxy.proxy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a session answers the question what it can, or somebody in its name, in a random run. */
enum ModelAnnouncement {
    OLD(ModelCaps.OLD),
    NEW(ModelCaps.NEW),
    NOTHING(List.of()),
    /** The same feature twice: worth nothing. */
    TWICE(null),
    ERROR(null);

    /** What it announces so; null: nothing that counts. */
    final @Nullable List<String> features;

    ModelAnnouncement(@Nullable List<String> features) {
        this.features = features;
    }

    String type() {
        return this == ERROR ? "error" : "result";
    }

    String content() {
        if (this == ERROR) {
            return "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
        }
        StringBuilder xml = new StringBuilder(
                "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' type='bot'/>");
        for (String feature : features == null ? List.of("urn:q", "urn:q2", "urn:q") : features) {
            xml.append("<feature var='").append(feature).append("'/>");
        }
        return xml.append("</query>").toString();
    }
}
