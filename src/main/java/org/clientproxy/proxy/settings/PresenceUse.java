package org.clientproxy.proxy.settings;

/** What the proxy does with the presence of requesters, beside what the pool needs. */
public enum PresenceUse {
    /** Users may have the proxy host in their rosters, and see whether the service is there. */
    SERVICE,
    /** What a requester tells the proxy host of its presence goes on to one resource, and what that one says comes back. */
    RELAY
}
