package org.clientproxy.proxy.settings;

/** Which nodes have a stream to the server: {@code proxy.cluster.streams}. */
public enum ClusterStreams {
    /** One at a time; another one takes its place. */
    ONE,
    /** Each; the server gives each stanza to any of them. */
    ALL,
    /** Not this one, which is a witness. */
    NONE
}
