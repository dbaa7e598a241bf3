package org.clientproxy.proxy.settings;

/** Where pending requests are kept: {@code proxy.pending}. */
public enum PendingKind {
    /** In a directory {@code NAME.pending} of {@code proxy.data-dir} too. */
    FILE,
    /** In the memory only. */
    MEMORY,
    /** In the memory of this node and of another one: the keys {@code proxy.cluster.*}. */
    CLUSTER
}
