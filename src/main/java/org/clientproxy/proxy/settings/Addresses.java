package org.clientproxy.proxy.settings;

import java.util.List;
import org.clientproxy.xmpp.Jid;

/** Values that are addresses, which are used as servers prepare them. */
public final class Addresses {
    /** What stands before a domain of {@code proxy.allow} or {@code proxy.deny} that is meant with all below it. */
    public static final String BELOW = "*.";

    /** In {@code proxy.reach}: those who have the proxy host in their rosters. No domain has this name. */
    public static final Jid SUBSCRIBERS = Jid.parse("subscribers");

    private Addresses() {}

    /** Domains, bare and full addresses, and {@code *.domain} for a domain with all below it. */
    public static List<Jid> rules(String text) {
        return Texts.items(text).stream().map(Addresses::rule).toList();
    }

    static ValueType<List<Jid>> rules() {
        return new ValueType<>(
                Addresses::rules,
                "addresses, domains, and *.domain for a domain with all below it, separated by commas");
    }

    static ValueType<Jid> domain() {
        return new ValueType<>(
                text -> {
                    Jid jid = Jid.normalised(text);
                    if (isNoDomain(jid)) {
                        throw new IllegalArgumentException("an address, not a domain");
                    }
                    return jid;
                },
                "the domain of the component, such as proxy.example.org");
    }

    static ValueType<Jid> account() {
        return new ValueType<>(
                text -> {
                    Jid jid = Jid.normalised(text);
                    if (jid.local() == null || jid.isFull()) {
                        throw new IllegalArgumentException("not a bare address");
                    }
                    return jid;
                },
                "the bare address of an account, such as worker@example.org");
    }

    private static Jid rule(String text) {
        Jid rule = Jid.normalised(text);
        String domain = rule.domain();
        boolean below = domain.startsWith(BELOW);
        if ("*".equals(rule.local()) || domain.indexOf('*', below ? 1 : 0) >= 0 || below && isNoDomain(rule)) {
            throw new IllegalArgumentException("a * stands for something in *.domain only, at " + text);
        }
        return rule;
    }

    private static boolean isNoDomain(Jid jid) {
        return jid.local() != null || jid.isFull();
    }
}
