package org.clientproxy.proxy.routes;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.clientproxy.proxy.settings.Addresses;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.xmpp.Jid;

/**
 * Who may send requests: {@code proxy.allow} and {@code proxy.deny}. A rule is a domain, a domain with all below it
 * ({@code *.some.example}), a bare address with all its sessions, or a full address. Used on one thread at a time.
 */
public final class AccessRules implements Adjustable {
    private Rules allow;
    private Rules deny;

    public AccessRules(List<Jid> allow, List<Jid> deny) {
        this.allow = new Rules(allow);
        this.deny = new Rules(deny);
    }

    @Override
    public void adjust(ProxySettings now) {
        allow = new Rules(now.allow());
        deny = new Rules(now.deny());
    }

    /** Whether neither list says anything, so that everyone may. */
    boolean isOpen() {
        return allow.isEmpty() && deny.isEmpty();
    }

    /** Denial is stronger; an empty {@code allow} allows everyone. */
    public boolean allows(Jid requester) {
        return isOpen() || !deny.match(requester) && (allow.isEmpty() || allow.match(requester));
    }

    /** One of the two lists. */
    private static final class Rules {
        private final Set<String> exact = new HashSet<>();
        private final Set<String> below = new HashSet<>();

        Rules(List<Jid> rules) {
            for (Jid rule : rules) {
                if (rule.domain().startsWith(Addresses.BELOW)) {
                    below.add(Jid.parse(rule.domain().substring(Addresses.BELOW.length()))
                            .key());
                } else {
                    exact.add(rule.key());
                }
            }
        }

        boolean isEmpty() {
            return exact.isEmpty() && below.isEmpty();
        }

        /** The key is the spelling in which A-labels and U-labels, wide and narrow, capital and small letters are the same. */
        boolean match(Jid requester) {
            if (isEmpty()) {
                return false;
            }
            String bare = requester.bare().key();
            String domain = bare.substring(bare.indexOf('@') + 1);
            return exact.contains(domain)
                    || exact.contains(bare)
                    || exact.contains(requester.key())
                    || !below.isEmpty() && isBelow(domain);
        }

        private boolean isBelow(String domain) {
            int from = 0;
            do {
                if (below.contains(domain.substring(from))) {
                    return true;
                }
                from = domain.indexOf('.', from) + 1;
            } while (from > 0);
            return false;
        }
    }
}
