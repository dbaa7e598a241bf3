package org.clientproxy.proxy.settings;

/** Which nodes have a stream to the server: {@code proxy.cluster.streams}. */
public enum ClusterStreams {
    /** One at a time; another one takes its place. */
    ONE,
    /** Not this one, which is a witness. */
    NONE
}
