package org.clientproxy.proxy.pool;

import java.util.Set;

/**
 * What a session has announced that it can (XEP-0030), as far as that is known. Immutable.
 *
 * @param namespaces the features; empty where nothing is known
 */
public record AnnouncedFeatures(Knowledge knowledge, Set<String> namespaces) {
    /** How it is known. */
    public enum Knowledge {
        /** It is not known yet. */
        UNKNOWN,
        /** The session did not say, or said nothing that can be believed. */
        NONE,
        /** By a hash in its presence, which stands for these features (XEP-0115). */
        VERIFIED,
        /** By its own word, which is taken for this session alone. */
        SESSION
    }

    /** Nothing is known yet. */
    public static final AnnouncedFeatures UNKNOWN = new AnnouncedFeatures(Knowledge.UNKNOWN, Set.of());

    /** The session announces nothing. */
    public static final AnnouncedFeatures NONE = new AnnouncedFeatures(Knowledge.NONE, Set.of());

    /** Whether it is not known yet. */
    public boolean isUnknown() {
        return knowledge == Knowledge.UNKNOWN;
    }

    /** Whether this namespace is among them. */
    public boolean include(String namespace) {
        return namespaces.contains(namespace);
    }
}
