package org.clientproxy.proxy.settings;

import java.util.Set;

/** The keys for the presence of those who write to the proxy host. */
public final class PresenceKeys {
    static final KeySection SECTION = new KeySection("Presence");

    public static final ConfigKey<Set<PresenceUse>> PRESENCE = SECTION.key(
            "proxy.presence",
            Effect.RESTART,
            Choices.someOrOff(PresenceUse.class),
            "off",
            "`service`: users may have the proxy host in their rosters and see whether the service is there; `relay`: what a"
                    + " requester tells the proxy host of its presence goes to one resource, and that one's comes back"
                    + " (docs/presence.md)");

    private PresenceKeys() {}
}
