package org.clientproxy.proxy;

import java.util.List;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.xmpp.Jid;

/** Who may use the proxy at all, as it is specified, for the reference model ({@code proxy.allow}, {@code proxy.deny}). */
final class ModelAccess {
    private final List<Jid> allow;
    private final List<Jid> deny;

    ModelAccess(ProxySettings settings) {
        this.allow = settings.allow();
        this.deny = settings.deny();
    }

    boolean allows(Jid user) {
        return deny.stream().noneMatch(rule -> isMeant(rule, user))
                && (allow.isEmpty() || allow.stream().anyMatch(rule -> isMeant(rule, user)));
    }

    /** Whether the rule names the address, its account, its domain, or a domain that this one is or is below. */
    private static boolean isMeant(Jid rule, Jid user) {
        String named = rule.key();
        String account = user.bare().key();
        String domain = account.substring(account.indexOf('@') + 1);
        return named.startsWith("*.")
                ? ('.' + domain).endsWith(named.substring(1))
                : List.of(domain, account, user.key()).contains(named);
    }
}
