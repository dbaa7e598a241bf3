package org.clientproxy.check;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.clientproxy.proxy.pool.ResourcePatterns;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogText;
import org.clientproxy.xmpp.Stanza;

/** Which sessions the target has, as the answers to a probe show (RFC 6121 §4.3.2). One use. */
final class Sessions {
    /** After one answer the others follow at once, as far as they are of one server. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    /** So many are named. */
    private static final int NAMED = 10;

    private final ProxySettings settings;
    private final Map<String, Jid> available = new TreeMap<>();
    private boolean refused;

    Sessions(ProxySettings settings) {
        this.settings = settings;
    }

    /** Asks, and waits for the answers. */
    Sessions probe(Dialogue dialogue, Limits limits) throws InterruptedException {
        dialogue.probe(settings.target());
        long end = System.nanoTime() + limits.presences().toNanos();
        long until = end;
        for (Stanza next = dialogue.next(until); next != null && !refused; next = dialogue.next(until)) {
            if (next.kind() == Stanza.Kind.PRESENCE && next.fromJid().sameBare(settings.target())) {
                take(next);
                until = Math.min(end, System.nanoTime() + QUIET.toNanos());
            }
        }
        return this;
    }

    private void take(Stanza presence) {
        Jid from = presence.fromJid();
        if (presence.type() == null && from.isFull()) {
            available.put(from.toString(), from);
        } else if ("unavailable".equals(presence.type())) {
            available.remove(from.toString());
        } else if ("unsubscribed".equals(presence.type()) && !from.isFull()) {
            refused = true;
        }
    }

    /** Whether the account's server says that the proxy host may not see who is there. */
    boolean isRefused() {
        return refused;
    }

    /** Whether any session answered. */
    boolean isAnyThere() {
        return !available.isEmpty();
    }

    Finding finding() {
        if (available.isEmpty()) {
            return Finding.wrong(
                    Matter.SESSIONS,
                    "no session of " + settings.target() + " is available. Start an implementing client; it must send"
                            + " its presence");
        }
        ResourcePatterns patterns = new ResourcePatterns(settings.resources());
        String used = available.values().stream()
                .filter(each -> patterns.isEmpty() || patterns.match(each))
                .map(each -> LogText.of(each.resource()))
                .limit(NAMED)
                .collect(Collectors.joining(", "));
        if (used.isEmpty()) {
            String all = available.values().stream()
                    .map(each -> LogText.of(each.resource()))
                    .limit(NAMED)
                    .collect(Collectors.joining(", "));
            return Finding.wrong(
                    Matter.SESSIONS,
                    "none of the sessions of " + settings.target() + " matches proxy.resources ("
                            + String.join(", ", settings.resources()) + "): " + all
                            + ". Correct proxy.resources, or the resource that the implementing clients ask for");
        }
        long count = available.values().stream()
                .filter(each -> patterns.isEmpty() || patterns.match(each))
                .count();
        String rest = count == available.size() ? "" : " (of " + available.size() + "; the others do not match proxy.resources)";
        return Finding.ok(Matter.SESSIONS, count + rest + ": " + used + (count > NAMED ? ", …" : ""));
    }
}
