package org.clientproxy.proxy.settings;

import java.util.List;
import org.clientproxy.xmpp.Jid;

/** The keys for requests that resources send to requesters. */
public final class ReverseKeys {
    static final KeySection SECTION = new KeySection("Requests that resources begin");

    public static final ConfigKey<Boolean> REVERSE = SECTION.key(
            "proxy.reverse",
            Effect.NOW,
            Choices.onOff(),
            "on",
            "whether a session of the target may send requests to those who wrote to the proxy host, at the address from"
                    + " which their requests come to it");
    public static final ConfigKey<List<Jid>> REACH = SECTION.optional(
            "proxy.reach",
            Effect.NOW,
            Addresses.rules(),
            "nobody",
            "whom a session of the target may ask by name, as `user\\40domain@PROXY HOST`, though they never wrote: domains,"
                    + " bare or full addresses, or `*.domain`, separated by commas, and the word `subscribers` for those who have the"
                    + " proxy host in their rosters; `proxy.deny` and `proxy.allow` apply too");

    private ReverseKeys() {}
}
