package org.clientproxy.proxy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.clientproxy.xmpp.Jid;

/** Who may send requests: {@code proxy.allow} and {@code proxy.deny}, by domain, bare address or full address. */
final class AccessRules {
    private final Set<String> allow = new HashSet<>();
    private final Set<String> deny = new HashSet<>();

    AccessRules(List<Jid> allow, List<Jid> deny) {
        allow.forEach(jid -> this.allow.add(jid.key()));
        deny.forEach(jid -> this.deny.add(jid.key()));
    }

    /** Whether neither list says anything, so that everyone may. */
    boolean isOpen() {
        return allow.isEmpty() && deny.isEmpty();
    }

    /** Denial is stronger; an empty {@code allow} allows everyone. */
    boolean allows(Jid requester) {
        return isOpen() || !matches(deny, requester) && (allow.isEmpty() || matches(allow, requester));
    }

    private static boolean matches(Set<String> rules, Jid requester) {
        if (rules.isEmpty()) {
            return false;
        }
        String bare = requester.bare().key();
        return rules.contains(requester.key())
                || rules.contains(bare)
                || rules.contains(bare.substring(bare.indexOf('@') + 1));
    }
}
