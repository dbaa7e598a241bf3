package org.clientproxy.proxy.presence;

import java.util.List;
import java.util.Objects;
import org.clientproxy.proxy.pool.Caps;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;
import org.jspecify.annotations.Nullable;

/**
 * How the service shows itself to those who have it in their rosters. It does not say how many resources there are.
 *
 * @param available whether there is somebody who can be asked
 * @param show that of the resource which shows itself nearest at hand, where each has one; null: available without more
 * @param caps what the service announces that it is and can; null: nothing (XEP-0115)
 */
public record ShownPresence(
        boolean available, @Nullable String show, @Nullable Caps caps) {
    public static final ShownPresence UNAVAILABLE = new ShownPresence(false, null, null);

    /** The best first: a resource that shows none of these is better than each of them. */
    private static final List<String> BEST_FIRST = List.of("away", "xa", "dnd");

    /**
     * That of a service of these resources.
     *
     * @param own what the proxy host answers itself to those who ask what it is; null: one of the resources answers that, so it
     *     is what they announce, where all announce the same
     */
    public static ShownPresence of(List<PooledResource> resources, @Nullable Caps own) {
        if (resources.isEmpty()) {
            return UNAVAILABLE;
        }
        Caps caps = resources.get(0).caps();
        int best = BEST_FIRST.size();
        for (PooledResource resource : resources) {
            best = Math.min(best, resource.show() == null ? -1 : BEST_FIRST.indexOf(resource.show()));
            if (!Objects.equals(caps, resource.caps())) {
                caps = null;
            }
        }
        return new ShownPresence(true, best < 0 ? null : BEST_FIRST.get(best), own == null ? caps : own);
    }

    /** The stanza that shows it. */
    Stanza stanza(Jid from, Jid to) {
        return Stanza.of(
                Stanza.Kind.PRESENCE,
                available ? null : "unavailable",
                null,
                from.toString(),
                to.toString(),
                content());
    }

    private String content() {
        StringBuilder xml = new StringBuilder();
        if (show != null) {
            xml.append("<show>").append(show).append("</show>");
        }
        if (caps != null) {
            xml.append("<c xmlns='").append(Namespaces.CAPS).append('\'');
            attribute(" hash=", caps.hash(), xml);
            attribute(" node=", caps.node(), xml);
            attribute(" ver=", caps.ver(), xml);
            xml.append("/>");
        }
        return xml.toString();
    }

    private static void attribute(String name, @Nullable String value, StringBuilder out) {
        if (value != null) {
            XmlText.attribute(value, out.append(name));
        }
    }

    /** In a word, for an operator. */
    public String word() {
        return !available ? "unavailable" : show == null ? "available" : show;
    }
}
